/** What cannot be read, what this subset lacks, and what would take too much. */
import { expect, test } from 'vitest';
import { evaluate } from '../../../src/collector/promql/evaluate.ts';
import { FoundSeries } from '../../../src/collector/promql/found-series.ts';
import { looksFor } from '../../../src/collector/promql/matchers.ts';
import { overTime } from '../../../src/collector/promql/over-time.ts';
import { parseQuery, parseSelector } from '../../../src/collector/promql/parse.ts';
import { Points } from '../../../src/collector/promql/points.ts';
import { QueryError } from '../../../src/collector/promql/query.ts';
import { limits } from '../../../src/model/limits.ts';
import { drawing } from '../../chance.ts';
import { damaged, soup } from '../../real/promql-queries.ts';
import { ask, atOnce, nowMs, openWorld, refusal } from './world.ts';

function check(query: string, expected: string): void {
  expect(trouble(query)).toBe(expected);
}

function trouble(query: string): string {
  try {
    parseQuery(query);
  } catch (error) {
    if (error instanceof QueryError) return `${error.kind}: ${error.message}`;
    throw error;
  }
  return 'read';
}

test('what makes no sense is told with its place', () => {
  check('', 'bad_data: 1:1: parse error: no expression found in input');
  check('sum(up', 'bad_data: 1:7: parse error: unclosed left parenthesis');
  check(
    'up{a="b" c="d"}',
    'bad_data: 1:10: parse error: unexpected identifier "c" in label matching, expected "," or "}"',
  );
  check('up\n  $', "bad_data: 2:3: parse error: unexpected character: '$'");
  check('up{a=~"("}', 'bad_data: 1:4: parse error: error parsing regexp: missing closing ): `^(?:()$`');
  check(
    '{a=~".*"}',
    'bad_data: 1:1: parse error: vector selector must contain at least one non-empty matcher',
  );
  check('up{__name__="a"}', 'bad_data: 1:1: parse error: metric name must not be set twice: "up" or "a"');
  check(
    'rate(up)',
    'bad_data: 1:6: parse error: expected type range vector in call to function "rate", got instant vector',
  );
  check('1 > 2', 'bad_data: 1:3: parse error: comparisons between scalars must use BOOL modifier');
  check('up + bool up', 'bad_data: 1:4: parse error: bool modifier can only be used on comparison operators');
  check('up[5]', 'bad_data: 1:4: parse error: missing unit character in duration');
  check('up offset 5', 'bad_data: 1:11: parse error: unexpected number "5" in offset, expected duration');
  check('frobnicate(up)', 'bad_data: 1:1: parse error: unknown function with name "frobnicate"');
  check(
    'up{"a"="b"}',
    'bad_data: 1:4: parse error: unexpected string "\\"a\\"" in label matching, expected identifier or "}"',
  );
});

test('what Prometheus has and this subset lacks is named', () => {
  const lacks = (query: string, what: string) =>
    check(query, `execution: ${what} is not part of this subset of PromQL`);
  lacks('up and up', 'the operator and');
  lacks('up ^ 2', 'the operator ^');
  lacks('up * on (a) group_left (b) up', 'the modifier group_left');
  lacks('max_over_time(up[5m:1m])', 'a subquery');
  lacks('up @ 5', 'the modifier @');
  lacks('topk(1, up)', 'the aggregation topk');
  lacks('holt_winters(up[5m], 0.1, 0.1)', 'the function holt_winters');
  lacks('sum(abs(1 + histogram_quantile(0.9, up)))', 'the function histogram_quantile');
  // What Prometheus would refuse, too, is no matter of the subset.
  check(
    'topk("a", up)',
    'bad_data: 1:6: parse error: expected type scalar in aggregation parameter, got string',
  );
});

