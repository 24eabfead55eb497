/** Ranks that are selected are those of the sorted values. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rankOf, selectRanks } from '../../../src/collector/series/select-rank.ts';

function check(all: ArrayLike<number>, percents: readonly number[] = [50, 95, 99]): void {
  const values = Float64Array.from(all);
  const sorted = Float64Array.from(all).sort();
  const ranks = percents.map((percent) => rankOf(percent, values.length));
  drain(selectRanks(values, values.length, ranks));
  expect(ranks.map((rank) => values[rank])).toEqual(ranks.map((rank) => sorted[rank]));
  // Nothing is lost on the way.
  expect(Buffer.from(values.sort().buffer).equals(Buffer.from(sorted.buffer))).toBe(true);
}

/** How many turns others had. */
function drain(selection: Generator): number {
  let turns = 0;
  while (!selection.next().done) turns++;
  return turns;
}

function series(count: number, at: (index: number) => number): Float64Array {
  return Float64Array.from({ length: count }, (_none, index) => at(index));
}

/** The same at every run, and without order. */
function jumble(index: number): number {
  return (Math.imul(index + 1, 2_654_435_761) >>> 0) / 2 ** 32;
}

test('whatever the values are', () => {
  const value = fc.oneof(
    fc.double({ noNaN: true }).map((some) => some + 0),
    fc.constantFrom(0, 1, -1, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE),
    fc.integer({ min: 0, max: 5 }),
  );
  const percents = fc.uniqueArray(fc.integer({ min: 0, max: 100 }), { maxLength: 5 });
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 400 }), percents, (values, some) =>
      check(
        values,
        some.sort((one, other) => one - other),
      ),
    ),
    { numRuns: 500 },
  );
});

test('a whole day without order', () => check(series(5_760, jumble)));
test('a whole day in order', () => check(series(5_760, (index) => index)));
test('a whole day in reverse', () => check(series(5_760, (index) => -index)));
test('a whole day of one value', () => check(series(5_760, () => 7)));
test('a whole day of two values', () => check(series(5_760, (index) => index % 2)));
test('a saw', () => check(series(5_760, (index) => index % 90)));
test('up and down again', () => check(series(5_760, (index) => Math.min(index, 5_760 - index))));
test('few large among equals', () => check(series(5_760, (index) => (index % 100 === 0 ? index : 0))));
test('more than one turn', () => check(series(250_000, jumble)));
test('one value', () => check([3]));

test('others have their turn while there is very much', () => {
  const values = series(1_000_000, jumble);
  expect(drain(selectRanks(values, values.length, [500_000]))).toBeGreaterThan(10);
});

test('there is an end to it where no pivot helps', () => {
  const values = new Float64Array(250_000).fill(Number.NaN);
  // 60 pivots, for each of which all is looked at twice, with two pauses.
  expect(drain(selectRanks(values, values.length, [100_000]))).toBe(240);
});

test('the documented rule rounds up', () => {
  expect([1, 2, 3, 101, 240, 5_760].map((count) => [50, 95, 99].map((p) => rankOf(p, count)))).toEqual([
    [0, 0, 0],
    [1, 1, 1],
    [1, 2, 2],
    [50, 95, 99],
    [120, 228, 237],
    [2_880, 5_472, 5_702],
  ]);
});
