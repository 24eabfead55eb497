/** Reads a body twice, once with and once without the short way over bytes: both must do the same. */

import { spanAt } from '../../../src/collector/intake/metric.ts';
import { MetricBatch } from '../../../src/collector/intake/metric-batch.ts';
import { Reading } from '../../../src/collector/intake/reading.ts';
import type { MetricStore } from '../../../src/collector/intake/staged-rows.ts';
import type { Ingested } from '../../../src/collector/journal.ts';
import { Names } from '../../../src/collector/window/names.ts';

const nowMs = Date.parse('2026-02-04T17:10:00Z');

const span = spanAt(nowMs, 1_800_000);

/** Tells rows apart, and gives every name back. */
class Store implements MetricStore {
  readonly services = names();
  readonly paths = names();
  readonly ips = names();
  readonly environments = names();
  readonly instances = names();
  readonly peers = names();
  rows: string[] = [];

  readonly add: MetricStore['add'] = (
    timeMs,
    latencyMs,
    status,
    service,
    path,
    ip,
    environment,
    instance,
    peer,
  ) => {
    const { services, paths, ips, environments, instances, peers } = this;
    const texts = [services.text(service), paths.text(path), ips.text(ip)];
    texts.push(environments.text(environment), instances.text(instance), peers.text(peer));
    this.rows.push(`${timeMs} ${latencyMs} ${Object.is(latencyMs, -0)} ${status} ${texts.join('\n')}`);
    services.drop(service);
    paths.drop(path);
    ips.drop(ip);
    environments.drop(environment);
    instances.drop(instance);
    peers.drop(peer);
  };

  get held(): number {
    const { services, paths, ips, environments, instances, peers } = this;
    return services.count + paths.count + ips.count + environments.count + instances.count + peers.count;
  }
}

function names(): Names {
  return new Names(50_000, 5_000_000, () => undefined);
}

class ByBytes extends MetricBatch {
  /** How many metrics were read without parsing. */
  count = 0;
  /** Whether one was in this body, right or not. */
  isShort = false;

  override read(start: number, isLine: boolean): number {
    const end = super.read(start, isLine);
    this.isShort ||= end >= 0;
    return end;
  }

  override keep(): void {
    this.count++;
    super.keep();
  }
}

class ByParsing extends MetricBatch {
  override read(): number {
    return -1;
  }
}

export type Alike = {
  /** Throws where the two ways differ, or where something stays behind. */
  readonly read: (contentType: string, body: Buffer) => 'taken' | 'refused';
  /** How many metrics were read by their bytes. */
  readonly plainCount: () => number;
};

export function alike(): Alike {
  const methods: (string | undefined)[] = [];
  const journal = {
    hearsIngested: () => true,
    ingested: ({ method }: Ingested) => void methods.push(method),
  };
  const [one, other] = [new Store(), new Store()];
  const byBytes = new ByBytes(one, journal);
  const byParsing = new ByParsing(other, journal);

  const outcome = (batch: MetricBatch, store: Store, contentType: string, body: Buffer): string => {
    store.rows = [];
    methods.length = 0;
    batch.open(body, '192.0.2.1', 'production', span);
    const reading = new Reading(contentType, body, batch);
    while (reading.step());
    const { refusal, count, isBatch, isRefused, charge } = reading;
    while (isRefused ? batch.drop() : batch.store());
    batch.close();
    if (store.held !== 0) throw new Error(`${store.held} names stay behind ${shown(contentType, body)}`);
    if (isRefused && store.rows.length > 0) throw new Error(`half stored: ${shown(contentType, body)}`);
    const answer = refusal ? `${refusal.status} ${refusal.body}` : 'taken';
    return `${answer} ${count} ${charge} ${isBatch} ${store.rows.join(' | ')} ${methods.join(' | ')}`;
  };

  return {
    read: (contentType, body) => {
      byBytes.isShort = false;
      const fast = outcome(byBytes, one, contentType, body);
      // Where all was declined, all was parsed.
      const slow = byBytes.isShort ? outcome(byParsing, other, contentType, body) : fast;
      if (fast !== slow) throw new Error(`${shown(contentType, body)}\nby bytes: ${fast}\nparsed:   ${slow}`);
      return fast.startsWith('taken') ? 'taken' : 'refused';
    },
    plainCount: () => byBytes.count,
  };
}

function shown(contentType: string, body: Buffer): string {
  return `${contentType} ${JSON.stringify(body.toString('latin1'))}`;
}