test('a selector alone', () => {
  const world = openWorld();
  world.fill('up', { job: 'api' }, [1]);
  world.fill('up', { job: 'web' }, [1]);
  world.fill('down', { job: 'web' }, [1]);
  const found = (text: string) =>
    Array.from(looksFor(parseSelector(text), world.store)).flatMap((found) =>
      found ? [`${found.name} ${found.series.labels['job']}`] : [],
    );
  expect(found('up')).toEqual(['up api', 'up web']);
  expect(found('{job=~"w.*"}')).toEqual(['up web', 'down web']);
  expect(found('{__name__=~"d.*"}')).toEqual(['down web']);
  for (const text of ['up[5m]', '(up)', 'up offset 5m', '1', 'sum(up)', '{}']) {
    expect(() => parseSelector(text), text).toThrow(QueryError);
  }
});

test('long, deep and wide queries are refused before they are read', () => {
  check(
    'a'.repeat(limits.queryCharactersMax + 1),
    `bad_data: a query has ${limits.queryCharactersMax} characters at most`,
  );
  const deep = `bad_data: a query has ${limits.queryDepthMax} operators and brackets in each other at most`;
  check(`${'('.repeat(4_000)}1${')'.repeat(4_000)}`, deep);
  check(`${'('.repeat(8_000)}`, deep);
  check(`${'-'.repeat(8_000)}1`, deep);
  check(`1${'+1'.repeat(4_000)}`, deep);
  check(`up${'[5m]'.repeat(2_000)}`, deep);
  check(`up${' offset 5m'.repeat(700)}`, deep);
  check(`${'sum('.repeat(1_500)}up${')'.repeat(1_500)}`, deep);
  check(`${'abs('.repeat(200)}up${')'.repeat(200)}`, 'read');
  check(
    `sum by (${'a,'.repeat(limits.queryTokensMax / 2)}a) (up)`,
    `bad_data: a query has ${limits.queryTokensMax} words and signs at most`,
  );
  const many = Array.from({ length: limits.queryRegexesMax + 1 }, () => 'a=~"b.*"').join(',');
  check(`up{${many}}`, `bad_data: a query has ${limits.queryRegexesMax} regular expressions at most`);
  check(
    `up{a=~"${'x'.repeat(limits.regexCharactersMax + 1)}"}`,
    `bad_data: 1:4: parse error: a regular expression has ${limits.regexCharactersMax} characters at most`,
  );
  expect(trouble('up{a=~"(x{0,30}){0,30}"}')).toMatch(/asks for too much work; count fewer repetitions$/);
});

test('a regular expression takes a time that grows with the text alone', async () => {
  const world = openWorld();
  for (let index = 0; index < 200; index++) world.fill('m', { a: `${'a'.repeat(1_000)}${index}!` }, [1]);
  // A backtracking engine would not be done in years.
  for (const pattern of ['(a+)+$', '(a|aa)+', '(.*)(.*)(.*)(.*)(.*)x', '(a*)*b', '([a-z]+)*[0-9]']) {
    expect(await refusal(world, `m{a=~"${pattern}"}`)).toBe('answered');
  }
});

test('alternatives without signs are texts', async () => {
  const world = openWorld();
  for (const a of ['b', 'c.d', 'cxd', 'e|f', 'g-h']) world.fill('m', { a }, [1]);
  world.fill('m', {}, [1]);
  const found = (pattern: string) =>
    Array.from(looksFor(parseSelector(`m{a=~"${pattern}"}`), world.store)).flatMap((each) =>
      each ? [each.series.labels['a'] ?? ''] : [],
    );
  expect(found('b|c\\\\.d')).toEqual(['b', 'c.d']);
  expect(found('b|c.d')).toEqual(['b', 'c.d', 'cxd']);
  expect(found('b|')).toEqual(['b', '']);
  expect(found('g\\\\-h|x')).toEqual(['g-h']);
  expect(found('(b|x)')).toEqual(['b']);
  expect(found('(?:c\\\\.d|x)')).toEqual(['c.d']);
  expect(found('(b)|(x)')).toEqual(['b']);
});

