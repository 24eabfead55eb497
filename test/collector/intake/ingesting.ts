/** An ingest on a real window, with a clock that the test moves. */

import { openAdmission } from '../../../src/collector/intake/admission.ts';
import { type IngestParts, openIngest } from '../../../src/collector/intake/ingest.ts';
import type { Ingested } from '../../../src/collector/journal.ts';
import { Window } from '../../../src/collector/window/window.ts';
import type { Page } from '../../../src/http/routes.ts';
import { FakeClock } from '../../fake-clock.ts';

const startMs = Date.parse('2026-02-04T17:10:00Z');

const types = { json: 'application/json', lines: 'application/x-ndjson' } as const;

const addressOfAll = '192.0.2.1';

export function ingesting(changes: { readonly rate?: number; readonly hears?: boolean } = {}) {
  const clock = new FakeClock(startMs);
  const settings = {
    historyMs: 1_800_000,
    metricsMax: 1_000_000,
    namesMax: 50_000,
    hashIps: false,
    environment: 'production',
    rate: changes.rate ?? 1_000_000,
  };
  const window = new Window(settings, clock, () => undefined);
  const heard: Ingested[] = [];
  const journal = {
    hearsIngested: () => changes.hears === true,
    ingested: (metric: Ingested) => void heard.push(metric),
  };
  const admission = openAdmission(() => settings, clock);
  const parts: IngestParts = { settings: () => settings, window, admission, clock, journal };
  const ingest = openIngest(parts);
  const head = (contentType: string, address = addressOfAll) => ({
    path: '/api/ingest',
    query: '',
    address,
    contentType,
  });
  return {
    ...ingest,
    clock,
    settings,
    window,
    admission,
    heard,
    admit: (contentType: string, address?: string) => ingest.intake.admit(head(contentType, address)),
    /** Whether or not it would be let in. */
    send: async (type: keyof typeof types, body: string | Buffer, address = addressOfAll): Promise<Page> => {
      admission.admit(address);
      return ingest.intake.take(head(types[type], address), Buffer.from(body));
    },
    /** Names that somebody holds. */
    held: () => {
      const { services, paths, ips, environments, instances, peers } = window;
      return [services, paths, ips, environments, instances, peers].reduce(
        (sum, { count }) => sum + count,
        0,
      );
    },
  };
}

/** What is told of one wrong thing. */
export function refused(field: string, message: string, index = 0): string {
  const errors = [{ index, field, message }];
  return JSON.stringify({ success: false, message: `${field}: ${message}`, errors });
}
