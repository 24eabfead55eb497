/** The Graphite data source against a real Graphite: what comes out is what was written. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Track } from '../../src/collector/datasources/datasource.ts';
import { openGraphite } from '../../src/collector/datasources/graphite.ts';
import { systemClock } from '../../src/model/clock.ts';
import { Failure } from '../../src/model/failure.ts';
import { drawing } from '../chance.ts';
import { type Point, slotSeconds, startGraphite } from './graphite.ts';

const graphite = await startGraphite();
const datasource = openGraphite({ url: graphite.url, timeoutMs: 30_000, headers: {}, tls: {} }, systemClock);
afterAll(() => {
  datasource.stop();
  graphite.stop();
});

/** An hour ago, where a slot begins. */
const start = Math.floor(Date.now() / 1_000 / slotSeconds) * slotSeconds - 3_600;

/** One point a slot from the start on; null is none. */
function written(name: string, values: readonly (number | string | null)[]): readonly Point[] {
  return values.flatMap((value, at) =>
    value === null ? [] : [{ name, value, second: start + at * slotSeconds }],
  );
}

/** `slot`=`value` of each point, a text for each track; or why there is none. */
async function ask(query: string, fromSeconds = 0, toSeconds = 3_600): Promise<readonly string[] | string> {
  try {
    const [fromMs, toMs] = [(start + fromSeconds) * 1_000, (start + toSeconds) * 1_000];
    return (await datasource.ask({ query, fromMs, toMs })).map(said);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

function said({ timesMs, values }: Track): string {
  return timesMs.map((timeMs, at) => `${(timeMs / 1_000 - start) / slotSeconds}=${values[at]}`).join(' ');
}

const draw = drawing(5);
const counted = (count: number, name: string) => Array.from({ length: count }, (_, at) => `${name}${at}`);
const known: Readonly<Record<string, readonly (number | string | null)[]>> = {
  plain: [1, 0, null, -2.5, 1e9],
  infinite: ['inf', '-1e400', 1],
  'many.a': [0, null, 0],
  'many.b': [1, null, 1],
  'many.c': [2, null, 2],
  peak: Array.from({ length: 360 }, (_, at) => (at === 200 ? 1_000 : 1)),
  edges: Array.from({ length: 60 }, () => (draw(5) === 0 ? null : draw(100))),
};
const crowd = counted(1_200, 'stats.production.service-');
const long = counted(300, 'a.rather.long.name.of.number.n');

beforeAll(() =>
  graphite.write([
    ...Object.entries(known).flatMap(([name, values]) => written(name, values)),
    ...crowd.flatMap((name, at) => written(name, [at, null, at / 8])),
    ...long.flatMap((name) => written(name, [1])),
  ]),
);

async function check(query: string, expected: readonly string[] | string) {
  expect(await ask(query)).toEqual(expected);
}

test('points are what was written, and the slots after them, which are null, are left out', () =>
  check('plain', ['0=1 1=0 3=-2.5 4=1000000000']));
test('infinities come through', () => check('infinite', ['0=Infinity 1=-Infinity 2=1']));
test('an unknown metric has no series', () => check('plain.unknown', []));
test('an unbalanced query has none either', () => check('sumSeries(plain', []));
test('what is divided by an unknown metric has no value', () =>
  check('divideSeries(plain, missing.one)', []));
test('a query may be a pipe, and hold aliases and quotes of its own', () =>
  check('sumSeries(plain, plain)|scale(10)|alias("a \\"quoted\\" ☃, $1")', ['0=20 1=0 3=-50 4=20000000000']));
test('a query may hold texts in single quotes', () =>
  check(`alias(limit(sortByName(many.b), 1), 'it is "quoted", 日本')`, ['0=1 2=1']));
test('series of one name are several tracks', async () => {
  await check('many.*', ['0=0 2=0', '0=1 2=1', '0=2 2=2']);
  await check('alias(many.{a,c}, "same")', ['0=0 2=0', '0=2 2=2']);
  await check('sumSeries(many.*)', ['0=3 2=3']);
});

test('a peak of one point in an hour is seen, whatever Graphite would make of it on a picture', async () => {
  await check('peak', [known['peak']?.map((value, at) => `${at}=${value}`).join(' ') ?? '']);
  const url = `${graphite.url}/render?format=json&target=peak&from=${start - 1}&until=${start + 3_600}`;
  const drawn = (await (await fetch(`${url}&maxDataPoints=100`)).json()) as {
    readonly datapoints: readonly (readonly [number | null, number])[];
  }[];
  expect(Math.max(...(drawn[0]?.datapoints ?? []).map(([value]) => value ?? 0))).toBeLessThan(300);
});

test('a window has the points from its first to its last millisecond, and no others (seed 5)', async () => {
  const values = known['edges'] ?? [];
  const windows = Array.from({ length: 200 }, () => {
    const fromSeconds = draw(2) === 0 ? draw(600) : draw(6_000) / 10 - 0.001;
    const isShort = draw(3) === 0;
    return [fromSeconds, fromSeconds + (isShort ? draw(25) : draw(6_000) / 10)] as const;
  });
  const said = await Promise.all(windows.map(([from, to]) => ask('edges', from, to)));
  for (const [index, [from, to]] of windows.entries()) {
    const inside = values.flatMap((value, at) => {
      const second = at * slotSeconds;
      return value !== null && second >= from && second <= to ? [`${at}=${value}`] : [];
    });
    expect(said[index], `from ${from} to ${to}`).toEqual(inside.length > 0 ? [inside.join(' ')] : []);
  }
});

test('an unknown function, among many queries, fails alone, and says what Graphite says', async () => {
  const few = crowd.slice(0, 40);
  const one = few[1];
  const bad = [`noSuchFunction(${one})`, `movingAverage(${one})`, `${one})`, `${one}.typo`];
  const said = await Promise.all([...few, ...bad].map((query) => ask(query)));
  expect(said.slice(0, 40)).toEqual(few.map((_, at) => [`0=${at} 2=${at / 8}`]));
  expect(said.slice(40)).toEqual([
    'datasource.rejected: answered 400: Invalid parameters (Received request for unknown function: noSuchFunction)',
    "datasource.failed: answered 500: TypeError: movingAverage() missing 1 required positional argument: 'windowSize'",
    "datasource.failed: answered 500: TypeError: alias() missing 1 required positional argument: 'newName'",
    [],
  ]);
});

test('a query that is longer than any URL is posted', () => check(`sumSeries(${long.join(',')})`, ['0=300']));

test('1,200 queries at once have each its own answer', async () => {
  const said = await Promise.all(crowd.map((name) => ask(name, 0, 300)));
  expect(said).toEqual(crowd.map((_, at) => [`0=${at} 2=${at / 8}`]));
});

test('one that is away says nothing: that is no answer', async () => {
  const away = await startGraphite();
  const settings = { url: away.url, timeoutMs: 5_000, headers: {}, tls: {} };
  const other = openGraphite(settings, systemClock);
  const question = { query: 'a', fromMs: start * 1_000, toMs: start * 1_000 };
  expect(await other.ask(question)).toEqual([]);
  away.stop();
  await expect(other.ask(question)).rejects.toMatchObject({ code: 'datasource.unreachable' });
  other.stop();
});
