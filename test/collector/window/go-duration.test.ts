/** Durations as Go spells them. */
import { expect, test } from 'vitest';
import { goDuration } from '../../../src/collector/window/go-duration.ts';

function check(durationMs: number, expected: string): void {
  expect(goDuration(durationMs)).toBe(expected);
}

test('nothing', () => check(0, '0s'));
test('half a second', () => check(500, '500ms'));
test('seconds', () => check(45_000, '45s'));
test('seconds and a part', () => check(1_500, '1.5s'));
test('a minute and a half', () => check(90_000, '1m30s'));
test('half an hour', () => check(1_800_000, '30m0s'));
test('an hour', () => check(3_600_000, '1h0m0s'));
test('a day and a bit', () => check(86_461_005, '24h1m1.005s'));
