/** What queries give, construct by construct; `test/real` compares many more of them with a real Prometheus. */
import { expect, test } from 'vitest';
import type { Moments } from '../../../src/collector/promql/query.ts';
import { atOnce, lines, nowMs, openWorld, refusal } from './world.ts';

const { NaN: none, POSITIVE_INFINITY: infinite } = Number;

function shop() {
  const world = openWorld();
  world.fill('up', { job: 'api', instance: 'a' }, [1, 1, 1]);
  world.fill('up', { job: 'api', instance: 'b' }, [1, 1, 0]);
  world.fill('up', { job: 'web', instance: 'a' }, [1, 0, 2]);
  world.fill('load', { job: 'api', instance: 'a' }, [5, 7, 8]);
  world.fill('load', { job: 'api', instance: 'b' }, [1, 1, -4]);
  world.fill('count', {}, [1, 3, 5, 2, 4]);
  world.fill('odd', { kind: 'nan' }, [3, none, 1]);
  world.fill('odd', { kind: 'infinite' }, [infinite, 2, -infinite]);
  world.fill('old', {}, [9, ...Array.from({ length: 20 }, () => undefined)]);
  world.fill('tie', { Zone: 'n', a: '1' }, [1]);
  return world;
}

const world = shop();

async function check(query: string, ...expected: readonly string[]): Promise<void> {
  expect(await lines(world, query)).toEqual(expected);
}

async function checkRefused(query: string, expected: string): Promise<void> {
  expect(await refusal(world, query)).toBe(expected);
}

const over = (seconds: number, stepSeconds: number): Moments => ({
  fromMs: nowMs - seconds * 1_000,
  toMs: nowMs,
  stepMs: stepSeconds * 1_000,
});

test('selectors by label, by name and by what is missing', async () => {
  await check('up{job="web"}', '{__name__=up instance=a job=web} 2');
  await check('up{job!="api"}', '{__name__=up instance=a job=web} 2');
  await check('up{job=~"w.b|x"}', '{__name__=up instance=a job=web} 2');
  await check('up{job=~"w"}');
  await check('up{job!~"a.*",zone=""}', '{__name__=up instance=a job=web} 2');
  await check('{__name__=~"lo.*",instance="b"}', '{__name__=load instance=b job=api} -4');
  await check('{__name__="count"}', '{__name__=count} 4');
  await check('tie', '{Zone=n __name__=tie a=1} 1');
  await check('nothing');
});

test('a sample is the value for five minutes, both ends included', async () => {
  await check('old', '{__name__=old} 9');
  await check('old offset -1ms');
  await check('old offset 5m', '{__name__=old} 9');
  await check('old offset 300001ms');
  await check('count offset 30s', '{__name__=count} 5');
  await check('count offset -10s', '{__name__=count} 4');
});

test('a range selector alone gives its points, both ends included', () =>
  check('count[30s]', '{__name__=count} 5@30 2@15 4@0'));

test('changes of counters and of gauges', async () => {
  await check('increase(count[1m])', '{} 8');
  await check('rate(count[1m])', `{} ${8 / 60}`);
  await check('delta(count[1m])', '{} 3');
  await check('delta(count[14s])');
  // Continued by half a gap at most, and a counter not to before it was 0.
  await check('delta(count[59999ms])', `{} ${59.999 / 45}`);
  await check('increase(count[10m])', '{} 9');
});

test('functions over time and what is no number', async () => {
  await check('sum_over_time(count[1m])', '{} 15');
  await check('avg_over_time(count[1m])', '{} 3');
  await check('min_over_time(count[1m])', '{} 1');
  await check('max_over_time(count[1m])', '{} 5');
  await check('count_over_time(count[1m])', '{} 5');
  await check('last_over_time(count[1m])', '{__name__=count} 4');
  await check('quantile_over_time(0.5, count[1m])', '{} 3');
  await check('quantile_over_time(0.1, count[1m])', '{} 1.4');
  await check('min_over_time(odd[1m])', '{kind=infinite} -Infinity', '{kind=nan} 1');
  await check('max_over_time(odd[1m])', '{kind=infinite} Infinity', '{kind=nan} 3');
  await check('sum_over_time(odd[1m])', '{kind=infinite} NaN', '{kind=nan} NaN');
  await check('avg_over_time(odd[1m])', '{kind=infinite} NaN', '{kind=nan} NaN');
  await check('quantile_over_time(0, odd[1m])', '{kind=infinite} -Infinity', '{kind=nan} NaN');
  await check('quantile_over_time(2, count[1m])', '{} Infinity');
});

