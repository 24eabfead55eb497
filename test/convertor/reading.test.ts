/** What an answer of the convertor means: every shape, every kind of garbage. */
import { expect, test } from 'vitest';
import { decodeHealth } from '../../src/convertor/decode.ts';
import { parseAnswer } from '../../src/convertor/json.ts';
import { judge } from '../../src/convertor/judge.ts';
import { Failure } from '../../src/model/failure.ts';
import { type Target, targetKey } from '../../src/model/target.ts';

const nowMs = Date.parse('2026-01-20T12:00:00Z');
const now = nowMs / 1000;

const target: Target = {
  key: targetKey('ecs', 'eu-de'),
  service: 'ecs',
  environment: 'eu-de',
  component: 'ECS',
  attributes: {},
  ids: {},
  flags: [],
};

/** `2@-60`: status 2, observed 60 s ago; else the reason why there is no data. */
function meaning(answer: unknown, flags: readonly string[] = []): string {
  const bytes = Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer));
  try {
    const { series } = decodeHealth(parseAnswer(bytes), target, nowMs);
    const verdict = judge(series, { nowMs, maxDataAgeMs: 600_000, flags: new Set(flags) });
    if (verdict.status === undefined) return verdict.reason;
    return `${verdict.status}@${(verdict.timeMs - nowMs) / 1000}`;
  } catch (error) {
    if (error instanceof Failure) return error.reason;
    throw error;
  }
}

const check = (answer: unknown, expected: string, flags: readonly string[] = []) =>
  expect(meaning(answer, flags)).toBe(expected);

/** Shape A around points. */
const a = (...metrics: unknown[]) => ({
  name: 'ecs',
  environment: 'eu-de',
  service_category: 'compute',
  metrics,
});
const point = (weight: unknown, ageS = 0, metric_states = {}) => ({
  timestamp: now - ageS,
  weight,
  metric_states,
});

test('shape A: points with timestamp and weight, the newest decides', () => {
  check(a(point(0, 120), point(2, 60)), '2@-60');
  check(a(point(2, 60), point(0, 120)), '2@-60');
  check(a(point(3, 120), point(0)), '0@0');
});
test('shape A with other names for time and value', () => {
  check(a({ ts: now, status: 1 }), '1@0');
  check(a({ time: now - 5, value: 3 }), '3@-5');
  check(a({ time: '2026-01-20T11:59:00Z', impact: 2 }), '2@-60');
  check(a({ timestamp: now, weight: 1, status: 3 }), '1@0');
});
test('shape B: pairs of time and weight', () => check(a([now - 60, 0], [now, 2]), '2@0'));
test('shape C: one series a region, the worst region decides', () => {
  const regions = (...points: unknown[][][]) =>
    a(...points.map((datapoints) => ({ region: 'r', datapoints })));
  check(regions([[now, 0]], [[now - 60, 2]]), '2@-60');
  check(regions([[now, 0]], [[now - 900, 2]]), '0@0');
  check(regions([[now, 0]], [[now, 'down']]), 'garbled');
});
test('shape D: one series as an object', () =>
  check({ name: 'ecs', metrics: { datapoints: [[now - 10, 1]] } }, '1@-10'));
test('shape E: pairs of value and time', () => {
  check(
    [
      {
        target: 'ecs',
        datapoints: [
          [2.0, now - 10],
          [null, now],
        ],
      },
    ],
    '2@-10',
  );
  check([{ target: 'health.eu-de.ecs', datapoints: [[1, now]] }], '1@0');
  check([{ target: 'other', datapoints: [[2, now]] }], 'garbled');
});
test('shape F: one status with the name of its service', () => {
  check({ service: 'ecs', environment: 'eu-de', status: 1, timestamp: '2026-01-20T12:00:00Z' }, '1@0');
  check({ service: 'ecs', status: 2 }, '2@0');
  check({ service: 'ecs', status: 'down' }, 'garbled');
  check({ status: 2 }, 'garbled');
});
test('shape G: several services in one answer', () => {
  check([{ ...a(point(3)), name: 'other' }, a(point(1))], '1@0');
  check([{ ...a(point(3)), name: 'other' }], 'garbled');
});
test('shape H: nothing in it', () => {
  check(a(), 'empty');
  check([], 'empty');
  check(a(point(null)), 'empty');
  check({ name: 'ecs', metrics: { datapoints: [[now, null]] } }, 'empty');
});
test('in a pair the number of 1e8 or more is the time, above 1e11 in milliseconds', () => {
  check(a([2, now]), '2@0');
  check(a([nowMs - 1000, 2]), '2@-1');
  check(a({ timestamp: nowMs, weight: 2 }), '2@0');
});
test('two points of one time: the worse', () => check(a(point(1), point(3), point(2)), '3@0'));
test('an answer about another service or environment is garbage', () => {
  check({ ...a(point(2)), name: 'other' }, 'garbled');
  check({ ...a(point(2)), environment: 'other' }, 'garbled');
  check({ metrics: [point(2)] }, '2@0');
});
test('old and future points are no data', () => {
  check(a(point(2, 600)), '2@-600');
  check(a(point(2, 601)), 'stale');
  check(a(point(2, -60)), '2@60');
  check(a(point(2, -61)), 'stale');
  check(a({ timestamp: 253_402_300_799, weight: 2 }), 'stale');
});

