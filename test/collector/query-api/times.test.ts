import { expect, test } from 'vitest';
import {
  durationMs,
  limitOf,
  optionalTimeMs,
  requiredTimeMs,
} from '../../../src/collector/query-api/times.ts';

const time = (text: string) => requiredTimeMs('start', text);
const step = (text: string) => durationMs('step', text);

/** What comes of it, or what is said. */
function check(work: () => number, expected: number | string) {
  let found: number | string;
  try {
    found = work();
  } catch (error) {
    found = String(error);
  }
  expect(found).toBe(typeof expected === 'string' ? `QueryError: invalid parameter ${expected}` : expected);
}

test.each([
  '',
  ' 1',
  '1 ',
  'x',
  '-5min',
  'now',
  '0x10',
  '1_000',
  '1e',
  '.',
  'NaN',
  'Inf',
  '9e12',
  '2026-01-20',
  '2026-01-20T12:00:00',
  '2026-01-20T12:00:00z',
  '2026-01-20 12:00:00Z',
  '2026-02-30T12:00:00Z',
  '2026-13-01T12:00:00Z',
  '2026-00-01T12:00:00Z',
  '2026-01-00T12:00:00Z',
  '2026-01-20T24:00:00Z',
  '2026-01-20T12:60:00Z',
  '2026-01-20T12:00:60Z',
  '2026-01-20T12:00:00+24:00',
  '2026-01-20T12:00:00.Z',
  '__proto__',
])('%j is no time', (text) => {
  check(() => time(text), `"start": cannot parse "${text}" to a valid timestamp`);
});

test('a time that need not be there says of which parameter it is once more', () => {
  const said = `"time": Invalid time value for 'time': cannot parse "x" to a valid timestamp`;
  check(() => optionalTimeMs('time', 'x', 7), said);
  check(() => optionalTimeMs('time', '', 7), 7);
  check(() => optionalTimeMs('time', '5', 7), 5_000);
});

test.each([
  ['0', 0],
  ['1795224749', 1_795_224_749_000],
  ['1795224749.125', 1_795_224_749_125],
  ['1.5e3', 1_500_000],
  ['-1.5', -1_500],
  ['+2.', 2_000],
  ['.25', 250],
  ['1.0004', 1_000],
  ['1.0006', 1_001],
  ['1970-01-01T00:00:01Z', 1_000],
  ['2024-02-29T00:00:00Z', Date.UTC(2024, 1, 29)],
  ['2026-01-20T12:00:00.9996Z', Date.UTC(2026, 0, 20, 12) + 999],
  ['2026-01-20T12:00:00,5Z', Date.UTC(2026, 0, 20, 12) + 500],
  ['2026-01-20T12:00:00+05:30', Date.UTC(2026, 0, 20, 6, 30)],
  ['0000-01-01T00:00:00Z', Date.parse('0000-01-01T00:00:00Z')],
])('the time %j is %d', (text, expected) => check(() => time(text), expected));

test.each(['', 'x', '1d2', '5min', '1.5h', 's', '1s1m', '1m1m', '-5m', '1m 1s', 'NaN', 'Inf', '300y'])(
  '%j is no duration',
  (text) => check(() => step(text), `"step": cannot parse "${text}" to a valid duration`),
);

test.each(['1e30', '-1e30'])('%j is more than Prometheus counts', (text) => {
  check(() => step(text), `"step": cannot parse "${text}" to a valid duration. It overflows int64`);
});

test.each([
  ['5', 5_000],
  ['0', 0],
  ['-5', -5_000],
  ['0.5', 500],
  ['500ms', 500],
  ['5m', 300_000],
  ['1d2h', 93_600_000],
  ['1y2w3d4h5m6s7ms', 365 * 86_400_000 + 17 * 86_400_000 + 14_706_007],
  ['0s', 0],
])('the duration %j is %d ms', (text, expected) => check(() => step(text), expected));

test.each([
  ['', 0],
  ['0', 0],
  ['40000', 40_000],
  ['-1', '"limit": limit must be non-negative'],
  ['x', '"limit": "x" is not a whole number'],
  ['1.5', '"limit": "1.5" is not a whole number'],
  ['9'.repeat(400), `"limit": "${'9'.repeat(400)}" is not a whole number`],
])('the limit %j', (text, expected) => check(() => limitOf(text), expected));