test('too many points, series and moments', async () => {
  const world = openWorld();
  for (let index = 0; index < 500; index++) world.fill('m', { index: `${index}` }, [1, 2, 3]);
  const moments = (steps: number) => ({ fromMs: nowMs - steps * 15_000, toMs: nowMs, stepMs: 15_000 });
  expect(await refusal(world, 'm', moments(limits.queryStepsMax))).toMatch(
    /^execution: query processing would load/,
  );
  expect(await refusal(world, '1', moments(limits.queryStepsMax))).toBe('answered');
  expect(await refusal(world, '1', moments(limits.queryStepsMax + 1))).toBe(
    'bad_data: exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
  );
  for (let index = 0; index < limits.querySeriesMax; index++) world.fill('n', { index: `${index}` }, [1]);
  expect(await refusal(world, 'count({__name__=~"n|m"})')).toBe(
    `execution: one selector may find ${limits.querySeriesMax} series; add matchers`,
  );
});

test('a quantile of too many points of one series', () => {
  const count = limits.quantilePointsMax;
  const points = new Points();
  points.values = new Float64Array(count + 1).fill(2);
  const window = { points, first: 0, end: count, fromMs: 0, toMs: 0, reset: 0 };
  const quantile = overTime.get('quantile_over_time');
  expect(quantile?.of(window, 0.5)).toBe(2);
  expect(() => quantile?.of({ ...window, end: count + 1 }, 0.5)).toThrow(
    `quantile_over_time takes ${count} points of a series at most; ask for a shorter time`,
  );
});

test('a query pauses often, and ends when its time is over', async () => {
  const world = openWorld();
  for (let index = 0; index < 300; index++)
    world.fill(
      'm',
      { index: `${index}` },
      Array.from({ length: 100 }, () => index),
    );
  let [pauses, elapsedMs] = [0, 0];
  const paused = {
    ...world,
    clock: { ...world.clock, monotonic: () => elapsedMs },
    pause: () => {
      pauses++;
      return Promise.resolve();
    },
  };
  const moments = { fromMs: nowMs - 1_500_000, toMs: nowMs, stepMs: 15_000 };
  const calm = await ask(world, 'sum by (index) (avg_over_time(m[5m]))', moments);
  expect(await ask(paused, 'sum by (index) (avg_over_time(m[5m]))', moments)).toEqual(calm);
  expect(pauses).toBeGreaterThan(50);
  const slow = {
    ...paused,
    pause: () => {
      elapsedMs += 1_000;
      return undefined;
    },
  };
  await expect(evaluate(parseQuery('sum(max_over_time(m[25m]))'), moments, slow)).rejects.toMatchObject({
    kind: 'timeout',
    message: 'query timed out in expression evaluation after 10 s',
  });
});

test('points that change while a query pauses do not spoil what it has read', async () => {
  const world = openWorld();
  const values = Array.from({ length: 200 }, (_, index) => index);
  world.fill('m', {}, values);
  let pauses = 0;
  const busy = {
    ...world,
    pause: () => {
      pauses++;
      world.fill(
        'm',
        {},
        Array.from(values, () => 1_000 + pauses),
      );
      world.fill('m', { pauses: `${pauses}` }, [pauses]);
      return Promise.resolve();
    },
  };
  const moments = { fromMs: nowMs - 2_985_000, toMs: nowMs, stepMs: 1_000 };
  // It has found the series already when they begin to change.
  const remembered = new FoundSeries();
  const query = parseQuery('max_over_time(m[10m])');
  const calm = await evaluate(query, moments, { ...world, remembered });
  expect(await evaluate(query, moments, { ...busy, remembered })).toEqual(calm);
  expect(pauses).toBeGreaterThan(5);
});

test('garbage of 6,000 kinds, seed 4711, is refused as what it is', async () => {
  const world = openWorld();
  world.fill('up', { job: 'api' }, [1, 2, 3]);
  const draw = drawing(4_711);
  let answered = 0;
  for (let index = 0; index < 6_000; index++) {
    const query = index % 3 === 0 ? damaged(draw) : soup(draw);
    // Anything but a `QueryError` is thrown on.
    if ((await refusal(world, query, atOnce)) === 'answered') answered++;
  }
  expect(answered).toBeGreaterThan(200);
});
