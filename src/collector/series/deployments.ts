/** What was pushed about services, as series: a deployment is a service in an environment. */
import type { Interval } from '../interval.ts';
import { deploymentMetrics as metrics } from './documented.ts';
import { type Keyed, keyed } from './labels.ts';
import type { Metric } from './metric.ts';
import type { RecordSample } from './store.ts';

type Known = { readonly labels: Keyed; lastMs: number };

export class Deployments {
  readonly #record: RecordSample;
  readonly #historyMs: number;
  /** Those with a metric within the history; as many as have series at most. */
  readonly #known = new Map<string, Known>();

  constructor(record: RecordSample, historyMs: number) {
    this.#record = record;
    this.#historyMs = historyMs;
  }

  get activeCount(): number {
    return this.#known.size;
  }

  /**
   * A deployment that was silent in this interval has a request rate of 0, and nothing else is known of
   * it; after the history it is not known at all.
   *
   * @param elapsedMs how long the interval was
   */
  add(intervals: readonly Interval[], timeMs: number, elapsedMs: number): void {
    for (const interval of intervals) this.#addOne(interval, timeMs, elapsedMs);
    for (const [key, { labels, lastMs }] of this.#known) {
      if (lastMs === timeMs) continue;
      if (lastMs < timeMs - this.#historyMs) this.#known.delete(key);
      else this.#record(metrics.requestRate, labels, 0, timeMs);
    }
  }

  #addOne(interval: Interval, timeMs: number, elapsedMs: number): void {
    const { service, environment, requests, answered, errors, latency, replicas } = interval;
    const key = `${service.length}:${service}${environment}`;
    const labels = this.#known.get(key)?.labels ?? keyed({ deployment_id: service, environment });
    const record = (metric: Metric, value: number) => this.#record(metric, labels, value, timeMs);
    // Where there is no room for it, nothing is kept about it here either.
    if (record(metrics.requestRate, (requests * 1000) / elapsedMs) !== 'recorded') return;
    this.#known.set(key, { labels, lastMs: timeMs });
    if (replicas > 0) record(metrics.replicas, replicas);
    if (answered > 0) record(metrics.errorRate, errors / answered);
    if (!latency) return;
    record(metrics.latency, latency.meanMs);
    record(metrics.latencyP50, latency.p50Ms);
    record(metrics.latencyP95, latency.p95Ms);
    record(metrics.latencyP99, latency.p99Ms);
  }
}
