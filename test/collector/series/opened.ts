/** Series with a clock that a test moves, and what clients say to them. */
import { openAdmission } from '../../../src/collector/intake/admission.ts';
import { keyed } from '../../../src/collector/series/labels.ts';
import { type CollectorSeries, openSeries } from '../../../src/collector/series/series.ts';
import type { CollectorSettings } from '../../../src/collector/settings.ts';
import type { FamilyType } from '../../../src/exposition/family.ts';
import type { Page } from '../../../src/http/routes.ts';
import { FakeClock } from '../../fake-clock.ts';

export type Opened = CollectorSeries & {
  readonly clock: FakeClock;
  /** Limits that were reached. */
  readonly caps: readonly string[];
  readonly get: (path: string, query?: string) => Promise<Page & { readonly text: string }>;
  readonly post: (body: string | object, contentType?: string) => Promise<Page & { readonly said: unknown }>;
  /** One value for each collect interval, the last one now. */
  readonly fill: (name: string, labels: Labels, values: readonly number[], type?: FamilyType) => void;
  /** Of our own instruments: the lines that end in a number other than 0. */
  readonly counted: () => readonly string[];
  readonly drain: () => void;
};

type Labels = Readonly<Record<string, string>>;

const settings: CollectorSettings = {
  address: '127.0.0.1',
  port: 0,
  historyMs: 1_800_000,
  cleanupIntervalMs: 300_000,
  metricsMax: 1_000,
  rate: 1_000_000,
  collectIntervalMs: 15_000,
  pointsPerSeriesMax: 5_760,
  seriesMax: 10_000,
  pointsMax: 2_000_000,
  namesMax: 1_000,
  environment: 'production',
  hashIps: false,
  sources: [],
};

export function opened(own: Partial<CollectorSettings> = {}): Opened {
  const clock = new FakeClock();
  const caps: string[] = [];
  const all = { ...settings, ...own };
  const admission = openAdmission(() => all, clock);
  const journal = { capped: (cap: string) => void caps.push(cap) };
  const series = openSeries({ settings: () => all, clock, journal, admission });

  return {
    ...series,
    clock,
    caps,
    drain: admission.drain,
    get: async (path, query = '') => {
      const page = await series.routes.get(path)?.({ path, query, accept: '' });
      if (!page) throw new Error(`no ${path}`);
      return { ...page, text: String(page.body) };
    },
    post: async (body, contentType = 'application/json') => {
      const intake = series.intakes.get('/api/samples');
      const head = { path: '/api/samples', query: '', address: '192.0.2.1', contentType };
      const admitted = intake?.admit(head) ?? 0;
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      const page = typeof admitted === 'number' ? await intake?.take(head, Buffer.from(text)) : admitted;
      if (!page) throw new Error('no intake');
      return { ...page, said: JSON.parse(String(page.body)) };
    },
    fill: (name, labels, values, type = 'gauge') => {
      const metric = { name, family: name, type, unit: '', help: '' };
      values.forEach((value, index) => {
        const timeMs = clock.now() - (values.length - 1 - index) * all.collectIntervalMs;
        series.store.record(metric, keyed(labels), value, timeMs);
      });
    },
    counted: () =>
      series
        .families()
        .flatMap(({ samples }) => samples)
        .filter(({ value }) => value !== 0)
        .map(({ name, labels, value }) => `${[name, ...Object.values(labels)].join(' ')}: ${value}`),
  };
}
