/** How the series are doing. */
import { Counts } from '../../exposition/counts.ts';
import { Durations, latencyBounds } from '../../exposition/durations.ts';
import type { Family, Labels } from '../../exposition/family.ts';
import { refusals } from './recorded.ts';
import type { SeriesStore } from './store.ts';

/**
 * `invalid`: came with something that is no sample, so none of them was taken. `late`: a source brought
 * it while too much of before was not stored yet.
 */
export const sampleRefusals = [...refusals, 'invalid', 'late'] as const;
type SampleRefusal = (typeof sampleRefusals)[number];

const noLabels: Labels = {};

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
    const name = (text: string) => `cloudmon_collector_${text}`;
    const one = (type: 'counter' | 'gauge', text: string, help: string, value: number): Family => ({
      name: name(text),
      type,
      help,
      samples: [{ name: name(text), labels: noLabels, value }],
    });
    const refused = name('samples_refused_total');
    const durations = name('aggregation_duration_seconds');
    return [
      one('gauge', 'series', 'Series that are kept.', this.#store.seriesCount),
      one('gauge', 'series_points', 'Points of all series.', this.#store.pointsCount),
      one(
        'counter',
        'samples_recorded_total',
        'Samples recorded, from sources, pushed and rolled up.',
        this.#recorded,
      ),
      {
        name: refused,
        type: 'counter',
        help: 'Samples that were not recorded, by reason.',
        samples: this.#refused.samples(refused),
      },
      {
        name: durations,
        type: 'histogram',
        help: 'How long pages of aggregated metrics took to make.',
        samples: this.#aggregations.samples(durations),
      },
    ];
  }
}
