/** The newest sample of every series that is current, family by family, as an exporter would show them. */
import type { Family, FamilyType, Sample } from '../../exposition/family.ts';
import { labelKey, labelValue } from './labels.ts';
import { type Metric, printedHelp, printedType } from './metric.ts';
import type { Series } from './ring-series.ts';
import type { SeriesStore } from './store.ts';

type Member = {
  readonly metric: Metric;
  readonly series: Series;
  /** With a label that belongs to histograms and summaries. */
  readonly hasBound: boolean;
};

/** A family with all its series in the order in which they are printed. */
type Planned = {
  readonly name: string;
  readonly type: FamilyType;
  readonly help: string;
  readonly members: readonly Member[];
};

/** @param sinceMs a series without a sample since then is left out */
export type Printable = (sinceMs: number) => readonly Family[];

export function openPrintable(store: SeriesStore): Printable {
  /** Of series of histograms and summaries: the text of their labels without the bound. */
  const groups = new WeakMap<Series, string>();
  /** True until a series comes or goes. */
  let plan: readonly Planned[] = [];
  let planned = Number.NaN;

  const groupOf = ({ metric, series }: Member): string => {
    let group = groups.get(series);
    if (group === undefined) {
      const { [boundName(metric.type)]: _bound, ...others } = series.labels;
      group = labelKey(others);
      groups.set(series, group);
    }
    return group;
  };

  /** What belongs together stands together, buckets in the order of their bounds: OpenMetrics asks for it. */
  const inGroups = (all: readonly Member[]): readonly Member[] => {
    const found = new Map<string, Member[]>();
    for (const each of all) {
      const group = groupOf(each);
      const members = found.get(group);
      if (members) members.push(each);
      else found.set(group, [each]);
    }
    return Array.from(found.values(), (members) => members.sort(byPlace)).flat();
  };

  const planOf = (metrics: readonly Metric[]): Planned[] => {
    const all = metrics.flatMap((metric) => membersOf(store, metric));
    const [first] = all;
    if (!first) return [];
    const { family: name, type } = first.metric;
    const help = metrics.find((metric) => metric.help !== '')?.help ?? '';
    return [{ name, type, help: printedHelp(name, help), members: hasParts(type) ? inGroups(all) : all }];
  };

  return (sinceMs) => {
    if (store.version !== planned) {
      plan = Array.from(store.families(), planOf).flat();
      planned = store.version;
    }
    return plan.flatMap((each) => familyOf(each, sinceMs));
  };
}

function membersOf(store: SeriesStore, metric: Metric): Member[] {
  return Array.from(store.select(metric.name), (series) => {
    const { labels } = series;
    return { metric, series, hasBound: Object.hasOwn(labels, 'le') || Object.hasOwn(labels, 'quantile') };
  });
}

function familyOf({ name, type, help, members }: Planned, sinceMs: number): Family[] {
  const samples: Sample[] = [];
  let isOdd = false;
  for (const { metric, series, hasBound } of members) {
    const { latest } = series;
    if (!latest || latest.timeMs < sinceMs) continue;
    const { value } = latest;
    const isCount = type !== 'counter' || value >= 0;
    isOdd ||= hasBound || !isCount;
    samples.push({ name: metric.name, labels: series.labels, value });
  }
  return samples.length === 0 ? [] : [{ name, type: printedType(name, type, isOdd), help, samples }];
}

function hasParts(type: FamilyType): boolean {
  return type === 'histogram' || type === 'summary';
}

function boundName(type: FamilyType): 'le' | 'quantile' {
  return type === 'histogram' ? 'le' : 'quantile';
}

/** Bounds in their order, then sum and count. */
function byPlace(one: Member, other: Member): number {
  return placeOf(one) - placeOf(other) || (one.metric.name < other.metric.name ? 1 : -1);
}

function placeOf({ metric, series }: Member): number {
  const bound = labelValue(series.labels, boundName(metric.type));
  if (bound === '') return Number.POSITIVE_INFINITY;
  // `+Inf` is the last bucket, in front of the sum.
  const value = Number(bound);
  return Number.isNaN(value) ? Number.MAX_VALUE : value;
}
