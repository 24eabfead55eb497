/** A store with a few series and what queries make of them. */
import { evaluate } from '../../../src/collector/promql/evaluate.ts';
import { parseQuery } from '../../../src/collector/promql/parse.ts';
import { type Moments, QueryError, type QueryResult } from '../../../src/collector/promql/query.ts';
import { keyed } from '../../../src/collector/series/labels.ts';
import { SeriesStore } from '../../../src/collector/series/store.ts';
import type { Labels } from '../../../src/exposition/family.ts';
import type { Clock } from '../../../src/model/clock.ts';
import { FakeClock } from '../../fake-clock.ts';

export const nowMs = Date.parse('2026-01-20T12:00:00Z');
const stepMs = 15_000;

export type World = {
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly pause: () => Promise<void> | undefined;
};

export function openWorld(): World & {
  /** One value each 15 s, the last one now; undefined where there is none. */
  readonly fill: (name: string, labels: Labels, values: readonly (number | undefined)[]) => void;
} {
  const clock = new FakeClock(nowMs);
  const settings = {
    pointsPerSeriesMax: 5_760,
    seriesMax: 30_000,
    pointsMax: 2_000_000,
    collectIntervalMs: stepMs,
    historyMs: 1_800_000,
  };
  const store = new SeriesStore(settings, clock, [], () => undefined);
  return {
    store,
    clock,
    pause: () => undefined,
    fill: (name, labels, values) => {
      const metric = { name, family: name, type: 'gauge', unit: '', help: '' } as const;
      const key = keyed(labels);
      for (const [index, value] of values.entries()) {
        if (value === undefined) continue;
        store.record(metric, key, value, nowMs - (values.length - 1 - index) * stepMs);
      }
    },
  };
}

export const atOnce: Moments = { fromMs: nowMs, toMs: nowMs, stepMs: 0 };

/** Throws what is wrong with the query. */
export function ask(world: World, query: string, moments = atOnce): Promise<QueryResult> {
  return evaluate(parseQuery(query), moments, world);
}

/** One line for each series, its values behind it; at more than one moment with how long before now each is. */
export async function lines(world: World, query: string, moments = atOnce): Promise<readonly string[]> {
  const result = await ask(world, query, moments);
  const all = result.type === 'scalar' ? [result.series] : result.series;
  return all.map(({ labels, timesMs, values }) => {
    const pairs = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const told = values.map((value, index) => {
      const agoS = (nowMs - (timesMs[index] as number)) / 1_000;
      const text = Object.is(value, -0) ? '-0' : String(value);
      return result.type === 'matrix' || timesMs.length > 1 || agoS > 0 ? `${text}@${agoS}` : text;
    });
    return `{${pairs.join(' ')}} ${told.join(' ')}`;
  });
}

/** What is said of a query that has no answer. */
export async function refusal(world: World, query: string, moments = atOnce): Promise<string> {
  try {
    await ask(world, query, moments);
  } catch (error) {
    if (error instanceof QueryError) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'answered';
}
