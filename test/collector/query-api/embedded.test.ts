/** Our own series as a data source: what flags are told of them. */
import { expect, test } from 'vitest';
import { embeddedDatasource } from '../../../src/collector/datasources/embedded.ts';
import { keyed } from '../../../src/collector/series/labels.ts';
import type { SeriesStore } from '../../../src/collector/series/store.ts';
import { Failure } from '../../../src/model/failure.ts';
import { limits } from '../../../src/model/limits.ts';
import { opened } from '../series/opened.ts';

const stepMs = 15_000;

function setUp() {
  const { store, clock, fill } = opened();
  const nowMs = clock.now();
  const datasource = embeddedDatasource({ store, stepMs, clock });
  const ask = (query: string, fromMs = nowMs - 45_000, toMs = nowMs) =>
    datasource.ask({ query, fromMs, toMs });
  /** Times in steps from now. */
  const tracks = async (...asked: Parameters<typeof ask>) =>
    (await ask(...asked)).map(({ timesMs, values }) =>
      timesMs.map((timeMs, at) => [(timeMs - nowMs) / stepMs, values[at]]),
    );
  return { store, clock, fill, nowMs, datasource, ask, tracks };
}

const failureOf = async (asked: Promise<unknown>) => {
  const failure = await asked.catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Failure);
  const { peer, reason, message } = failure as Failure;
  return `${peer} ${reason}: ${message}`;
};

test.each([
  ['up{', 'datasource rejected: 1:4: parse error: unexpected end of input inside braces'],
  ['', 'datasource rejected: 1:1: parse error: no expression found in input'],
  ['up[5m]', /^datasource rejected: .*range vector/],
  ['topk(1, up)', /^datasource rejected: .*topk/],
])('%j is refused', async (query, expected) => {
  const { ask, nowMs } = setUp();
  expect(await failureOf(ask(query))).toMatch(expected);
  expect(await failureOf(ask(query, nowMs, nowMs))).toMatch(expected);
});

test('a query that takes too long is given up', async () => {
  const { store, clock, ask, fill } = setUp();
  for (let at = 0; at < 3_000; at++) fill('up', { at: String(at) }, Array(20).fill(1));
  const slow = Object.create(clock, {
    monotonic: { value: () => (elapsedMs += limits.queryMs / 4) },
  }) as typeof clock;
  let elapsedMs = 0;
  const datasource = embeddedDatasource({ store, stepMs, clock: slow });
  const times = { fromMs: clock.now() - 300_000, toMs: clock.now(), untilMs: 1e9 };
  const question = { query: 'sum(rate(up[5m]))', ...times };
  expect(await failureOf(datasource.ask(question))).toMatch(/^datasource timeout: .*timed out/);
  expect((await ask('up{at="1"}')).length).toBe(1);
});

test('who stops is not told any more', async () => {
  const { datasource, ask, fill } = setUp();
  fill('up', {}, [1]);
  const asked = [ask('up'), ask('vector(1)')];
  datasource.stop();
  asked.push(ask('up'));
  for (const each of asked)
    expect(await failureOf(each)).toBe('datasource stopped: stopped before an answer came');
});

test('whole steps inside the window, and none in the future', async () => {
  const { tracks, fill, nowMs } = setUp();
  fill('up', {}, [1, 2, 3, 4]);
  const all = [
    [-3, 1],
    [-2, 2],
    [-1, 3],
    [0, 4],
  ];
  expect(await tracks('up')).toEqual([all]);
  expect(await tracks('up', nowMs - 45_000, nowMs + 3_600_000)).toEqual([all]);
  expect(await tracks('up', nowMs - 44_999, nowMs - 1)).toEqual([all.slice(1, 3)]);
  expect(await tracks('up', nowMs - 14_999, nowMs - 1)).toEqual([]);
  expect(await tracks('up', nowMs, nowMs - 15_000)).toEqual([]);
  expect(await tracks('up', nowMs + 1, nowMs + 60_000)).toEqual([]);
});

