/** Seed 002's `/metrics/aggregated`: what the points of a window come to, for each series or group. */
import type { Labels, Sample } from '../../exposition/family.ts';
import { openExposition } from '../../exposition/text.ts';
import type { Page } from '../../http/routes.ts';
import { type Clock, type Pause, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { refusal } from '../intake/reply.ts';
import type { AggregationQuery } from './aggregation-query.ts';
import { labelValue } from './labels.ts';
import { type Metric, printedHelp, printedType } from './metric.ts';
import { PageBudget } from './page-budget.ts';
import { PageBytes } from './page-bytes.ts';
import { Pool } from './pool.ts';
import { rateOf } from './rate.ts';
import type { Series } from './ring-series.ts';
import type { SeriesStore } from './store.ts';

export type Aggregate = (query: AggregationQuery) => Promise<Page>;

/** To be asked for one page at a time: its pages share the memory for their values. */
export function openAggregation(store: SeriesStore, clock: Clock): Aggregate {
  const pool = new Pool();
  const budget = new PageBudget(clock, limits.aggregatedPagesBytesMax, heldMs);

  /** Whether there was room for all of it. */
  const write = async (
    page: PageBytes,
    metric: Metric,
    query: AggregationQuery,
    span: Span,
    pause: Pause,
  ) => {
    const groups = [...groupsOf(store, metric, query)];
    const print = printerOf(metric, groups);
    for (const group of groups) {
      const samples = await samplesOf(metric, group, span, pool, pause);
      if (samples.length > 0 && !page.add(print(samples))) return false;
      await pause();
    }
    return true;
  };

  return async (query) => {
    if (!budget.hasRoomFor(limits.aggregatedPageBytesMax)) return refusal(503, tooMuch, 1);
    const pause = pace(clock, limits.intakeSliceMs);
    const toMs = clock.now();
    const span = { fromMs: toMs - query.windowMs, toMs };
    const names = query.metrics.length > 0 ? new Set(query.metrics) : undefined;
    const page = new PageBytes(limits.aggregatedPageBytesMax);
    for (const metric of store.metrics()) {
      if (names && !names.has(metric.name)) continue;
      if (!(await write(page, metric, query, span, pause))) return refusal(422, tooLarge);
    }
    const body = page.finish();
    budget.made(body.length);
    return { ...openExposition().text([]), body };
  };
}

/** It is shown for a while, and who asks last has all the time that a connection has to read it. */
const heldMs = limits.aggregatedPageKeptMs + limits.connectionPhaseMs;
const tooLarge = `the page would be larger than ${limits.aggregatedPageBytesMax / 1_048_576} MiB: ask for less with metric= or label=`;
const tooMuch = 'many large pages were asked for in the last seconds: ask again';

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

async function samplesOf(
  { name, type }: Metric,
  { labels, series }: Group,
  { fromMs, toMs }: Span,
  pool: Pool,
  pause: Pause,
): Promise<readonly Sample[]> {
  let rate: number | undefined;
  for (const each of series) {
    const segments = each.range(fromMs, toMs);
    for (const segment of segments) pool.add(segment);
    const own = type === 'counter' ? rateOf(segments) : undefined;
    if (own !== undefined) rate = (rate ?? 0) + own;
    await pause();
  }
  const statistics = await pool.finish(pause);
  if (!statistics) return [];
  const others = withoutStat(labels);
  const values = { ...statistics, ...(rate !== undefined && { rate }) };
  return Object.entries(values).map(([stat, value]) => ({ name, labels: { ...others, stat }, value }));
}

/** `stat` is ours: a series' own becomes `exported_stat`, and whatever has that name already one more. */
function withoutStat(labels: Labels): Labels {
  const renamed: Record<string, string> = {};
  for (const [name, value] of Object.entries(labels)) {
    renamed[/^(?:exported_)*stat$/.test(name) ? `exported_${name}` : name] = value;
  }
  return renamed;
}

/** Prints samples, the first time with what stands above them. */
function printerOf({ name, help }: Metric, groups: readonly Group[]): (samples: readonly Sample[]) => string {
  const hasBounds = groups.some(
    ({ labels }) => Object.hasOwn(labels, 'le') || Object.hasOwn(labels, 'quantile'),
  );
  const family = { name, type: printedType(name, 'gauge', hasBounds), help: printedHelp(name, help) };
  // A printer remembers labels, and these are never printed again.
  const printed = (samples: readonly Sample[]) =>
    String(openExposition().text([{ ...family, samples }]).body);
  const head = printed([]);
  let isFirst = true;
  return (samples) => {
    const text = printed(samples);
    const wanted = isFirst ? text : text.slice(head.length);
    isFirst = false;
    return wanted;
  };
}