test('aggregations by labels and without them', async () => {
  await check('sum(up)', '{} 3');
  await check('sum by (job) (up)', '{job=api} 1', '{job=web} 2');
  await check('avg(up) by (job)', '{job=api} 0.5', '{job=web} 2');
  await check('max without (instance) (up)', '{job=api} 1', '{job=web} 2');
  await check('min by (missing) (load)', '{} -4');
  await check('count by (__name__) ({job="api"})', '{__name__=load} 2', '{__name__=up} 2');
  await check('quantile(0.5, up)', '{} 1');
  await check('quantile by (job) (0.25, up)', '{job=api} 0.25', '{job=web} 2');
  await check('max(odd)', '{} 1');
  await check('sum(nothing)');
});

test('arithmetic drops the name, a filter keeps it', async () => {
  await check('up{job="web"} * 3 % 4', '{instance=a job=web} 2');
  await check('1 - up{job="web"}', '{instance=a job=web} -1');
  await check('up > 0.5', '{__name__=up instance=a job=api} 1', '{__name__=up instance=a job=web} 2');
  await check('1 < up', '{__name__=up instance=a job=web} 2');
  await check('1 < bool up{job="web"}', '{instance=a job=web} 1');
  await check('-count', '{} -4');
  await check('+count', '{__name__=count} 4');
  await check('count / 0', '{} Infinity');
  await check('count % 0', '{} NaN');
  await check('-7 % 3', '{} -1');
});

test('numbers, and how operators bind', async () => {
  await check('1 + 2 * 3 - 4 / 2', '{} 5');
  await check('(1 + 2) * 3', '{} 9');
  await check('8 / 4 / 2', '{} 1');
  await check('-2 * 3', '{} -6');
  await check('1 < bool 2 == bool 1', '{} 1');
  await check('0x1F + 010 + .5 + 5. + 1e1', '{} 54.5');
  await check('-Inf', '{} -Infinity');
  await check('nan', '{} NaN');
  // The offset belongs to the selector that it stands behind.
  await check('count + count offset 30s', '{} 9');
  await check('-count offset 30s', '{} -5');
});

test('two vectors meet series by series', async () => {
  await check('load / up', '{instance=a job=api} 8', '{instance=b job=api} -Infinity');
  await check('load > up', '{__name__=load instance=a job=api} 8');
  await check('load > bool up', '{instance=a job=api} 1', '{instance=b job=api} 0');
  await check('sum by (job) (load) + on (job) sum by (job) (up)', '{job=api} 5');
  await check('load{instance="a"} - ignoring (instance) up{job="api",instance="b"}', '{job=api} 8');
  await check('up{job="web"} == on (instance) load{instance="a"} - 6', '{instance=a} 2');
  await check('up + nothing');
});

test('series that cannot be told apart are an error', async () => {
  const same = 'execution: vector cannot contain metrics with the same labelset';
  await checkRefused('abs({job="api",instance="a"})', same);
  await checkRefused('-{job="api",instance="a"}', same);
  await checkRefused('rate({job="api",instance="a"}[1m])', same);
  await checkRefused('{job="api",instance="a"} + 1', same);
  await checkRefused(
    'up / on (instance) up',
    'execution: found duplicate series for the match group {instance="a"} on the right hand-side of the operation: ' +
      '[{__name__="up", instance="a", job="web"}, {__name__="up", instance="a", job="api"}];many-to-many matching ' +
      'not allowed: matching labels must be unique on one side',
  );
  await checkRefused(
    'up{instance="a"} / on (instance) load{instance="a"}',
    'execution: multiple matches for labels: many-to-one matching must be explicit (group_left/group_right)',
  );
  expect(await refusal(world, 'last_over_time({job="api",instance="a"}[1m])')).toBe('answered');
});