const notStatuses = [
  '"1"',
  '"down"',
  'true',
  '[2]',
  '{}',
  '1.5',
  '-1',
  '300',
  '1e999',
  '4',
  '0.5',
  '""',
  '-0.1',
];
test.each(notStatuses)('%s in the deciding place is garbage', (value) => {
  check(`{"name":"ecs","metrics":[{"timestamp":${now},"weight":${value}}]}`, 'garbled');
  check(`{"name":"ecs","metrics":[[${now},${value}]]}`, 'garbled');
  check(`{"name":"ecs","metrics":[[${now - 60},2],[${now},${value}]]}`, 'garbled');
});
test('1.0 is 1', () => check(`{"name":"ecs","metrics":[[${now}.0,1.0]]}`, '1@0'));
test('garbage that does not decide does not matter', () => check(a(point('x', 60), point(1)), '1@0'));

test('a healthy point that lacks a flag is incomplete: the newest complete one decides', () => {
  const complete = { 'ecs.api-down': false, 'ecs.slow': false };
  check(a(point(0, 0, complete)), '0@0', ['ecs.api_down', 'ecs.slow']);
  check(a(point(0, 0, { 'ecs.slow': false })), 'incomplete', ['ecs.api_down']);
  check(a(point(0, 60, complete), point(0, 0, {})), '0@-60', ['ecs.slow']);
  check(a(point(2, 60, {}), point(0, 0, {})), '2@-60', ['ecs.slow']);
  check(a(point(0, 700, complete), point(0, 0, {})), 'incomplete', ['ecs.slow']);
  check(a(point(1, 0, {})), '1@0', ['ecs.slow']);
  check(a(point(0, 0, { 'ecs.slow': null })), 'incomplete', ['ecs.slow']);
  check(a([now, 0]), '0@0', ['ecs.slow']);
});

const bodies: readonly [string, string][] = [
  ['', 'garbled'],
  ['  \n', 'garbled'],
  ['null', 'garbled'],
  ['2', 'garbled'],
  ['"outage"', 'garbled'],
  ['<html><body>502</body></html>', 'garbled'],
  ['{"name":"ecs","metrics":[[', 'garbled'],
  [`{"name":"ecs","metrics":[[${now},2]]} trailing`, 'garbled'],
  [`${'['.repeat(500_000)}`, 'garbled'],
  [`{"name":"ecs","metrics":${'['.repeat(100)}${']'.repeat(100)}}`, 'garbled'],
  [`{"__proto__":{"name":"ecs","metrics":[[${now},2]]}}`, 'garbled'],
  [`{"constructor":{"prototype":{"metrics":[[${now},2]]}}}`, 'garbled'],
  ['{"name":"ecs","metrics":null}', 'garbled'],
  ['{"name":"ecs","metrics":"2"}', 'garbled'],
  ['{"name":"ecs","metrics":{}}', 'garbled'],
  [`{"name":"ecs","metrics":[2]}`, 'garbled'],
  [`{"name":"ecs","metrics":[{"weight":2}]}`, 'garbled'],
  [`{"name":"ecs","metrics":[{"timestamp":"yesterday","weight":2}]}`, 'garbled'],
  [`{"name":"ecs","metrics":[{"timestamp":null,"weight":2}]}`, 'garbled'],
  [`{"name":"ecs","metrics":[{"timestamp":-5,"weight":2}]}`, 'garbled'],
  [`{"name":["ecs"],"metrics":[[${now},2]]}`, 'garbled'],
  [`\uFEFF{"name":"ecs","metrics":[[${now},2]]}`, '2@0'],
  [`{"name":"e\\u0063s","metrics":[[${now},2]]}`, '2@0'],
  [`{"name":"ecs","note":"${'['.repeat(200)}","metrics":[[${now},2]]}`, '2@0'],
];
test.each(bodies)('the body %.40s', (body, expected) => check(body, expected));

test('nothing that a body holds reaches the prototype of objects', () => {
  for (const [body] of bodies) meaning(body);
  expect(Object.keys(Object.prototype)).toEqual([]);
  expect(({} as Record<string, unknown>)['metrics']).toBeUndefined();
});

test('a megabyte of points is judged in a moment', () => {
  const points = Array.from({ length: 20_000 }, (_, at) => point(0, at / 100, {}));
  const startedMs = performance.now();
  check(a(...points), 'incomplete', ['ecs.slow']);
  expect(performance.now() - startedMs).toBeLessThan(2_000);
});
