/** The newest sample of every series that is current, family by family, as an exporter would show them. */
import type { Family, FamilyType, Sample } from '../../exposition/family.ts';
import { labelKey, labelValue } from './labels.ts';
import { type Metric, printedHelp, printedType } from './metric.ts';
import type { Series } from './ring-series.ts';
import type { SeriesStore } from './store.ts';

type Current = { readonly metric: Metric; readonly series: Series; readonly value: number };

/** @param sinceMs a series without a sample since then is left out */
export type Printable = (sinceMs: number) => readonly Family[];

export function openPrintable(store: SeriesStore): Printable {
  /** Of series of histograms and summaries: the text of their labels without the bound. */
  const groups = new WeakMap<Series, string>();

  const groupOf = ({ metric, series }: Current): string => {
    let group = groups.get(series);
    if (group === undefined) {
      const { [boundName(metric.type)]: _bound, ...others } = series.labels;
      group = labelKey(others);
      groups.set(series, group);
    }
    return group;
  };

  /** What belongs together stands together, buckets in the order of their bounds: OpenMetrics asks for it. */
  const inGroups = (current: readonly Current[]): readonly Current[] => {
    const found = new Map<string, Current[]>();
    for (const each of current) {
      const group = groupOf(each);
      const members = found.get(group);
      if (members) members.push(each);
      else found.set(group, [each]);
    }
    return Array.from(found.values(), (members) => members.sort(byPlace)).flat();
  };

  return (sinceMs) => {
    const families: Family[] = [];
    for (const metrics of store.families()) {
      const current = metrics.flatMap((metric) => currentOf(store, metric, sinceMs));
      const [first] = current;
      if (!first) continue;
      const { family: name, type } = first.metric;
      const help = metrics.find((metric) => metric.help !== '')?.help ?? '';
      families.push({
        name,
        type: printedType(name, type, current.some(isOdd)),
        help: printedHelp(name, help),
        samples: (hasParts(type) ? inGroups(current) : current).map(sampleOf),
      });
    }
    return families;
  };
}

function currentOf(store: SeriesStore, metric: Metric, sinceMs: number): Current[] {
  const current: Current[] = [];
  for (const series of store.select(metric.name)) {
    const { latest } = series;
    if (latest && latest.timeMs >= sinceMs) current.push({ metric, series, value: latest.value });
  }
  return current;
}

function sampleOf({ metric: { name }, series: { labels }, value }: Current): Sample {
  return { name, labels, value };
}

function hasParts(type: FamilyType): boolean {
  return type === 'histogram' || type === 'summary';
}

function boundName(type: FamilyType): 'le' | 'quantile' {
  return type === 'histogram' ? 'le' : 'quantile';
}

/** With a label that belongs to histograms and summaries, or a count that is none. */
function isOdd({ metric: { type }, series: { labels }, value }: Current): boolean {
  const isCount = type !== 'counter' || value >= 0;
  return !isCount || Object.hasOwn(labels, 'le') || Object.hasOwn(labels, 'quantile');
}

/** Bounds in their order, then sum and count. */
function byPlace(one: Current, other: Current): number {
  return placeOf(one) - placeOf(other) || (one.metric.name < other.metric.name ? 1 : -1);
}

function placeOf({ metric, series }: Current): number {
  const bound = labelValue(series.labels, boundName(metric.type));
  if (bound === '') return Number.POSITIVE_INFINITY;
  // `+Inf` is the last bucket, in front of the sum.
  const value = Number(bound);
  return Number.isNaN(value) ? Number.MAX_VALUE : value;
}
