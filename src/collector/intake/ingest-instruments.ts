/** What was taken in, what was not and why, and how long it took. */
import { Counts } from '../../exposition/counts.ts';
import { Durations, latencyBounds } from '../../exposition/durations.ts';
import { type Family, noLabels, oneSample } from '../../exposition/family.ts';

/** Why metrics were refused: a closed list, and a label. */
const reasons = [
  'invalid',
  'malformed',
  'too_large',
  'unsupported_type',
  'rate_limited',
  'overloaded',
  'draining',
] as const;
export type RefusalReason = (typeof reasons)[number];

export class IngestInstruments {
  #ingested = 0;
  readonly #refused = new Counts<RefusalReason>(reasons, (reason) => ({ reason }));
  readonly #durations = new Durations(latencyBounds, noLabels);

  ingested(count: number): void {
    this.#ingested += count;
  }

  refused(reason: RefusalReason, count: number): void {
    this.#refused.add(reason, count);
  }

  took(durationMs: number): void {
    this.#durations.add(durationMs);
  }

  get accepted(): number {
    return this.#ingested;
  }

  get refusals(): ReadonlyMap<string, number> {
    const samples = this.#refused.samples('');
    return new Map(samples.map(({ labels, value }) => [labels['reason'] ?? '', value]));
  }

  families(): readonly Family[] {
    return [
      oneSample(
        'counter',
        'cloudmon_collector_metrics_ingested_total',
        'Pushed metrics that were taken.',
        this.#ingested,
      ),
      this.#refused.family(
        'cloudmon_collector_metrics_refused_total',
        'Pushed metrics that were refused, by reason. What was refused unread counts as one.',
      ),
      this.#durations.family(
        'cloudmon_collector_ingest_duration_seconds',
        'Time from a body that came whole to its answer.',
      ),
    ];
  }
}
