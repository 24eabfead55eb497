/** Where there is no room for a new series, the one that was silent for longest gives way. */
import { expect, test } from 'vitest';
import { keyed } from '../../../src/collector/series/labels.ts';
import { limits } from '../../../src/model/limits.ts';
import { type Opened, opened } from './opened.ts';

const minuteMs = 60_000;

const namesOf = ({ store }: Opened) =>
  Array.from(store.metrics(), ({ name }) => name).filter((name) => [...store.select(name)].length > 0);

/** As if a beat came. */
async function pass(series: Opened, ms: number): Promise<void> {
  await series.clock.advance(ms);
  series.forget();
}

/** @param expected what is there afterwards */
async function check(silentMs: number, historyMs: number, expected: readonly string[]): Promise<void> {
  const series = opened({ seriesMax: 3, historyMs });
  series.fill('b', {}, [1]);
  await series.clock.advance(1);
  series.fill('a', {}, [1]);
  series.fill('c', {}, [1]);
  await pass(series, silentMs);
  series.fill('c', {}, [1]);
  series.fill('new', {}, [1]);
  expect(namesOf(series)).toEqual(expected);
  expect(series.caps).toContain('max_series');
}

test('what was silent for less than half an hour stays', () =>
  check(30 * minuteMs - 1, minuteMs, ['b', 'a', 'c']));
test('what was silent for longer gives way, the longest first', () =>
  check(30 * minuteMs, minuteMs, ['a', 'c', 'new']));
test('what was silent for less than the history stays', () =>
  check(60 * minuteMs - 1, 60 * minuteMs, ['b', 'a', 'c']));
test('what was silent for longer than the history gives way', () =>
  check(60 * minuteMs, 60 * minuteMs, ['a', 'c', 'new']));

test('what was heard of since the last beat stays', async () => {
  const series = opened({ seriesMax: 2 });
  series.fill('a', {}, [1]);
  series.fill('b', {}, [1]);
  await pass(series, 31 * minuteMs);
  // Also where all that is known is that somebody is about to bring it.
  series.store.foresee(
    { name: 'a', family: 'a', type: 'gauge', unit: '', help: '' },
    keyed({}),
    series.clock.now(),
  );
  series.fill('c', {}, [1]);
  series.fill('d', {}, [1]);
  expect(namesOf(series)).toEqual(['a', 'c']);
});

test('a point of long ago that has just come is no silence', async () => {
  const series = opened({ seriesMax: 1 });
  const body = { name: 'a', value: 1, timestamp: '2026-01-20T02:00:00Z' };
  expect((await series.post(body)).status).toBe(200);
  series.forget();
  expect((await series.post({ name: 'b', value: 1 })).status).toBe(503);
});

test('where there is room nothing gives way', async () => {
  const series = opened({ seriesMax: 3 });
  series.fill('a', {}, [1]);
  await pass(series, 60 * minuteMs);
  series.fill('b', {}, [1]);
  series.fill('c', {}, [1]);
  expect([namesOf(series), series.caps]).toEqual([['a', 'b', 'c'], []]);
});

test('what has no labels that can be stored pushes nothing out', async () => {
  const series = opened({ seriesMax: 1 });
  series.fill('a', {}, [1]);
  await pass(series, 60 * minuteMs);
  series.fill('b', { __x: '1' }, [1]);
  expect(namesOf(series)).toEqual(['a']);
});

test('who brings many has room for all of them, or none gives way', async () => {
  const series = opened({ seriesMax: 4 });
  for (const name of ['a', 'b', 'c', 'd']) series.fill(name, {}, [1]);
  await pass(series, 31 * minuteMs);
  series.fill('d', {}, [1]);
  await pass(series, 0);
  const batch = (count: number) =>
    Array.from({ length: count }, (_none, index) => ({ name: `n${index}`, value: 1 }));
  expect((await series.post(batch(4))).status).toBe(503);
  expect(namesOf(series)).toEqual(['a', 'b', 'c', 'd']);
  expect((await series.post(batch(3))).status).toBe(200);
  expect(namesOf(series)).toEqual(['d', 'n0', 'n1', 'n2']);
});

test('room for the characters of labels is made, too', async () => {
  const series = opened({ seriesMax: 10 });
  const long = { x: 'x'.repeat(1_000) };
  for (const name of ['a', 'b', 'c', 'd']) series.fill(name, long, [1]);
  // Three of them are all that fit.
  expect(namesOf(series)).toEqual(['a', 'b', 'c']);
  await pass(series, 31 * minuteMs);
  series.fill('d', long, [1]);
  expect(namesOf(series)).toEqual(['b', 'c', 'd']);
});

test('the last series of a metric takes the metric with it, and may come again', async () => {
  const series = opened({ seriesMax: 1 });
  series.fill('a', { x: '1' }, [1], 'counter');
  await pass(series, 31 * minuteMs);
  series.fill('a', { x: '2' }, [1], 'counter');
  expect(Array.from(series.store.select('a'), ({ labels }) => labels)).toEqual([{ x: '2' }]);
  expect([series.store.seriesCount, series.store.pointsCount]).toEqual([1, 1]);
});

test('only so many are looked for between two beats', async () => {
  const { silentSeriesMax } = limits;
  const series = opened({ seriesMax: silentSeriesMax + 5 });
  const fill = (from: number, count: number) => {
    for (let index = from; index < from + count; index++) series.fill('a', { i: String(index) }, [1]);
  };
  fill(0, silentSeriesMax + 5);
  await pass(series, 31 * minuteMs);
  fill(100_000, silentSeriesMax + 5);
  const firsts = Array.from(series.store.select('a'), ({ labels }) => labels['i']).slice(0, 6);
  expect(firsts).toEqual([...[0, 1, 2, 3, 4].map((i) => String(silentSeriesMax + i)), '100000']);
});
