/** Pairs that are counted, against a Map. */
import { expect, test } from 'vitest';
import { fresh, known, Pairs, refused } from '../../../src/collector/window/pairs.ts';
import { drawing } from '../../chance.ts';

/** The same, slowly. */
class Model {
  readonly counts = new Map<number, number>();
  readonly entered: number[] = [];
  readonly #pairsMax: number;

  constructor(pairsMax: number) {
    this.#pairsMax = pairsMax;
  }

  add(key: number): number {
    const count = this.counts.get(key) ?? 0;
    if (count === 0 && this.counts.size >= this.#pairsMax) return refused;
    this.counts.set(key, count + 1);
    this.entered.push(key);
    return count === 0 ? fresh : known;
  }

  remove(index: number): { key: number; isLast: boolean } {
    const key = this.entered[index] ?? 0;
    this.entered[index] = this.entered.at(-1) ?? 0;
    this.entered.pop();
    const count = (this.counts.get(key) ?? 0) - 1;
    if (count === 0) this.counts.delete(key);
    else this.counts.set(key, count);
    return { key, isLast: count === 0 };
  }
}

for (const [seed, pairsMax] of [
  [1, 50],
  [2, 500],
  [3, 100_000],
] as const) {
  test(`counts what comes and goes, up to ${pairsMax} pairs (seed ${seed})`, () => {
    const draw = drawing(seed);
    const pairs = new Pairs(pairsMax);
    const emptyBytes = pairs.byteLength;
    const model = new Model(pairsMax);
    const remove = () => {
      const { key, isLast } = model.remove(draw(model.entered.length));
      return pairs.remove(key >>> 16, key & 0xffff) === isLast;
    };
    const add = () => {
      const key = ((draw(60) << 16) | (draw(60) * 1_092)) >>> 0;
      return pairs.add(key >>> 16, key & 0xffff) === model.add(key);
    };
    for (let turn = 0; turn < 30_000; turn++) {
      const isShrinking = turn % 10_000 > 7_000;
      const isRight = model.entered.length > 0 && draw(10) < (isShrinking ? 9 : 3) ? remove() : add();
      if (!isRight || pairs.count !== model.counts.size) expect.fail(`turn ${turn}`);
      if (turn % 1_000 === 0) expect(contents(pairs)).toEqual(ordered(model.counts));
    }
    while (model.entered.length > 0) remove();
    expect([pairs.count, pairs.byteLength]).toEqual([0, emptyBytes]);
  });
}

function contents(pairs: Pairs): Map<number, number> {
  const found: [number, number][] = [];
  pairs.each((one, two, count) => {
    found.push([one * 65_536 + two, count]);
  });
  return ordered(new Map(found));
}

function ordered(counts: ReadonlyMap<number, number>): Map<number, number> {
  return new Map([...counts].sort(([a], [b]) => a - b));
}
