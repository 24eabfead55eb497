import { expect, test } from 'vitest';
import { momentMs } from '../../../src/collector/health/moment.ts';
import { noonMs } from './stage.ts';

/** @param expected seconds before noon; undefined: it is no moment */
function check(text: string, expected: number | undefined): void {
  const ms = momentMs(text, noonMs + 789);
  expect((noonMs - ms) / 1000).toBe(expected ?? Number.NaN);
}

for (const text of [
  '',
  ' ',
  'banana',
  'yesterday',
  '-5m',
  '5min',
  '-0.5h',
  '-min',
  '-5minn',
  '--5min',
  'now5',
  'NOW',
  '2026-01-20',
  '2026-01-20T12:00',
  '2026-02-30T12:00:00Z',
  '2026-01-20T24:00:00Z',
  '2026-01-20T12:00:00 01:00',
  '1e9',
  '-1000',
  '0x10',
  '99999999999999',
  'Infinity',
  '-999999999y',
]) {
  test(`${JSON.stringify(text)} is no moment`, () => check(text, undefined));
}
test('now is now', () => check('now', 0));
test('RFC 3339 with any offset', () => {
  check('2026-01-20T12:00:00Z', 0);
  check('2026-01-20T13:30:00+01:30', 0);
  check('2026-01-20t11:59:00.999z', 60);
});
test('seconds since 1970', () => {
  check(String(noonMs / 1000), 0);
  check(`${noonMs / 1000 - 1}.5`, 1);
});
test("Graphite's words", () => {
  check('-5min', 300);
  check('-5minutes', 300);
  check(' -300s ', 300);
  check('now-90seconds', 90);
  check('-2h', 7_200);
  check('-1d', 86_400);
  check('-1w', 604_800);
  check('-1mon', 30 * 86_400);
  check('-1years', 365 * 86_400);
});
