/** No work goes on for long without a look at the clock, whatever is asked. */
import { expect, test } from 'vitest';
import { Effort, pointsAtOnce } from '../../../src/collector/promql/effort.ts';
import { looksFor } from '../../../src/collector/promql/matchers.ts';
import { parseSelector } from '../../../src/collector/promql/parse.ts';
import { Points } from '../../../src/collector/promql/points.ts';
import type { Selector } from '../../../src/collector/promql/syntax.ts';
import { RingSeries } from '../../../src/collector/series/ring-series.ts';
import { ask, nowMs, openWorld } from './world.ts';

function counting() {
  const world = openWorld();
  const seen = { looks: 0 };
  const pause = () => {
    seen.looks++;
    return undefined;
  };
  return { ...world, pause, seen };
}

test('a look follows each match of a regular expression', () => {
  const world = openWorld();
  for (let index = 0; index < 100; index++) world.fill('m', { a: `a${index}`, b: `b${index}` }, [1]);
  const looks = (text: string) => Array.from(looksFor(parseSelector(text), world.store)).length;
  expect(looks('m{a=~"a.*",b=~"b.*",c!~"c.+"}')).toBeGreaterThanOrEqual(300);
  for (let index = 0; index < 100; index++) world.fill(`m${index}`, {}, [1]);
  expect(looks('{__name__=~"m.*",__name__=~".*x",a="b"}')).toBeGreaterThanOrEqual(200);
});

test('the same value is matched once for each regular expression', () => {
  const world = openWorld();
  for (let index = 0; index < 100; index++) world.fill('m', { a: `a${index % 3}`, b: `${index}` }, [1]);
  let matchesCount = 0;
  const { matchers, ...rest } = parseSelector('m{a=~"a[12]"}');
  const counted: Selector = {
    ...rest,
    matchers: matchers.map(({ matches, ...matcher }) => ({
      ...matcher,
      matches: (value) => {
        if (matcher.operator === '=~') matchesCount++;
        return matches(value);
      },
    })),
  };
  expect(Array.from(looksFor(counted, world.store)).filter(Boolean).length).toBe(66);
  expect(matchesCount).toBe(3);
});

test('each series that is looked at, and each operator between numbers', async () => {
  const world = counting();
  for (let index = 0; index < 300; index++) world.fill('m', { a: `${index}` }, [1]);
  await ask(world, 'm{a!="none"}');
  expect(world.seen.looks).toBeGreaterThanOrEqual(300);
  world.seen.looks = 0;
  await ask(world, 'm{a="none"}');
  expect(world.seen.looks).toBeGreaterThanOrEqual(300 / 100);
  world.seen.looks = 0;
  await ask(world, `1${'+1'.repeat(200)}`);
  expect(world.seen.looks).toBeGreaterThanOrEqual(200);
});

test.each(['rate(m[1d])', 'avg_over_time(m[1d])', 'count_over_time(m[1d])'])(
  '%s of long windows',
  async (query) => {
    const world = counting();
    // Each other one is a reset.
    world.fill(
      'm',
      {},
      Array.from({ length: 5_000 }, (_, index) => index % 2),
    );
    await ask(world, query, { fromMs: nowMs - 600_000, toMs: nowMs, stepMs: 1_000 });
    expect(world.seen.looks).toBeGreaterThan((600 * 4_900) / (2 * pointsAtOnce));
  },
);

test('points are read in pieces, and true where they come and go meanwhile', async () => {
  const { clock } = openWorld();
  const count = 4 * pointsAtOnce;
  const series = new RingSeries({}, 0);
  const add = (time: number) => series.add(time, 2 * time, count);
  for (let time = 0; time < count; time++) add(time);
  let looks = 0;
  const effort = new Effort(clock, () => {
    looks++;
    for (let time = 0; time < 5_000; time++) add(looks * 10_000 + count + time);
    return Promise.resolve();
  });
  const points = new Points();
  await points.read(series, 100, count - 1, effort);
  expect(looks).toBeGreaterThanOrEqual(3);
  const { times, values } = points;
  // What went before it was read is missing, and nothing else.
  expect([times[0], times[points.count - 1]]).toEqual([100, count - 1]);
  expect(points.count).toBe(count - 100);
  for (let index = 0; index < points.count; index++) {
    if (values[index] !== 2 * (times[index] as number)) throw new Error(`point ${index} is torn`);
  }
  await points.read(series, 0, 10, effort);
  expect(points.count).toBe(0);
});

test('points that go faster than they are read are left out', async () => {
  const { clock } = openWorld();
  const count = 2 * pointsAtOnce;
  const series = new RingSeries({}, 0);
  for (let time = 0; time < count; time++) series.add(time, 1, count);
  const effort = new Effort(clock, () => {
    for (let time = 0; time < count; time++) series.add(count + time, 1, count);
    return Promise.resolve();
  });
  const points = new Points();
  await points.read(series, 0, count - 1, effort);
  expect(points.count).toBe(pointsAtOnce);
});
