/** Seed 002's `/metrics/aggregated`: what the points of a window come to, for each series or group. */
import type { Labels, Sample } from '../../exposition/family.ts';
import { openExposition } from '../../exposition/text.ts';
import type { Page } from '../../http/routes.ts';
import { type Clock, pace } from '../../model/clock.ts';
import type { AggregationQuery } from './aggregation-query.ts';
import { labelValue } from './labels.ts';
import { type Metric, printedHelp, printedType } from './metric.ts';
import { Pool } from './pool.ts';
import { rateOf } from './rate.ts';
import type { Series } from './ring-series.ts';
import type { SeriesStore } from './store.ts';

type Pause = () => Promise<void> | undefined;

/** How long others wait at most. */
const sliceMs = 5;
/** How many samples are printed before others may have their turn: about half a millisecond. */
const printedAtOnce = 500;

export type Aggregate = (query: AggregationQuery) => Promise<Page>;

/** To be asked for one page at a time: its pages share the memory for their values. */
export function openAggregation(store: SeriesStore, clock: Clock): Aggregate {
  const pool = new Pool();

  return async (query) => {
    const pause = pace(clock, sliceMs);
    const toMs = clock.now();
    const span = { fromMs: toMs - query.windowMs, toMs };
    const names = query.metrics.length > 0 ? new Set(query.metrics) : undefined;
    const parts: Buffer[] = [];
    for (const metric of store.metrics()) {
      if (names && !names.has(metric.name)) continue;
      const samples: Sample[] = [];
      for (const group of groupsOf(store, metric, query)) {
        await addSamples(samples, metric, group, span, pool, pause);
        await pause();
      }
      if (samples.length > 0) parts.push(...(await print(metric, samples, pause)));
    }
    return { ...openExposition().text([]), body: Buffer.concat(parts) };
  };
}

type Group = { readonly labels: Labels; readonly series: readonly Series[] };
type Span = { readonly fromMs: number; readonly toMs: number };

function* groupsOf(store: SeriesStore, { name }: Metric, { by, labels }: AggregationQuery): Iterable<Group> {
  const found = store.select(name, (own) =>
    labels.every((wanted) => labelValue(own, wanted.name) === wanted.value),
  );
  if (by === undefined) {
    for (const series of found) yield { labels: series.labels, series: [series] };
    return;
  }
  const groups = new Map<string, Series[]>();
  for (const series of found) {
    const value = labelValue(series.labels, by);
    const group = groups.get(value);
    if (group) group.push(series);
    else groups.set(value, [series]);
  }
  for (const [value, series] of groups) yield { labels: { [by]: value }, series };
}

async function addSamples(
  samples: Sample[],
  { name, type }: Metric,
  { labels, series }: Group,
  { fromMs, toMs }: Span,
  pool: Pool,
  pause: Pause,
): Promise<void> {
  let rate: number | undefined;
  for (const each of series) {
    const segments = each.range(fromMs, toMs);
    for (const segment of segments) pool.add(segment);
    const own = type === 'counter' ? rateOf(segments) : undefined;
    if (own !== undefined) rate = (rate ?? 0) + own;
    await pause();
  }
  const statistics = await pool.finish(pause);
  if (!statistics) return;
  const others = withoutStat(labels);
  for (const [stat, value] of Object.entries({ ...statistics, ...(rate !== undefined && { rate }) })) {
    samples.push({ name, labels: { ...others, stat }, value });
  }
}

/** `stat` is ours: a series' own becomes `exported_stat`, and whatever has that name already one more. */
function withoutStat(labels: Labels): Labels {
  const renamed: Record<string, string> = {};
  for (const [name, value] of Object.entries(labels)) {
    renamed[/^(?:exported_)*stat$/.test(name) ? `exported_${name}` : name] = value;
  }
  return renamed;
}

async function print(
  { name, help }: Metric,
  samples: readonly Sample[],
  pause: Pause,
): Promise<readonly Buffer[]> {
  const hasBounds = samples.some(
    ({ labels }) => Object.hasOwn(labels, 'le') || Object.hasOwn(labels, 'quantile'),
  );
  const family = { name, type: printedType(name, 'gauge', hasBounds), help: printedHelp(name, help) };
  // A printer remembers labels, and these are never printed again.
  const printed = (some: readonly Sample[]) =>
    String(openExposition().text([{ ...family, samples: some }]).body);
  const head = printed([]);
  const parts = [Buffer.from(head)];
  for (let from = 0; from < samples.length; from += printedAtOnce) {
    const text = printed(samples.slice(from, from + printedAtOnce));
    parts.push(Buffer.from(text.slice(head.length)));
    await pause();
  }
  return parts;
}
