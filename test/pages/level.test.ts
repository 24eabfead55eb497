import { expect, test } from 'vitest';
import { headline, type Level, percent, upShareOf, worstOf } from '../../src/pages/level.ts';

const standings = (levels: readonly Level[], isRead = true) => levels.map((level) => ({ level, isRead }));

function check(levels: readonly Level[], expected: string, isRead = true): void {
  expect(headline(standings(levels, isRead))).toBe(expected);
}

test('before the first reading nothing is claimed', () =>
  check([undefined], 'Waiting for the first readings', false));
test('without any data, that is said', () => check([undefined, undefined], 'No data'));
test('what is not known is not called operational', () => check([0, undefined], 'No known problem'));
test('all is well only where all is known', () => check([0, 0], 'All systems operational'));
test('the worst decides', () => check([0, 3, 1, undefined], 'Critical outage'));
test('a degraded service is no outage', () => check([1, 0], 'Degraded service'));
test('an outage is worse than a degradation', () => check([1, 2], 'Outage'));
test('no services, no claim', () => check([], 'Waiting for the first readings'));

test('the worst of nothing known is not known', () =>
  expect(worstOf(standings([undefined]))).toBe(undefined));

function checkShare(levels: readonly Level[], expected: number | undefined): void {
  expect(upShareOf(levels)).toBe(expected);
}

test('degraded counts as up, outage and critical as down', () => checkShare([0, 1, 2, 3], 0.5));
test('no data counts as nothing', () => checkShare([0, undefined, 2, undefined], 0.5));
test('without data there is no share', () => checkShare([undefined], undefined));

test('a share never looks whole that is not, nor empty', () => {
  expect([1, 0.9999, 0.5, 0.0001, 0, undefined].map(percent)).toEqual([
    '100.0 %',
    '99.9 %',
    '50.0 %',
    '0.1 %',
    '0.0 %',
    '–',
  ]);
});
