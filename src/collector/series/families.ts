/**
 * Stores what sources delivered: one scrape after the other, in slices.
 *
 * A scrape may come while others wait, from another source or from the same one a beat later.
 */

import type { Family, Labels, Sample } from '../../exposition/family.ts';
import type { Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { documented } from './documented.ts';
import { LaidLabels } from './laid-labels.ts';
import { isPartOf, type Metric } from './metric.ts';
import type { RecordSample } from './recorded.ts';
import type { Turns } from './turns.ts';

type Taken = { readonly stored: number; readonly refused: number };

/** @param labels of the source: they are laid over those of the samples */
export type TakeFamilies = (families: readonly Family[], labels: Labels, timeMs: number) => Promise<Taken>;

type Parts = {
  readonly record: RecordSample;
  readonly turns: Turns;
  /** So many came while too many others waited to be stored. */
  readonly onLate: (count: number) => void;
};

export function openFamilies({ record, turns, onLate }: Parts): TakeFamilies {
  let waitingCount = 0;

  return async (families, labels, timeMs) => {
    const count = families.reduce((sum, { samples }) => sum + samples.length, 0);
    if (waitingCount > 0 && waitingCount + count > limits.scrapedSamplesWaiting) {
      onLate(count);
      return { stored: 0, refused: count };
    }
    waitingCount += count;
    try {
      return await turns.take((pause) => storeAll(record, families, labels, timeMs, pause));
    } finally {
      waitingCount -= count;
    }
  };
}

async function storeAll(
  record: RecordSample,
  families: readonly Family[],
  labels: Labels,
  timeMs: number,
  pause: Pause,
): Promise<Taken> {
  const laid = new LaidLabels(labels);
  let stored = 0;
  let refused = 0;
  for (const family of families) {
    const metrics = new Map<string, Metric>();
    for (const sample of family.samples) {
      const { name } = sample;
      laid.own = sample.labels;
      const metric = metrics.get(name) ?? metricOf(family, sample);
      metrics.set(name, metric);
      const recorded = record(metric, laid, sample.value, timeMs);
      if (recorded === 'recorded') stored++;
      else refused++;
      if ((stored + refused) % storedAtOnce === 0) await pause();
    }
  }
  return { stored, refused };
}

/** About 0.3 ms where all of them are new. */
const storedAtOnce = 32;

const documentedByName = new Map(documented.map((metric) => [metric.name, metric]));

function metricOf({ name: family, type, help }: Family, { name }: Sample): Metric {
  const known = documentedByName.get(name);
  // A source of JSON, say, cannot know that a field is a counter; the document does.
  if (known) return known;
  // What its own family has no place for is refused: it must not take the family's name away.
  if (name === family || isPartOf(family, type, name)) return { name, family, type, unit: '', help };
  // OpenMetrics names a counter's samples and its family differently.
  if (name === `${family}_total` && type === 'counter') return { name, family: name, type, unit: '', help };
  return { name, family: name, type: 'untyped', unit: '', help };
}
