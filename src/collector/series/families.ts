/** Stores what a source delivered. */
import type { Family, Labels, Sample } from '../../exposition/family.ts';
import { documented } from './documented.ts';
import { LaidLabels } from './laid-labels.ts';
import { isPartOf, type Metric } from './metric.ts';
import type { RecordSample } from './store.ts';

export type Taken = { readonly stored: number; readonly refused: number };

/** @param labels of the source: they are laid over those of the samples */
export function takeFamilies(
  record: RecordSample,
  families: readonly Family[],
  labels: Labels,
  timeMs: number,
): Taken {
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
    }
  }
  return { stored, refused };
}

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
