/** Interned names, against a Map. */
import { expect, test } from 'vitest';
import { HashedNames } from '../../../src/collector/window/hashed-names.ts';
import { Names, none, other } from '../../../src/collector/window/names.ts';
import { drawing } from '../../chance.ts';

function open(namesMax: number, charactersMax = 1e6): { names: Names; full: () => number } {
  let full = 0;
  const names = new Names(namesMax, charactersMax, () => full++);
  return { names, full: () => full };
}

const quoted = (names: Names, id: number): unknown => {
  const target = Buffer.alloc(6 * names.length(id) + 2);
  return JSON.parse(target.toString('utf8', 0, names.quote(id, target, 0)));
};

test('a name beyond the limit is other, and is said', () => {
  const { names, full } = open(2);
  expect([names.take('a'), names.take('b')]).toEqual([1, 2]);
  expect([names.take('c'), full()]).toEqual([other, 1]);
  expect([names.take('a'), full()]).toEqual([1, 1]);
});

test('and has its own place when another name is gone', () => {
  const { names } = open(1);
  const first = names.take('10.0.0.1');
  expect(names.take('10.0.0.2')).toBe(other);
  names.drop(first);
  const second = names.take('10.0.0.2');
  expect([names.text(second), names.count]).toEqual(['10.0.0.2', 1]);
});

test('so is one that has no room for its characters', () => {
  const { names, full } = open(100, 1_000);
  const taken = Array.from({ length: 20 }, (_, i) => names.take(`${i}`.padEnd(400, 'x')));
  expect(taken.filter((id) => id !== other).length).toBeLessThan(5);
  expect(full()).toBeGreaterThan(15);
});

test('a name of a hundred thousand characters is other', () => {
  const { names, full } = open(100);
  expect([names.take('x'.repeat(100_000)), full()]).toEqual([other, 1]);
});

test('what is called other is other', () => {
  const { names, full } = open(5);
  expect([names.take('other'), names.text(other), names.count, full()]).toEqual([other, 'other', 0, 0]);
  names.drop(other);
  expect(names.text(names.take('other'))).toBe('other');
});

test('no value has no text', () => {
  const { names } = open(5);
  names.drop(none);
  names.hold(none);
  expect([names.text(none), names.count]).toEqual(['', 0]);
});

test('it is forgotten when nobody holds it', () => {
  const { names } = open(5);
  const id = names.take('a');
  names.hold(id);
  names.drop(id);
  expect([names.text(id), names.count]).toEqual(['a', 1]);
  names.drop(id);
  expect(names.count).toBe(0);
});

const texts = ['', 'a', 'abc', 'abcd', 'abcde', '__proto__', 'constructor', 'toString', '"', '\\n', 'grün'];
const longer = ['日本', '🌍', 'x'.repeat(2_000), 'é'.repeat(700), '\u2028', ' ', 'a"b\\c'.repeat(100)];
for (const text of [...texts, ...longer]) {
  test(`${JSON.stringify(text.slice(0, 20))} comes back as it went in`, () => {
    const { names } = open(5);
    const id = names.take(text);
    expect([names.text(id), quoted(names, id)]).toEqual([text, text]);
    expect(names.take(text)).toBe(id);
    const bytes = Buffer.from(`<<${text}>>`);
    expect(names.takeBytes(bytes, 2, bytes.length - 2)).toBe(id);
  });
}

test('names are ordered by code points', () => {
  const { names } = open(100);
  const all = [...texts, ...longer, 'ab', 'abd', 'b', 'other-1', '\uffee'];
  const byPoint = [...all].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const ids = all.map((text) => names.take(text)).sort((a, b) => names.compare(a, b));
  expect(ids.map((id) => names.text(id))).toEqual(byPoint);
});

/** The same, slowly. */
class Model {
  readonly holds = new Map<string, number>();
  readonly taken: [text: string, id: number][] = [];

  take(text: string, id: number): void {
    this.holds.set(text, (this.holds.get(text) ?? 0) + 1);
    this.taken.push([text, id]);
  }

  drop(index: number): [text: string, id: number] {
    const [text, id] = this.taken[index] ?? ['', none];
    this.taken[index] = this.taken.at(-1) ?? ['', none];
    this.taken.pop();
    const count = (this.holds.get(text) ?? 0) - 1;
    if (count === 0) this.holds.delete(text);
    else this.holds.set(text, count);
    return [text, id];
  }
}

for (const [seed, namesMax] of [
  [1, 20],
  [2, 300],
  [3, 5_000],
] as const) {
  test(`come and go, up to ${namesMax} names (seed ${seed})`, () => {
    const draw = drawing(seed);
    const { names } = open(namesMax);
    const emptyBytes = names.byteLength;
    const model = new Model();
    const drop = () => {
      const [text, id] = model.drop(draw(model.taken.length));
      const isRight = names.text(id) === text;
      names.drop(id);
      return isRight;
    };
    const take = () => {
      const text = 'x'.repeat(draw(30)) + draw(namesMax);
      const isRoom = model.holds.has(text) || model.holds.size < namesMax;
      const id = draw(2) === 0 ? names.take(text) : names.takeBytes(Buffer.from(text), 0, text.length);
      if (isRoom) model.take(text, id);
      return names.text(id) === (isRoom ? text : 'other');
    };
    for (let turn = 0; turn < 30_000; turn++) {
      const isShrinking = turn % 10_000 > 6_000;
      const isRight = model.taken.length > 0 && draw(10) < (isShrinking ? 9 : 2) ? drop() : take();
      if (!isRight || names.count !== model.holds.size) expect.fail(`turn ${turn}`);
    }
    while (model.taken.length > 0) expect(drop()).toBe(true);
    names.trim();
    expect([names.count, names.byteLength]).toEqual([0, emptyBytes]);
  });
}

test('addresses that change for weeks never need more memory', () => {
  const { names, full } = open(1_000);
  const held: number[] = [];
  let bytes = 0;
  for (let i = 0; i < 100_000; i++) {
    held.push(names.take(`10.${i}.0.1`));
    if (held.length > 900) names.drop(held.shift() ?? none);
    if (i === 10_000) bytes = names.byteLength;
  }
  expect([full(), names.count]).toEqual([0, 900]);
  expect(names.byteLength).toBeLessThanOrEqual(bytes * 1.3);
});

test('a hashed address is twelve digits, the same each time, of one process only', () => {
  const open = () => new HashedNames(5, 1_000, () => undefined);
  const names = open();
  const id = names.take('192.168.1.100');
  const bytes = Buffer.from('"192.168.1.100"');
  expect(names.takeBytes(bytes, 1, bytes.length - 1)).toBe(id);
  expect(names.text(id)).toMatch(/^[0-9a-f]{12}$/);
  expect(names.take('192.168.1.101')).not.toBe(id);
  const elsewhere = open();
  expect(elsewhere.text(elsewhere.take('192.168.1.100'))).not.toBe(names.text(id));
});
