/**
 * What was pushed about services, as series: a deployment is a service in an environment.
 *
 * They take half of all series at most, so that sources and samples find room whatever services are named.
 */
import { limits } from '../../model/limits.ts';
import type { Interval } from '../interval.ts';
import { deploymentMetrics as metrics } from './documented.ts';
import { type Keyed, keyed } from './labels.ts';
import type { Metric } from './metric.ts';
import type { RecordSample } from './recorded.ts';

type Known = { readonly labels: Keyed; lastMs: number };

type Parts = {
  readonly record: RecordSample;
  readonly remove: (metric: string, labels: string) => void;
  /** There is no room for a deployment. */
  readonly onFull: () => void;
  readonly historyMs: number;
  /** How long its series are kept. */
  readonly retentionMs: number;
  readonly seriesMax: number;
};

export class Deployments {
  readonly #parts: Parts;
  readonly #countMax: number;
  /** Those that may have series, the one that was silent for longest first. */
  readonly #known = new Map<string, Known>();
  #activeCount = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#countMax = Math.max(1, Math.floor(parts.seriesMax / 2 / Object.keys(metrics).length));
  }

  /** With a metric within the history. */
  get activeCount(): number {
    return this.#activeCount;
  }

  /**
   * A deployment that was silent in this interval has a request rate of 0, and nothing else is known of
   * it; after the history nothing is recorded of it.
   *
   * @param elapsedMs how long the interval was
   */
  add(intervals: readonly Interval[], timeMs: number, elapsedMs: number): void {
    const { historyMs, retentionMs, record, onFull } = this.#parts;
    for (const interval of intervals) {
      if (!this.#addOne(interval, timeMs, elapsedMs)) onFull();
    }
    this.#activeCount = 0;
    for (const [key, { labels, lastMs }] of this.#known) {
      if (lastMs < timeMs - Math.max(historyMs, retentionMs)) this.#known.delete(key);
      if (lastMs < timeMs - historyMs) continue;
      this.#activeCount++;
      if (lastMs !== timeMs) record(metrics.requestRate, labels, 0, timeMs);
    }
  }

  /** Whether it is one of those that may have series. */
  #addOne(interval: Interval, timeMs: number, elapsedMs: number): boolean {
    const { service, environment, requests, answered, errors, latency, replicas } = interval;
    const key = `${service.length}:${service}${environment}`;
    const known = this.#known.get(key);
    if (!known && !this.#makeRoom(timeMs)) return false;
    const labels = known?.labels ?? keyed({ deployment_id: service, environment });
    const record = (metric: Metric, value: number) => this.#parts.record(metric, labels, value, timeMs);
    // Where there is no room for it, nothing is kept about it here either.
    if (record(metrics.requestRate, (requests * 1000) / elapsedMs) !== 'recorded') return true;
    // Behind all others.
    this.#known.delete(key);
    this.#known.set(key, { labels, lastMs: timeMs });
    if (replicas > 0) record(metrics.replicas, replicas);
    if (answered > 0) record(metrics.errorRate, errors / answered);
    if (!latency) return true;
    record(metrics.latency, latency.meanMs);
    record(metrics.latencyP50, latency.p50Ms);
    record(metrics.latencyP95, latency.p95Ms);
    record(metrics.latencyP99, latency.p99Ms);
    return true;
  }

  /** Lets the one that was silent for longest give way, where it was silent for long. */
  #makeRoom(timeMs: number): boolean {
    if (this.#known.size < this.#countMax) return true;
    const [oldest] = this.#known;
    if (!oldest) return true;
    const [key, { labels, lastMs }] = oldest;
    if (lastMs > timeMs - Math.max(this.#parts.historyMs, limits.silentMsMin)) return false;
    for (const { name } of Object.values(metrics)) this.#parts.remove(name, labels.key);
    return this.#known.delete(key);
  }
}
