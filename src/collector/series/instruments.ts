/** How the series are doing. */
import { Counts } from '../../exposition/counts.ts';
import { Durations, latencyBounds } from '../../exposition/durations.ts';
import { type Family, noLabels, oneSample } from '../../exposition/family.ts';
import { refusals } from './recorded.ts';
import type { SeriesStore } from './store.ts';

/**
 * `invalid`: came with something that is no sample, so none of them was taken. `late`: a source brought
 * it while too much of before was not stored yet.
 */
export const sampleRefusals = [...refusals, 'invalid', 'late'] as const;
type SampleRefusal = (typeof sampleRefusals)[number];

export class SeriesInstruments {
  readonly #store: SeriesStore;
  readonly #refused = new Counts<SampleRefusal>(sampleRefusals, (reason) => ({ reason }));
  readonly #aggregations = new Durations(latencyBounds, noLabels);
  #recorded = 0;

  constructor(store: SeriesStore) {
    this.#store = store;
  }

  recorded(): void {
    this.#recorded++;
  }

  refused(reason: SampleRefusal, count = 1): void {
    this.#refused.add(reason, count);
  }

  aggregated(durationMs: number): void {
    this.#aggregations.add(durationMs);
  }

  families(): readonly Family[] {
    const { seriesCount, pointsCount } = this.#store;
    return [
      oneSample('gauge', 'cloudmon_collector_series', 'Series that are kept.', seriesCount),
      oneSample('gauge', 'cloudmon_collector_series_points', 'Points of all series.', pointsCount),
      oneSample(
        'counter',
        'cloudmon_collector_samples_recorded_total',
        'Samples recorded, from sources, pushed and rolled up.',
        this.#recorded,
      ),
      this.#refused.family(
        'cloudmon_collector_samples_refused_total',
        'Samples that were not recorded, by reason.',
      ),
      this.#aggregations.family(
        'cloudmon_collector_aggregation_duration_seconds',
        'How long pages of aggregated metrics took to make.',
      ),
    ];
  }
}
