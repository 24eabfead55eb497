/** Queries of flags are read once, however many there are. */
import { expect, test } from 'vitest';
import { KnownQueries } from '../../../src/collector/datasources/known-queries.ts';
import { limits } from '../../../src/model/limits.ts';

/** Which of them are known: the same tree is found again. */
function known(queries: KnownQueries, texts: readonly string[]): number {
  return texts.filter((text) => {
    const tree = queries.read(text);
    return queries.read(text) === tree;
  }).length;
}

const wide = (at: number) => `vector(${at})`.padEnd(limits.queryCharactersMax);
const tooMany = Array.from(
  { length: limits.parsedQueriesCharactersMax / limits.queryCharactersMax + 100 },
  (_, at) => wide(at),
);

test('of many that are asked one after the other, again and again, none is read twice', () => {
  const queries = new KnownQueries();
  const texts = Array.from({ length: 5_000 }, (_, at) => `up{at="${at}"}`);
  const trees = texts.map((text) => queries.read(text));
  for (const [at, text] of texts.entries()) expect(queries.read(text)).toBe(trees[at]);
});

test('of too many those that came first stay known', () => {
  const queries = new KnownQueries();
  const first = queries.read(wide(0));
  expect(known(queries, tooMany)).toBe(tooMany.length - 100);
  expect(queries.read(wide(0))).toBe(first);
});

test('after a reload what is asked again is not read again, and what is not makes room', () => {
  const queries = new KnownQueries();
  const first = queries.read(wide(0));
  expect(known(queries, tooMany)).toBe(tooMany.length - 100);
  queries.renew();
  expect(queries.read(wide(0))).toBe(first);
  const others = tooMany.map((_, at) => wide(-1 - at));
  expect(known(queries, others)).toBe(tooMany.length - 101);
  expect(queries.read(wide(0))).toBe(first);
  queries.renew();
  queries.renew();
  expect(queries.read(wide(0))).not.toBe(first);
});
