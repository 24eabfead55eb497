/** What selectors find: each series is read once, and its points are walked along with the moments. */
import { limits } from '../../model/limits.ts';
import type { Found } from './matchers.ts';
import { looksFor } from './matchers.ts';
import type { OverTime } from './over-time.ts';
import { Points, type Window } from './points.ts';
import { QueryError, type ResultSeries } from './query.ts';
import { numbers, type QueryRun } from './query-run.ts';
import { type Row, sortKey } from './row.ts';
import { sorted } from './sorting.ts';
import type { InstantSelector, RangeSelector, Selector } from './syntax.ts';

/** How old the newest sample may be that still is a series' value. */
const lookbackMs = 300_000;

export async function instantRows(
  { selector, offsetMs }: InstantSelector,
  run: QueryRun,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const fromMs = run.fromMs - offsetMs;
  const points = new Points();
  for (const { name, series } of await found(selector, run)) {
    await points.read(series, fromMs - lookbackMs, fromMs + (run.steps - 1) * run.stepMs, run.effort);
    const row = { name, labels: series.labels, values: numbers(run), has: new Uint8Array(run.steps) };
    if (points.count > 0 && fillNewest(row, points, fromMs, run.stepMs)) rows.push(row);
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  return rows;
}

function fillNewest({ values, has }: Row, points: Points, fromMs: number, stepMs: number): boolean {
  let next = 0;
  let isFilled = false;
  for (let step = 0; step < has.length; step++) {
    const timeMs = fromMs + step * stepMs;
    while (next < points.count && (points.times[next] as number) <= timeMs) next++;
    if (next === 0 || (points.times[next - 1] as number) < timeMs - lookbackMs) continue;
    values[step] = points.values[next - 1] as number;
    has[step] = 1;
    isFilled = true;
  }
  return isFilled;
}

/** @param shares one for each moment */
export async function windowRows(
  { selector, rangeMs, offsetMs }: RangeSelector,
  over: OverTime,
  shares: Float64Array | undefined,
  run: QueryRun,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const firstMs = run.fromMs - offsetMs;
  const points = new Points();
  for (const { name, series } of await found(selector, run)) {
    await points.read(series, firstMs - rangeMs, firstMs + (run.steps - 1) * run.stepMs, run.effort);
    if (over.ofCounter) await points.findResets(run.effort);
    const row = {
      name: over.keepsName ? name : '',
      labels: series.labels,
      values: numbers(run),
      has: new Uint8Array(run.steps),
    };
    if (await fillWindows(row, points, { firstMs, rangeMs, over, shares }, run)) rows.push(row);
  }
  return rows;
}

type Windows = {
  /** Where the first of them ends. */
  readonly firstMs: number;
  readonly rangeMs: number;
  readonly over: OverTime;
  readonly shares: Float64Array | undefined;
};

async function fillWindows(
  { values, has }: Row,
  points: Points,
  { firstMs, rangeMs, over, shares }: Windows,
  { stepMs, effort }: QueryRun,
): Promise<boolean> {
  const window: Window = { points, first: 0, end: 0, fromMs: 0, toMs: 0, reset: 0 };
  let isFilled = false;
  for (let step = 0; step < has.length && window.first < points.count; step++) {
    moveTo(window, firstMs + step * stepMs, rangeMs);
    const count = window.end - window.first;
    if (count >= over.pointsMin) {
      values[step] = over.of(window, shares?.[step] ?? 0);
      has[step] = 1;
      isFilled = true;
    }
    const waiting = effort.touch(1 + count);
    if (waiting) await waiting;
  }
  const waiting = effort.pause();
  if (waiting) await waiting;
  return isFilled;
}

function moveTo(window: Window, toMs: number, rangeMs: number): void {
  const { times, count } = window.points;
  window.fromMs = toMs - rangeMs;
  window.toMs = toMs;
  while (window.first < count && (times[window.first] as number) < window.fromMs) window.first++;
  if (window.end < window.first) window.end = window.first;
  while (window.end < count && (times[window.end] as number) <= toMs) window.end++;
}

/** The points themselves, of a range selector alone. */
export async function pointsOf(selector: RangeSelector, run: QueryRun): Promise<readonly ResultSeries[]> {
  const all: ResultSeries[] = [];
  const toMs = run.fromMs - selector.offsetMs;
  const points = new Points();
  for (const { name, series } of await found(selector.selector, run)) {
    await points.read(series, toMs - selector.rangeMs, toMs, run.effort);
    run.effort.hold(2 * points.count);
    const labels = { __name__: name, ...series.labels };
    const [timesMs, values]: [number[], number[]] = [[], []];
    for (let index = 0; index < points.count; index++) {
      timesMs.push(points.times[index] as number);
      values.push(points.values[index] as number);
      const waiting = run.effort.touch(1);
      if (waiting) await waiting;
    }
    if (points.count > 0) all.push({ labels, timesMs, values });
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  return all;
}

/** In the order of their labels, so that the same query adds the same values up in the same order. */
async function found(selector: Selector, run: QueryRun): Promise<readonly Found[]> {
  const { version } = run.store;
  const known = run.remembered?.of(selector, version);
  if (known) return known;
  const all = await sought(selector, run);
  // Some may have come or gone meanwhile.
  if (run.store.version === version) run.remembered?.remember(selector, version, all);
  return all;
}

async function sought(selector: Selector, { store, effort }: QueryRun): Promise<readonly Found[]> {
  const all: Found[] = [];
  for (const one of looksFor(selector, store)) {
    if (one) all.push(one);
    if (all.length > limits.querySeriesMax) {
      const most = `one selector may find ${limits.querySeriesMax} series`;
      throw new QueryError('execution', `${most}; add matchers`);
    }
    const waiting = effort.pause();
    if (waiting) await waiting;
  }
  return sorted(all, ({ name, series }) => sortKey({ name, labels: series.labels }), effort.pause);
}
