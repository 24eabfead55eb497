import { expect, test } from 'vitest';
import { pointText, pointTimeText, quoted, scalarText } from '../../../src/collector/query-api/go-text.ts';

/** What Go's strconv prints, with `'f', -1` for a scalar. */
test.each([
  [Number.NaN, 'NaN', 'NaN'],
  [Number.POSITIVE_INFINITY, '+Inf', '+Inf'],
  [Number.NEGATIVE_INFINITY, '-Inf', '-Inf'],
  [0, '0', '0'],
  [-0, '-0', '-0'],
  [1, '1', '1'],
  [-1.5, '-1.5', '-1.5'],
  [0.1 + 0.2, '0.30000000000000004', '0.30000000000000004'],
  [1e-6, '0.000001', '0.000001'],
  [9.999e-7, '9.999e-07', '0.0000009999'],
  [-1e-7, '-1e-07', '-0.0000001'],
  [5e-324, '5e-324', `0.${'0'.repeat(323)}5`],
  [123456789012345680000, '123456789012345680000', '123456789012345680000'],
  [1e21, '1e+21', `1${'0'.repeat(21)}`],
  [-1.25e22, '-1.25e+22', `-125${'0'.repeat(20)}`],
  [1.7976931348623157e308, '1.7976931348623157e+308', `17976931348623157${'0'.repeat(292)}`],
])('%d is printed as Go does', (value, point, scalar) => {
  expect([pointText(value), scalarText(value)]).toEqual([point, scalar]);
});

test('what is printed reads back as the same number, with an exponent of two digits', () => {
  for (let power = -323; power <= 307; power++) {
    for (const digits of ['1', '-1.5', '9.87654321']) {
      const value = Number(`${digits}e${power}`);
      for (const text of [pointText(value), scalarText(value)]) expect(Number(text)).toBe(value);
      expect(pointText(value)).toMatch(/^-?[\d.]+(e[+-]\d{2,})?$/);
      expect(scalarText(value)).toMatch(/^-?[\d.]+$/);
    }
  }
});

test.each([
  [0, '0'],
  [1_000, '1'],
  [1_001, '1.001'],
  [1_020, '1.020'],
  [1_300, '1.300'],
  [-1, '-0.001'],
  [-62_135_596_800_000, '-62135596800'],
])('the time %d is printed as Prometheus does', (timeMs, expected) => {
  expect(pointTimeText(timeMs)).toBe(expected);
});

test.each([
  ['plain', '"plain"'],
  ['a "b" \\', '"a \\"b\\" \\\\"'],
  ['\n\r\t\x07\b\f\v', '"\\n\\r\\t\\a\\b\\f\\v"'],
  ['\0\x1b\x7f', '"\\x00\\x1b\\x7f"'],
  ['é 日本 😀', '"é 日本 😀"'],
  ['\u00a0\u200b\u{e0001}', '"\\u00a0\\u200b\\U000e0001"'],
])('%j is quoted as Go does', (text, expected) => {
  expect(quoted(text)).toBe(expected);
});
