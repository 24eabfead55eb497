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
    const refused = 'cloudmon_collector_metrics_refused_total';
    const duration = 'cloudmon_collector_ingest_duration_seconds';
    return [
      oneSample(
        'counter',
        'cloudmon_collector_metrics_ingested_total',
        'Pushed metrics that were taken.',
        this.#ingested,
      ),
      {
        name: refused,
        type: 'counter',
        help: 'Pushed metrics that were refused, by reason. What was refused unread counts as one.',
        samples: this.#refused.samples(refused),
      },
      {
        name: duration,
        type: 'histogram',
        help: 'Time from a body that came whole to its answer.',
        samples: this.#durations.samples(duration),
      },
    ];
  }
}