test('each series is a track, a number is one, and nothing is none', async () => {
  const { tracks, fill } = setUp();
  fill('up', { job: 'a' }, [1]);
  fill('up', { job: 'b' }, [0]);
  expect(await tracks('up')).toEqual([[[0, 1]], [[0, 0]]]);
  expect(await tracks('sum(up)')).toEqual([[[0, 1]]]);
  expect(await tracks('up > 0')).toEqual([[[0, 1]]]);
  expect(await tracks('7')).toEqual([[-3, -2, -1, 0].map((step) => [step, 7])]);
  expect(await tracks('nothing')).toEqual([]);
});

test('what is no number is left out, infinities are not', async () => {
  const { tracks, fill } = setUp();
  fill('odd', {}, [Number.NaN, 1, Number.POSITIVE_INFINITY, Number.NaN]);
  expect(await tracks('odd')).toEqual([
    [
      [-2, 1],
      [-1, Number.POSITIVE_INFINITY],
    ],
  ]);
  expect(await tracks('0 / 0')).toEqual([[]]);
});

test('the same question of many is worked out once while it is under way, another one is not', async () => {
  const { store, clock, fill, nowMs } = setUp();
  fill('up', {}, [1, 2]);
  const selected: string[] = [];
  const datasource = embeddedDatasource({ store: watched(store, selected), stepMs, clock });
  const ask = (query: string, fromMs: number) => datasource.ask({ query, fromMs, toMs: nowMs });
  // The same steps, although not the same times.
  const asked = [ask('up', nowMs - 20_000), ask('up', nowMs - 15_000), ask(' up', nowMs), ask('down', nowMs)];
  const values = (await Promise.all(asked)).map((tracks) => tracks.map((track) => track.values));
  expect(values).toEqual([[[1, 2]], [[1, 2]], [[2]], []]);
  expect(selected).toEqual(['up', 'up', 'down']);
  fill('up', { job: 'new' }, [1]);
  expect((await ask('up', nowMs)).length).toBe(2);
});

/** The names that series are selected by; private fields stay the store's own. */
function watched(store: SeriesStore, selected: string[]): SeriesStore {
  return new Proxy(store, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...args: readonly unknown[]) => {
        if (name === 'select') selected.push(String(args[0]));
        return value.apply(target, args);
      };
    },
  });
}

test('what nobody waits for any more is not worked out', async () => {
  const { store, clock, fill, nowMs } = setUp();
  fill('up', {}, [1]);
  const selected: string[] = [];
  let elapsedMs = 0;
  const moved = Object.create(clock, { monotonic: { value: () => elapsedMs } }) as typeof clock;
  const datasource = embeddedDatasource({ store: watched(store, selected), stepMs, clock: moved });
  const ask = (query: string, untilMs?: number) =>
    datasource.ask({ query, fromMs: nowMs, toMs: nowMs, ...(untilMs !== undefined && { untilMs }) });
  const late = 'datasource timeout: not worked out in time: queries are many, or too large';
  const asked = [ask('late', 1_000), ask('default'), ask('patient', 20_000)];
  elapsedMs = limits.queryMs;
  expect(await Promise.all(asked.slice(0, 2).map(failureOf))).toEqual([late, late]);
  expect(await asked[2]).toEqual([]);
  expect(selected).toEqual(['patient']);
});

test('a selector that was asked before is not sought again, unless series came or went', async () => {
  const { store, clock, tracks, fill } = setUp();
  for (const at of ['a', 'b', 'c']) fill('up', { at }, [1]);
  const selected: string[] = [];
  const datasource = embeddedDatasource({ store: watched(store, selected), stepMs, clock });
  const question = { query: 'up{at!="a"}', fromMs: clock.now() - 45_000, toMs: clock.now() };
  expect((await datasource.ask(question)).length).toBe(2);
  fill('up', { at: 'b' }, [2]);
  expect((await datasource.ask(question)).map(({ values }) => values.at(-1))).toEqual([2, 1]);
  expect(selected.length).toBe(1);
  fill('up', { at: 'd' }, [4]);
  expect((await datasource.ask(question)).map(({ values }) => values.at(-1))).toEqual([2, 1, 4]);
  store.remove('up', keyed({ at: 'b' }).key);
  expect((await datasource.ask(question)).map(({ values }) => values.at(-1))).toEqual([1, 4]);
  expect(selected.length).toBe(3);
  expect((await tracks('up')).length).toBe(3);
});
