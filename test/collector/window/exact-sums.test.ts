/** Sums that stay exact while numbers come and go. */
import { expect, test } from 'vitest';
import { ExactSums } from '../../../src/collector/window/exact-sums.ts';
import { drawing } from '../../chance.ts';
import { exactSum } from './exact-sum.ts';

function check(values: readonly number[]): void {
  const sums = new ExactSums(1);
  for (const value of values) sums.add(3, value);
  expect(sums.total([3])).toBe(exactSum(values));
  for (const value of values) sums.add(3, -value);
  expect(sums.total([3])).toBe(0);
}

test('ten tenths are one', () => check(Array(10).fill(0.1)));
test('what a large number hides is not lost', () => check([1e12, 1e-30, 1e12, 3e-30]));
test('numbers of every size need more than two parts', () => check([1e12, 1e-5, 1e-20, 1e-35, 7]));
test('a tie is broken by what lies far below it', () => check([2 ** 53, 1, 2 ** -60]));
test('and is else rounded to even', () => check([2 ** 53, 1]));

test('parts that are gone leave no memory', () => {
  const sums = new ExactSums(8);
  const before = sums.byteLength;
  for (const value of [1e12, 1e-5, 1e-20, 1e-35]) sums.add(1, value);
  expect(sums.byteLength).toBeGreaterThan(before);
  for (const value of [1e12, 1e-5, 1e-20, 1e-35]) sums.add(1, -value);
  expect(sums.byteLength).toBe(before);
});

test('sums of several are rounded once', () => {
  const sums = new ExactSums(1);
  const values = [0.1, 0.2, 0.3, 1e12, 1e-20, 1e-35, 0.7];
  for (const [i, value] of values.entries()) sums.add(i % 3, value);
  expect(sums.total([0, 1, 2, 500])).toBe(exactSum(values));
  expect(sums.total([])).toBe(0);
});

for (const seed of [1, 2, 3, 4]) {
  test(`whatever comes and goes in whatever order, the sum is exact (seed ${seed})`, () => {
    const draw = drawing(seed);
    const sums = new ExactSums(1);
    const held: number[] = [];
    for (let turn = 0; turn < 3_000; turn++) {
      if (draw(5) < 2 && held.length > 0) {
        sums.add(0, -(held.splice(draw(held.length), 1)[0] ?? 0));
      } else {
        const value = (draw(2 ** 31) / 1_000) * 10 ** (draw(seed * 12) - seed * 9);
        held.push(value);
        sums.add(0, value);
      }
      if (turn % 10 === 0) expect(sums.total([0])).toBe(exactSum(held));
    }
    for (const value of held) sums.add(0, -value);
    expect(sums.total([0])).toBe(0);
  });
}
