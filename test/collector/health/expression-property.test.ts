/** Random expressions come to what the tree that they were printed from comes to, for every state of the flags. */
import { expect, test } from 'vitest';
import { parseExpression } from '../../../src/collector/health/expression.ts';
import { type Draw, drawing } from '../../chance.ts';

const names = ['a', 'svc.error-rate', 'svc.error_rate2', 'svc.error', '9.x', 'und so.weiter'];

type Up = (name: string) => boolean;
/** How close it binds, and what it comes to. */
type Tree = { readonly text: string; readonly binds: number; readonly value: (up: Up) => boolean };

const atom = 9;
const operators: readonly {
  readonly sign: string;
  readonly binds: number;
  readonly value: (a: boolean, b: boolean) => boolean;
}[] = [
  { sign: '||', binds: 1, value: (a, b) => a || b },
  { sign: '&&', binds: 2, value: (a, b) => a && b },
  { sign: '==', binds: 3, value: (a, b) => a === b },
  { sign: '!=', binds: 3, value: (a, b) => a !== b },
];

function grow(draw: Draw, depth: number): Tree {
  const kind = depth === 0 ? 0 : draw(8);
  if (kind === 0) return leaf(draw);
  if (kind === 1) {
    const below = grow(draw, depth - 1);
    const text = `!${space(draw)}${below.binds < 8 ? bracketed(draw, below.text) : below.text}`;
    return { text, binds: 8, value: (up) => !below.value(up) };
  }
  const { sign, binds, value } = pick(draw, operators);
  const [left, right] = [grow(draw, depth - 1), grow(draw, depth - 1)];
  // From the left: what binds as close may stand there without brackets, and on the right may not.
  const first = left.binds < binds || draw(6) === 0 ? bracketed(draw, left.text) : left.text;
  const second = right.binds <= binds || draw(6) === 0 ? bracketed(draw, right.text) : right.text;
  return {
    text: `${first}${space(draw)}${sign}${space(draw)}${second}`,
    binds,
    value: (up) => value(left.value(up), right.value(up)),
  };
}

function leaf(draw: Draw): Tree {
  const kind = draw(12);
  if (kind === 0) return { text: 'true', binds: atom, value: () => true };
  if (kind === 1) return { text: 'false', binds: atom, value: () => false };
  if (kind === 2) return { text: '(2 > 1)', binds: atom, value: () => true };
  const name = pick(draw, names);
  return { text: draw(2) ? name : name.replaceAll('-', '_'), binds: atom, value: (up) => up(name) };
}

function bracketed(draw: Draw, text: string): string {
  return `(${space(draw)}${text}${space(draw)})`;
}

function space(draw: Draw): string {
  return pick(draw, ['', '', ' ', '  ', '\t', '\n', '\u00a0']);
}

function pick<T>(draw: Draw, from: readonly T[]): T {
  return from[draw(from.length)] as T;
}

/** Which are up, in every way. */
function worlds(): readonly ReadonlySet<string>[] {
  return Array.from(
    { length: 2 ** names.length },
    (_none, bits) => new Set(names.filter((_name, at) => bits & (1 << at))),
  );
}

for (let seed = 1; seed <= 2_000; seed += 500) {
  test(`trees of the seeds from ${seed}`, () => {
    for (let at = seed; at < seed + 500; at++) {
      const draw = drawing(at);
      const { text, value } = grow(draw, 1 + draw(5));
      const expression = parseExpression(text, names);
      if (text.length > 2_000) continue;
      if (typeof expression === 'string') throw new Error(`seed ${at}: ${text}: ${expression}`);
      for (const up of worlds()) {
        const states = new Map(names.map((name) => [name.replaceAll('-', '_'), up.has(name)]));
        const expected = value((name) => up.has(name));
        if (expression.evaluate(states) !== expected) {
          expect.fail(`seed ${at}: ${text} with ${[...up]} is not ${expected}`);
        }
      }
    }
  });
}

const words = [
  'a',
  'svc.error-rate',
  'x',
  'true',
  '1',
  '2.5',
  'max',
  'floor',
  '"',
  '$0',
  'and',
  'constructor',
];
const signs = [
  '!',
  '&&',
  '||',
  '==',
  '!=',
  '<',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '^',
  '(',
  ')',
  ',',
  ';',
  '=',
  '&',
  '?',
  '[',
];

test('whatever comes, it is an expression for every state of the flags, or a text says why not', () => {
  let taken = 0;
  for (let seed = 1; seed <= 30_000; seed++) {
    const draw = drawing(seed);
    const parts = Array.from({ length: draw(12) }, () =>
      draw(2) ? pick(draw, words.slice(0, 8 + draw(5))) : pick(draw, signs),
    );
    const text = parts.join(pick(draw, ['', ' ']));
    const expression = parseExpression(text, names);
    if (typeof expression === 'string') {
      expect(expression, text).toMatch(/\w/);
      continue;
    }
    taken++;
    for (const a of [true, false]) {
      for (const b of [true, false]) {
        const value = expression.evaluate(
          new Map([
            ['a', a],
            ['svc.error_rate', b],
          ]),
        );
        expect(typeof value, text).toBe('boolean');
      }
    }
  }
  expect(taken).toBeGreaterThan(300);
});