test('functions of vectors and scalars', async () => {
  await check('abs(load{instance="b"})', '{instance=b job=api} 4');
  await check('ceil(count / 3)', '{} 2');
  await check('floor(count / 3)', '{} 1');
  await check('round(count / 3)', '{} 1');
  await check('round(count / 3, 0.5)', '{} 1.5');
  await check('clamp_min(count, 10)', '{} 10');
  await check('clamp_max(count, 1)', '{} 1');
  await check('clamp_min(odd{kind="nan"} / 0, NaN)', '{kind=nan} Infinity');
  await check('scalar(count)', '{} 4');
  await check('scalar(up)', '{} NaN');
  await check('vector(3)', '{} 3');
  await check('absent(count)');
  await check('absent(nothing{job="x",a=~"y",zone=""})', '{job=x} 1');
  await check('absent(sum(nothing{job="x"}))', '{} 1');
});

test('over time each series has the moments at which it has a value', async () => {
  const found = await lines(world, 'count', over(75, 15));
  expect(found).toEqual(['{__name__=count} 1@60 3@45 5@30 2@15 4@0']);
  expect(await lines(world, '2', over(20, 10))).toEqual(['{} 2@20 2@10 2@0']);
  expect(await lines(world, 'count > 3', over(60, 15))).toEqual(['{__name__=count} 5@30 4@0']);
  expect(await lines(world, 'absent(count)', over(90, 15))).toEqual(['{} 1@90 1@75']);
  expect(await lines(world, 'scalar(count)', over(75, 15))).toEqual(['{} NaN@75 1@60 3@45 5@30 2@15 4@0']);
  expect(await lines(world, 'increase(count[30s])', over(15, 15))).toEqual(['{} 4@15 4@0']);
});

test('over time what is told apart at each moment becomes one series', async () => {
  const apart = openWorld();
  apart.fill('one', {}, [1, 2, ...Array.from({ length: 40 }, () => undefined)]);
  apart.fill('two', {}, [3]);
  const moments = over(615, 615);
  expect(await lines(apart, 'abs({__name__=~"one|two"})', moments)).toEqual(['{} 1@615 3@0']);
  expect(await refusal(apart, '-{__name__=~"one|two"}', moments)).toMatch(/same labelset$/);
});

test('over time series have the order of their labels', async () => {
  const names = (await lines(world, '{__name__=~"up|tie|load"}', over(0, 15))).map((line) =>
    line.split(' ', 3).join(' '),
  );
  expect(names).toEqual([
    '{Zone=n __name__=tie a=1}',
    '{__name__=load instance=a job=api}',
    '{__name__=load instance=b job=api}',
    '{__name__=up instance=a job=api}',
    '{__name__=up instance=a job=web}',
    '{__name__=up instance=b job=api}',
  ]);
});

test('one moment gives a vector, a scalar or points', async () => {
  expect(await refusal(world, 'count[1m]', over(15, 15))).toBe(
    'bad_data: invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  );
  expect(await refusal(world, '"a"', atOnce)).toBe(
    'execution: a text as a value is not part of this subset of PromQL',
  );
});

test('over time in the order of bytes, as Go sorts texts', async () => {
  const signs = openWorld();
  for (const a of ['\u{10000}', '\uffff', 'z', '\ue000b', '\ue000', '\u{1f600}', 'é'])
    signs.fill('m', { a }, [1]);
  const found = await lines(signs, 'm', over(0, 15));
  const names = ['z', 'é', '\ue000', '\ue000b', '\uffff', '\u{10000}', '\u{1f600}'];
  expect(found).toEqual(names.map((a) => `{__name__=m a=${a}} 1`));
});
