/** Percentiles that are off by 1 percent at most, against a sort. */
import { expect, test } from 'vitest';
import { Bins } from '../../../src/collector/window/bins.ts';
import { Sketch } from '../../../src/collector/window/sketch.ts';
import { drawing } from '../../chance.ts';

function check(values: readonly number[]): void {
  const sketch = new Sketch(new Bins());
  for (const value of values) sketch.add(value);
  const sorted = [...values].sort((a, b) => a - b);
  for (const share of [0, 0.01, 0.25, 0.5, 0.95, 0.99, 1]) {
    const exact = sorted[Math.ceil(share * (values.length - 1))] ?? Number.NaN;
    const told = sketch.quantile(share);
    expect(Math.abs(told - exact), `${share}: ${told} for ${exact}`).toBeLessThanOrEqual(0.010_000_1 * exact);
  }
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(sketch.mean).toBeCloseTo(mean, 9);
}

test('a single latency is told exactly', () => {
  const sketch = new Sketch(new Bins());
  sketch.add(45);
  expect([sketch.mean, sketch.quantile(0.5), sketch.quantile(0.99)]).toEqual([45, 45, 45]);
});

test('nothing but zero is zero', () => check([0, 0, 0]));
test('zero is below all others', () => check([0, 0, 0, 5, 7]));
test('from a nanosecond to eleven days', () => check([1e-6, 1e9, 3, 0.001, 5e8, 2e-6]));
test('down, so that bins are added below', () =>
  check(Array.from({ length: 500 }, (_, i) => 1e6 / 1.05 ** i)));

test('what is beyond a thousand years is not more than there was', () => {
  const sketch = new Sketch(new Bins());
  for (const value of [1, 1e10, 1e12]) sketch.add(value);
  expect(sketch.quantile(1)).toBeLessThanOrEqual(1e12);
  expect(sketch.quantile(0)).toBeCloseTo(1, 1);
});

for (const seed of [1, 2, 3]) {
  test(`whatever the latencies are (seed ${seed})`, () => {
    const draw = drawing(seed);
    const scale = 10 ** (draw(8) - 3);
    check(Array.from({ length: 5_000 }, () => scale * Math.exp((draw(1_000) + draw(1_000)) / 150)));
  });
}

test('sketches share their memory, and the next ones begin at nothing', () => {
  const bins = new Bins();
  for (let round = 0; round < 3; round++) {
    const sketches = Array.from({ length: 100 }, () => new Sketch(bins));
    for (let i = 0; i < 40; i++)
      for (const [at, sketch] of sketches.entries()) sketch.add(10 ** ((i + at) % 9));
    for (const sketch of sketches) expect(sketch.quantile(1)).toBe(1e8);
    expect(bins.byteLength).toBe(4 * 65_536);
    bins.clear();
  }
  bins.clear();
  expect(bins.byteLength).toBe(0);
});
