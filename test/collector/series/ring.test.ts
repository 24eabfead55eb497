/** A ring holds what a sorted array would hold that lets its oldest points go. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Ring } from '../../../src/collector/series/ring.ts';

type Point = readonly [timeMs: number, value: number];

class SortedArray {
  points: Point[] = [];

  add(timeMs: number, value: number, room: number): string {
    const at = this.points.findIndex(([time]) => time === timeMs);
    if (at >= 0) {
      this.points[at] = [timeMs, value];
      return 'replaced';
    }
    if (this.points.length >= room) {
      if (timeMs < (this.points[0]?.[0] ?? 0)) return 'too_old';
      this.points.shift();
    }
    this.points = [...this.points, [timeMs, value] as const].sort(([one], [other]) => one - other);
    return 'added';
  }
}

function pointsOf(ring: Ring, fromMs = Number.NEGATIVE_INFINITY, toMs = Number.POSITIVE_INFINITY): Point[] {
  return ring
    .range(fromMs, toMs)
    .flatMap(({ times, values }) => Array.from(times, (time, index): Point => [time, values[index] ?? 0]));
}

function filled(count: number, room: number): Ring {
  const ring = new Ring();
  for (let index = 0; index < count; index++) ring.add(index, index * 10, room);
  return ring;
}

test('it is the sorted array that lets its oldest points go', () => {
  const points = fc.array(fc.tuple(fc.integer({ min: 0, max: 60 }), fc.double()), { maxLength: 200 });
  const range = fc.tuple(fc.integer({ min: -5, max: 65 }), fc.integer({ min: -5, max: 65 }));
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 40 }), range, (all, room, [fromMs, toMs]) => {
      const ring = new Ring();
      const naive = new SortedArray();
      for (const [timeMs, value] of all) {
        expect(ring.add(timeMs, value, room)).toBe(naive.add(timeMs, value, room));
      }
      const [newest] = naive.points.slice(-1);
      expect(pointsOf(ring)).toEqual(naive.points);
      expect(pointsOf(ring, fromMs, toMs)).toEqual(
        naive.points.filter(([time]) => time >= fromMs && time <= toMs),
      );
      expect(ring.count).toBe(naive.points.length);
      expect(ring.latest).toEqual(newest && { timeMs: newest[0], value: newest[1] });
    }),
  );
});

test('it is so while its room changes, too', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 0, max: 500 }), fc.boolean()), { maxLength: 400 });
  fc.assert(
    fc.property(steps, (all) => {
      const ring = new Ring();
      const naive = new SortedArray();
      for (const [timeMs, mayGrow] of all) {
        const room = mayGrow ? 300 : Math.max(1, ring.count);
        expect(ring.add(timeMs, timeMs, room)).toBe(naive.add(timeMs, timeMs, room));
      }
      expect(pointsOf(ring)).toEqual(naive.points);
    }),
  );
});

test('an empty one has no points, no newest and no oldest', () => {
  const ring = new Ring();
  expect([ring.count, ring.latest, ring.newestMs, ring.oldestMs, ring.range(0, 9)]).toEqual([
    0,
    undefined,
    Number.NaN,
    Number.NaN,
    [],
  ]);
});

test('points around its end are two segments, others one, and none is copied', () => {
  const ring = filled(25, 20);
  expect(ring.range(10, 12)).toHaveLength(1);
  const [first, second] = ring.range(18, 24);
  expect([Array.from(first?.times ?? []), Array.from(second?.times ?? [])]).toEqual([
    [18, 19],
    [20, 21, 22, 23, 24],
  ]);
  ring.add(18, -1, 20);
  expect(first?.values[0]).toBe(-1);
});

test('a full one takes a point as old as its oldest, and none that is older', () => {
  const ring = filled(5_770, 5_760);
  expect(ring.oldestMs).toBe(10);
  expect(ring.add(9.5, 1, 5_760)).toBe('too_old');
  expect(ring.add(10, 1, 5_760)).toBe('replaced');
  expect(ring.add(10.5, 1, 5_760)).toBe('added');
  expect([ring.count, ring.oldestMs]).toEqual([5_760, 10.5]);
});

test('it takes memory as its points come', () => {
  const slots = (count: number) => (filled(count, 5_760).range(0, 1)[0]?.times.buffer.byteLength ?? 0) / 8;
  expect([2, 17, 100, 5_760].map(slots)).toEqual([16, 32, 128, 5_760]);
  for (const count of [300, 1_000, 3_000]) expect(slots(count)).toBeLessThanOrEqual(1.25 * count + 1);
});
