/** Metrics of ours beside those from elsewhere: a page never says two things about one series. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Family, FamilyType, Labels } from '../../src/exposition/family.ts';
import { openExposition } from '../../src/exposition/text.ts';
import { mergedFamilies } from '../../src/telemetry/merged-families.ts';
import { parsePage } from './page-parser.ts';

function family(name: string, type: FamilyType, ...labels: readonly Labels[]): Family {
  return { name, type, help: 'Help.', samples: labels.map((each) => ({ name, labels: each, value: 1 })) };
}

function histogram(name: string): Family {
  const bucket = { name: `${name}_bucket`, labels: { le: '+Inf' }, value: 1 };
  const [sum, count] = ['sum', 'count'].map((end) => ({ name: `${name}_${end}`, labels: {}, value: 1 }));
  if (!sum || !count) throw new Error('unreachable');
  return { name, type: 'histogram', help: 'Help.', samples: [bucket, sum, count] };
}

const ours = [
  family('up_seconds', 'gauge', {}),
  family('errors_total', 'counter', { reason: 'a' }),
  histogram('took'),
];

/** @param expected the families after ours, and how many samples of ours were joined */
function check(others: readonly Family[], names: readonly string[], joined = 0): void {
  const merged = mergedFamilies(ours, others);
  expect(merged.slice(ours.length).map(({ name }) => name)).toEqual(names);
  const count = merged.slice(0, ours.length).flatMap(({ samples }) => samples).length;
  expect(count - ours.flatMap(({ samples }) => samples).length).toBe(joined);
}

test('what has a name of its own comes after ours', () => check([family('cpu', 'gauge', {})], ['cpu']));

test('the same name and type with other labels joins ours', () =>
  check([family('errors_total', 'counter', { reason: 'b' })], [], 1));

test('a series that we have already leaves its family out', () =>
  check([family('errors_total', 'counter', { reason: 'b' }, { reason: 'a' })], []));

test('labels in another order are the same series', () => {
  const one = family('x', 'gauge', { a: '1', b: '2' });
  expect(mergedFamilies([one], [family('x', 'gauge', { b: '2', a: '1' })])).toEqual([one]);
});

test('the same name with another type is left out', () =>
  check([family('up_seconds', 'counter', { node: 'n' })], []));

test('what is called like a part of a histogram of ours is left out', () =>
  check(
    ['took_bucket', 'took_sum', 'took_count'].map((name) => family(name, 'counter', {})),
    [],
  ));

test('a histogram whose part is called like one of ours is left out', () =>
  expect(mergedFamilies([family('took_count', 'gauge', {})], [histogram('took')])).toHaveLength(1));

test('what is called like a part of a histogram from elsewhere is left out, not the histogram', () => {
  for (const part of ['asked_bucket', 'asked_sum', 'asked_count']) {
    check([family(part, 'gauge', {}), family('cpu', 'gauge', {}), histogram('asked')], ['cpu', 'asked']);
  }
});

test('of two that clash with each other the first stays', () =>
  check([family('x', 'gauge', {}), family('x', 'counter', {}), family('x', 'gauge', { a: 'b' })], ['x']));

const anyFamily = fc
  .tuple(
    fc.constantFrom('a', 'a_sum', 'a_count', 'b', 'b_bucket'),
    fc.constantFrom<FamilyType>('counter', 'gauge', 'histogram', 'untyped'),
    fc.uniqueArray(fc.constantFrom('', 'x', 'y'), { maxLength: 2 }),
  )
  .map(([name, type, values]) =>
    type === 'histogram' ? histogram(name) : family(name, type, ...values.map((value) => ({ l: value }))),
  );

test('whatever meets, the page can be read, and ours is on it', () =>
  fc.assert(
    fc.property(fc.array(anyFamily, { maxLength: 8 }), (others) => {
      const { body } = openExposition().text(mergedFamilies(ours, others));
      const parsed = parsePage(String(body), 'text');
      const series = parsed.flatMap(({ samples }) =>
        samples.map(({ name, labels }) => JSON.stringify([name, labels])),
      );
      expect(new Set(series).size).toBe(series.length);
      expect(parsed.slice(0, 3).map(({ name }) => name)).toEqual(ours.map(({ name }) => name));
    }),
  ));
