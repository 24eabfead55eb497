import { expect, test } from 'vitest';
import { countOf, countText, mebibytes, timesOf } from '../../src/pages/number.ts';

test('large counts are grouped', () =>
  expect([0, 999, 1_000, 12_345, 1_234_567].map(countText)).toEqual([
    '0',
    '999',
    '1,000',
    '12,345',
    '1,234,567',
  ]));
test('one is not many', () =>
  expect([0, 1, 1_000].map((count) => countOf(count, 'target'))).toEqual([
    '0\u00a0targets',
    '1\u00a0target',
    '1,000\u00a0targets',
  ]));
test('once is no number', () => expect([1, 2].map(timesOf)).toEqual(['once', '2\u00a0times']));
test('memory', () => expect(mebibytes(60.25 * 1_048_576)).toBe('60.3 MiB'));
