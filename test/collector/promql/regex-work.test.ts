import { RE2JS } from 're2js';
import { expect, test } from 'vitest';
import { regexWork } from '../../../src/collector/promql/regex-work.ts';
import { limits } from '../../../src/model/limits.ts';
import { drawing } from '../../chance.ts';

test.each([
  '(?:\\p{L}{30}){30}',
  '(a{10}){300}',
  '((a?b?){100}){20,}',
  '(?:a{0,50}){60}',
  '\\Q[\\E(?:\\p{L}{30}){30}',
  '\\Q(\\E(?:a{50}){50}',
  '[]](?:a{50}){50}',
  '[^]](?:a{50}){50}',
  '[[:alpha:]](?:a{50}){50}',
  '[\\]](?:a{50}){50}',
  '[\\Q](?:a{50}){50}[\\E]',
  '\\x{41}(?:a{50}){50}',
  '\\pL{60}',
  '\\p{Greek}'.repeat(100),
  `(?i)[${'\\PL'.repeat(100)}]`,
  '(?i)[b-\\x{1e943}]'.repeat(10),
  '(?si)[\\x42-\u{1e943}]'.repeat(10),
  '(?-s:(?i:[é-\u{1e943}]))'.repeat(10),
  '.*a.{2000}',
])('%s is too much', (pattern) => {
  expect(regexWork(pattern)).toBeGreaterThan(limits.regexWorkMax);
});

test.each([
  'api-.*',
  '5..',
  '(?i)[a-z0-9_.-]+@[^@]{1,64}',
  `(${Array.from({ length: 150 }, (_, at) => `pod-${at}.*`).join('|')})`,
  '(.*a){12}b.*c',
  '.*a.{300}c',
  '\\p{L}+\\p{N}*',
])('%s is not', (pattern) => {
  expect(regexWork(pattern)).toBeLessThanOrEqual(limits.regexWorkMax);
});

test('what a regular expression becomes is never more than was counted (seed 12)', () => {
  const draw = drawing(12);
  const parts = [
    'a',
    'é',
    '.',
    '\\d',
    '\\x{41}',
    '[a-c]',
    '[^]x]',
    '[[:alpha:]y]',
    '\\Q[(\\E',
    '\\pN',
    '^',
    '|',
  ];
  const signs = ['', '', '', '*', '+?', '?', '{3}', '{2,}', '{0,4}', '{0}', '{12,20}'];
  const drawn = (depth: number): string =>
    Array.from({ length: 1 + draw(4) }, () => {
      const isGroup = depth < 4 && draw(3) === 0;
      const begin = ['(', '(?:', '(?i:', '(?P<n>'][draw(3)];
      const part = isGroup ? `${begin}${drawn(depth + 1)})` : (parts[draw(parts.length)] as string);
      return part === '|' ? part : part + signs[draw(signs.length)];
    }).join('');
  let compiledCount = 0;
  for (let round = 0; round < 3_000; round++) {
    const pattern = drawn(0);
    const work = regexWork(pattern);
    if (work > limits.regexWorkMax) continue;
    const size = sizeOf(`^(?:${pattern})$`);
    if (size === undefined) continue;
    compiledCount++;
    // A few stand around all of it.
    expect(size, pattern).toBeLessThanOrEqual(2 * work + 8);
  }
  expect(compiledCount).toBeGreaterThan(1_000);
});

/** Undefined where it is wrong. */
function sizeOf(pattern: string): number | undefined {
  try {
    return RE2JS.compile(pattern).programSize();
  } catch {
    return undefined;
  }
}
