/**
 * Samples that came together: none is recorded before all of them are known to be good.
 *
 * Of each sample its series, value and time are kept, so that a batch takes little more than its body.
 */

import type { Pause } from '../../model/clock.ts';
import type { Complaints } from '../intake/complaints.ts';
import type { Fields } from '../intake/reading.ts';
import { type Keyed, keyed } from './labels.ts';
import { boundLabel, type Metric } from './metric.ts';
import type { RecordSample, Refused } from './recorded.ts';
import { Registry } from './registry.ts';
import type { Room } from './room.ts';
import { decodeSample, type PushedSample, type SampleRules } from './sample.ts';
import type { SeriesStore } from './store.ts';

type Target = { readonly metric: Metric; readonly labels: Keyed; isNew: boolean };

export class SampleBatch {
  readonly #store: SeriesStore;
  readonly #rules: SampleRules;
  readonly #seriesMax: number;
  /** What the samples before say about metrics: two of them must not contradict each other. */
  readonly #said = new Registry();
  readonly #targets = new Map<string, Target>();
  readonly #series: Target[] = [];
  readonly #values: number[] = [];
  readonly #times: number[] = [];
  #needed: Room = { series: 0, characters: 0 };

  constructor(store: SeriesStore, rules: SampleRules, seriesMax: number) {
    this.#store = store;
    this.#rules = rules;
    this.#seriesMax = seriesMax;
  }

  /** By series that are not there yet; it stops growing where they are more than there can ever be. */
  get needed(): Room {
    return this.#needed;
  }

  take(fields: Fields, index: number, complaints: Complaints): void {
    const sample = decodeSample(fields, index, complaints, this.#rules);
    // Nothing will be recorded: nothing more need be kept.
    if (!sample || this.#needed.series > this.#seriesMax) return;
    const target = this.#targetOf(sample, index, complaints);
    if (!target || complaints.count > 0) return;
    this.#series.push(target);
    this.#values.push(sample.value);
    this.#times.push(sample.timeMs);
  }

  /**
   * @param release see `SeriesStore.promise`
   * @returns how many were refused all the same: time went on since they were found to be good
   */
  async record(record: RecordSample, release: (part: Room) => void, pause: Pause): Promise<number> {
    let refused = 0;
    for (const [index, target] of this.#series.entries()) {
      const { metric, labels } = target;
      if (target.isNew) release({ series: 1, characters: labels.key.length });
      target.isNew = false;
      const recorded = record(metric, labels, this.#values[index] as number, this.#times[index] as number);
      if (recorded !== 'recorded') refused++;
      if (index % recordedAtOnce === 0) await pause();
    }
    return refused;
  }

  #targetOf(
    { metric, labels, timeMs }: PushedSample,
    index: number,
    complaints: Complaints,
  ): Target | undefined {
    const contradiction = this.#said.whyNot(metric, Number.NEGATIVE_INFINITY);
    const own = keyed(labels);
    const foreseen = contradiction ?? this.#store.foresee(metric, own, timeMs);
    if (foreseen === 'recorded' || foreseen === 'new') {
      const said = this.#said.take(metric).metric;
      const key = `${metric.name}{${own.key}`;
      const known = this.#targets.get(key);
      if (known?.metric === said) return known;
      const target = { metric: said, labels: known?.labels ?? own, isNew: !known && foreseen === 'new' };
      if (target.isNew) {
        const { series, characters } = this.#needed;
        this.#needed = { series: series + 1, characters: characters + own.key.length };
      }
      this.#targets.set(key, target);
      return target;
    }
    const { name } = metric;
    const known = contradiction ? this.#said.find(name)?.metric : this.#store.metric(name);
    complaints.add(index, ...complaintOf(foreseen, metric, known));
    return undefined;
  }
}

const recordedAtOnce = 100;

function complaintOf(
  foreseen: Refused,
  metric: Metric,
  known: Metric | undefined,
): [field: string, message: string] {
  if (foreseen === 'too_old') return ['timestamp', 'is older than the oldest point that is kept'];
  if (foreseen === 'labels') return ['labels', `of ${metric.name} need a number as ${boundLabel(metric)}`];
  return ['type', `is ${metric.type}, but ${metric.name} is ${known?.type ?? 'of another type'} already`];
}
