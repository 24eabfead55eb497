import { expect, test } from 'vitest';
import { Timestamps } from '../../../src/collector/intake/timestamp.ts';

/** @param expected in the form of `Date.toISOString`; absent: it is no time */
function check(text: string, expected?: string): void {
  const timeMs = new Timestamps().readText(text);
  expect(Number.isNaN(timeMs) ? undefined : new Date(timeMs).toISOString()).toBe(expected);
}

for (const text of [
  '',
  'Z',
  '2026-02-04',
  '2026-02-04T17:00:00',
  '2026-02-04T17:00Z',
  '2026-02-04 17:00:00Z',
  '2026-02-04T17:00:00 Z',
  '2026-02-04T17:00:00ZZ',
  '2026-02-04T17:00:00Z ',
  ' 2026-02-04T17:00:00Z',
  '2026-02-04T17:00:00.Z',
  '2026-02-04T17:00:00,5Z',
  '2026-02-04T17:00:00.5',
  '2026-02-04T17:00:00.5x',
  '2026-02-04T17:00:00+01',
  '2026-02-04T17:00:00+0100',
  '2026-02-04T17:00:00+1:00',
  '2026-02-04T17:00:00+24:00',
  '2026-02-04T17:00:00+01:60',
  '2026-02-04T17:00:00~01:00',
  '2026-02-04T17:00:00+01:00Z',
  '2026-02-04T24:00:00Z',
  '2026-02-04T17:60:00Z',
  '2026-02-04T17:00:61Z',
  '2026-02-04T-1:00:00Z',
  '2026-02-04T17.00:00Z',
  '2026-02-04T17:00.00Z',
  '2026/02/04T17:00:00Z',
  '2026-2-4T17:00:00.000Z',
  '2026-00-04T17:00:00Z',
  '2026-13-04T17:00:00Z',
  '2026-02-00T17:00:00Z',
  '2026-02-29T17:00:00Z',
  '2026-04-31T17:00:00Z',
  '1900-02-29T17:00:00Z',
  '+02026-02-04T17:00:00Z',
  '-2026-02-04T17:00:00Z',
  '12026-02-04T17:00:00Z',
  '20x6-02-04T17:00:00Z',
  '２026-02-04T17:00:00Z',
  'Wed, 04 Feb 2026 17:00:00 GMT',
  '\u0000'.repeat(16),
  '\u0000'.repeat(20),
]) {
  test(`${JSON.stringify(text)} is no time`, () => check(text));
}

test('a time in UTC is read', () => check('2026-02-04T17:00:00Z', '2026-02-04T17:00:00.000Z'));
test('letters may be small', () => check('2026-02-04t17:00:00z', '2026-02-04T17:00:00.000Z'));
test('a fraction may have one digit', () => check('2026-02-04T17:00:00.5Z', '2026-02-04T17:00:00.500Z'));
test('what is below a millisecond is cut off', () =>
  check('2026-02-04T17:00:00.123999999Z', '2026-02-04T17:00:00.123Z'));
test('an offset is taken off', () => check('2026-02-04T17:00:00+05:30', '2026-02-04T11:30:00.000Z'));
test('and may lead to another year', () => check('2026-01-01T00:30:00+01:00', '2025-12-31T23:30:00.000Z'));
test('a negative one is added', () => check('2026-02-04T17:00:00-23:59', '2026-02-05T16:59:00.000Z'));
test('an unknown offset is UTC', () => check('2026-02-04T17:00:00-00:00', '2026-02-04T17:00:00.000Z'));
test('a leap second is the end of the one before', () =>
  check('2016-12-31T23:59:60.25Z', '2016-12-31T23:59:59.999Z'));
test('also in another zone', () => check('2017-01-01T00:59:60+01:00', '2016-12-31T23:59:59.999Z'));
test('every fourth year has a day more', () => check('2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'));
test('also the year 2000', () => check('2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'));
test('the year 0 is read', () => check('0000-02-29T00:00:00Z', '0000-02-29T00:00:00.000Z'));
test('the year 99 is not 1999', () => check('0099-12-31T00:00:00Z', '0099-12-31T00:00:00.000Z'));
test('the year 9999 is read', () => check('9999-12-31T23:59:59Z', '9999-12-31T23:59:59.000Z'));

test('one reader reads one time after the other as a new one would', () => {
  const reader = new Timestamps();
  for (let day = -800_000; day < 2_900_000; day += 997) {
    const time = new Date(day * 86_400_000 + ((day * 7_919) % 86_400) * 1000);
    const year = time.getUTCFullYear();
    const text = time.toISOString();
    if (year < 0 || year > 9999) continue;
    expect(reader.readText(text)).toBe(Date.parse(text));
    expect(reader.readText(text.replace('Z', '+00:00'))).toBe(Date.parse(text));
    expect(reader.readText(text.replace(/\.\d+/, ''))).toBe(Date.parse(text));
    expect(reader.readText(text.replace(':', ';'))).toBeNaN();
  }
});

test('what is no time is none twice', () => {
  const reader = new Timestamps();
  for (let i = 0; i < 2; i++) expect(reader.readText('2026-02-30T17:00:00Z')).toBeNaN();
  expect(reader.readText('2026-02-28T17:00:00Z')).toBe(Date.parse('2026-02-28T17:00:00Z'));
});
