/** Whatever is in a table and however narrow the terminal is, the blocks say all of it. */
import { expect, test } from 'vitest';
import { textBlocks } from '../../src/cli/blocks.ts';
import { drawing } from '../chance.ts';

const head = ['DASHBOARD', 'COMPONENT', 'STATUS', 'TOLD', 'HELD BACK'];
const time = '2026-01-20T11:57:00Z';

test('the first two cells head a block, the others follow with the names of their columns', () => {
  const held = 'fails since 2026-01-20T11:57:04Z: unauthorized: answered 401';
  const rows = [
    ['public', 'Shop (shop, production)', 'degraded', 'never', held],
    ['pager', 'API (api, production)', 'outage', time, '-'],
  ];
  expect(textBlocks([head, ...rows], 60)).toBe(`public: Shop (shop, production)
  STATUS degraded  TOLD never
  HELD BACK fails since 2026-01-20T11:57:04Z: unauthorized:
    answered 401
pager: API (api, production)
  STATUS outage  TOLD 2026-01-20T11:57:00Z
`);
});

test('what is longer than a line is broken between words, and never within one', () => {
  const rows = [['d', 'a long name of a component', 's', '-', `x${'y'.repeat(30)}`]];
  expect(textBlocks([head, ...rows], 16)).toBe(`d: a long name
  of a component
  STATUS s
  HELD BACK
    x${'y'.repeat(30)}
`);
});

test('no word is lost, and no line of several words is wider than the terminal (seed 7)', () => {
  const pick = drawing(7);
  const cell = () => Array.from({ length: 1 + pick(9) }, () => 'w'.repeat(1 + pick(12))).join(' ');
  for (let round = 0; round < 300; round++) {
    const row = head.map(cell);
    const columnsCount = 20 + pick(100);
    const text = textBlocks([head, row], columnsCount);
    const [first, second, ...others] = row;
    const said = [`${first}:`, second, ...others.map((each, index) => `${head[index + 2]} ${each}`)].join(
      ' ',
    );
    expect(text.split(/\s+/).filter(Boolean)).toEqual(said.split(' '));
    for (const line of text.split('\n')) {
      if (line.length > columnsCount) expect(line.trim()).not.toContain(' ');
    }
  }
});
