import { expect, test } from 'vitest';
import { sorted } from '../../../src/collector/promql/sorting.ts';
import { drawing } from '../../chance.ts';

async function check(texts: Iterable<string>) {
  const given = new Set(texts);
  const expected = [...given].sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
  let pauses = 0;
  const pause = () => {
    pauses++;
    return undefined;
  };
  expect(await sorted(given, (text) => text, pause)).toEqual(expected);
  return pauses;
}

test('nothing and one', async () => {
  await check([]);
  await check(['a']);
});

test('by bytes, where code units have another order', () =>
  check([
    '\u{10000}',
    '\uffff',
    '\ue000',
    '\u{1f600}',
    '\u{1f601}',
    'a',
    'é',
    'ab',
    '',
    'a\u{10000}',
    'a\uffff',
  ]));

test('many, with pauses (seed 7)', async () => {
  const draw = drawing(7);
  const signs = ['a', 'b', 'Z', '_', 'é', '日', '\uffff', '😀'];
  const text = () => Array.from({ length: draw(9) }, () => signs[draw(signs.length)]).join('');
  expect(await check(Array.from({ length: 40_000 }, text))).toBeGreaterThan(10);
});
