/** The window as nobody would build it: an array of objects, everything counted anew each time. */
import { exactSum } from './exact-sum.ts';

export type Pushed = {
  readonly timeMs: number;
  readonly service: string;
  readonly path?: string;
  readonly ip?: string;
  readonly statusCode?: number;
  readonly latencyMs?: number;
};

type NamesOf = 'service' | 'path' | 'ip';

export class NaiveWindow {
  rows: Pushed[] = [];
  evicted = 0;
  readonly #historyMs: number;
  readonly #metricsMax: number;
  readonly #namesMax: number;

  constructor(historyMs: number, metricsMax: number, namesMax: number) {
    this.#historyMs = historyMs;
    this.#metricsMax = metricsMax;
    this.#namesMax = namesMax;
  }

  /** Names are taken before room is made. */
  add(metric: Pushed): void {
    const row = {
      ...metric,
      service: this.#named('service', metric.service),
      ...(metric.path !== undefined && { path: this.#named('path', metric.path) }),
      ...(metric.ip !== undefined && { ip: this.#named('ip', metric.ip) }),
    };
    if (this.rows.length >= this.#metricsMax) {
      this.rows.shift();
      this.evicted++;
    }
    this.rows.push(row);
  }

  expire(nowMs: number): number {
    const before = this.rows.length;
    this.rows = this.rows.filter(({ timeMs }) => timeMs >= nowMs - this.#historyMs);
    return before - this.rows.length;
  }

  /** As `/api/stats` has it, without the times. */
  stats(): object {
    return {
      total_requests: this.rows.length,
      requests_by_service: counted(this.rows.map(({ service }) => service)),
      requests_by_ip: counted(this.rows.map(({ ip }) => ip)),
      requests_by_path: counted(this.rows.map(({ path }) => path)),
      average_latency_ms: average(this.rows),
      status_code_counts: counted(this.rows.map(({ statusCode }) => statusCode)),
      unique_ips: distinct(this.rows.map(({ ip }) => ip)),
    };
  }

  /** As `/api/services` has it. */
  services(): object {
    const services = Object.keys(counted(this.rows.map(({ service }) => service)));
    const pages = services.map((name) => {
      const rows = this.rows.filter(({ service }) => service === name);
      const page = {
        total_requests: rows.length,
        unique_ips: distinct(rows.map(({ ip }) => ip)),
        avg_latency: average(rows),
        paths: counted(rows.map(({ path }) => path)),
      };
      return [name, page] as const;
    });
    return Object.fromEntries(pages);
  }

  #named(field: NamesOf, text: string): string {
    if (this.#namesMax === Number.POSITIVE_INFINITY) return text;
    const held = new Set(this.rows.map((row) => row[field]).filter((name) => name !== 'other'));
    held.delete(undefined);
    return held.has(text) || held.size < this.#namesMax ? text : 'other';
  }
}

/** The most first, then by name. */
function counted<T extends string | number>(names: readonly (T | undefined)[]): Record<string, number> {
  const counts = new Map<T, number>();
  for (const name of names) if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1);
  const sorted = [...counts].sort(([a, most], [b, more]) => more - most || (a < b ? -1 : 1));
  return Object.fromEntries(sorted);
}

function average(rows: readonly Pushed[]): number {
  const latencies = rows.map(({ latencyMs }) => latencyMs).filter((latencyMs) => latencyMs !== undefined);
  return latencies.length === 0 ? 0 : Number((exactSum(latencies) / latencies.length).toFixed(6));
}

function distinct(names: readonly (string | undefined)[]): number {
  return new Set(names.filter((name) => name !== undefined)).size;
}
