/** The names that were counted most, against a sort. */
import { expect, test } from 'vitest';
import { largest } from '../../../src/collector/window/largest.ts';
import { Names } from '../../../src/collector/window/names.ts';
import { drawing } from '../../chance.ts';

function pick(counts: Readonly<Record<string, number>>, shownMax: number, nameless = 0): [string, number][] {
  const names = new Names(10_000, 1e6, () => undefined);
  const entries = Object.entries(counts);
  const all = {
    ids: Uint16Array.from(entries, ([name]) => names.take(name)),
    counts: Uint32Array.from(entries, ([, count]) => count),
  };
  const shown = largest(all, shownMax, names, nameless);
  return Array.from(shown.ids, (id, i) => [names.text(id), shown.counts[i] ?? 0]);
}

test('none', () => expect(pick({}, 3)).toEqual([]));
test('the most first, then by name', () =>
  expect(pick({ c: 1, b: 1, a: 2 }, 3)).toEqual([
    ['a', 2],
    ['b', 1],
    ['c', 1],
  ]));
test('the rest is other, in its place', () =>
  expect(pick({ a: 1, b: 5, c: 2, d: 1 }, 1)).toEqual([
    ['b', 5],
    ['other', 4],
  ]));
test('with what is other already and what has no name', () =>
  expect(pick({ a: 4, other: 3, b: 1 }, 1, 2)).toEqual([
    ['other', 6],
    ['a', 4],
  ]));
test('none at all may be shown', () => expect(pick({ a: 4, b: 1 }, 0)).toEqual([['other', 5]]));

for (const seed of [1, 2, 3]) {
  test(`are those that a sort finds, and nothing is lost (seed ${seed})`, () => {
    const draw = drawing(seed);
    const counts: Record<string, number> = {};
    for (let i = 0; i < 3_000; i++) counts[`n${draw(1e6)}`] = 1 + draw(seed ** 5 * 3);
    const shown = pick(counts, 100);
    const named = shown.filter(([name]) => name !== 'other');
    const sorted = Object.values(counts).sort((a, b) => b - a);
    expect(named.map(([, count]) => count)).toEqual(sorted.slice(0, 100));
    expect(named.every(([name, count]) => counts[name] === count)).toBe(true);
    const total = (list: readonly number[]) => list.reduce((sum, count) => sum + count, 0);
    expect(total(shown.map(([, count]) => count))).toBe(total(sorted));
  });
}
