/** Labels that differ have keys that differ, whatever is in them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { labelKey, labelValue, storedLabels } from '../../../src/collector/series/labels.ts';
import { LaidLabels } from '../../../src/collector/series/laid-labels.ts';

type Labels = Readonly<Record<string, string>>;

function canonical(labels: Labels): string {
  return JSON.stringify(
    Object.entries(labels)
      .filter(([, value]) => value !== '')
      .sort(),
  );
}

test('two sets of labels have one key exactly where they are the same', () => {
  const text = fc.string({ maxLength: 3, unit: fc.constantFrom('a', 'b', '1', ':', '=', '{', ',', '"') });
  const labels = fc.dictionary(text, text, { maxKeys: 4 });
  fc.assert(
    fc.property(labels, labels, (one, other) => {
      expect(labelKey(one) === labelKey(other)).toBe(canonical(one) === canonical(other));
    }),
    { numRuns: 1_000 },
  );
});

test('no text of a label is read as another label', () => {
  const key = labelKey({ a: '1', b: '2' });
  for (const a of ['1,b=2', '1", b="2', '1{b}2', '11:b1:2', '1\0b\x002', '1b2'])
    expect(labelKey({ a })).not.toBe(key);
  expect(labelKey({ 'a1:1': '' })).toBe('');
  expect(labelKey({ '1:a': '1' })).not.toBe(labelKey({ a: '1' }));
});

test('their order does not matter, and an empty value is no label', () => {
  expect(labelKey({ b: '2', a: '1', c: '' })).toBe(labelKey({ a: '1', b: '2' }));
});

test('they are stored in the order of their names, without empty ones', () => {
  expect(Object.entries(storedLabels({ b: '2', c: '', a: '1' }) ?? {})).toEqual([
    ['a', '1'],
    ['b', '2'],
  ]);
});

test('labels that are laid over others have the key of what comes of it', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'exported_a', 'exported_b', 'constructor');
  const labels = fc.dictionary(name, fc.constantFrom('', '1', '2'), { maxKeys: 5 });
  fc.assert(
    fc.property(labels, fc.array(labels, { minLength: 1, maxLength: 3 }), (over, all) => {
      const laid = new LaidLabels(over);
      for (const own of all) {
        laid.own = own;
        expect(laid.key).toBe(labelKey(laid.labels));
        expect(laid.labels).toMatchObject(over);
        const values = Object.values(laid.labels).filter((value) => value !== '');
        const given = [...Object.values(own), ...Object.values(over)].filter((value) => value !== '');
        expect(values.sort()).toEqual(given.sort());
      }
    }),
    { numRuns: 1_000 },
  );
});

function check(labels: Labels, isStored: boolean): void {
  expect(storedLabels(labels) !== undefined).toBe(isStored);
}

const many = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_none, index) => [`l${index}`, 'x']));

test('a name of Prometheus itself is not stored', () => check({ __name__: 'x' }, false));
test('a name with a dash is not stored', () => check({ 'a-b': 'x' }, false));
test('a name that is empty is not stored', () => check({ '': 'x' }, false));
test('thirty are stored', () => check(many(30), true));
test('thirty-one are not', () => check(many(31), false));
test('1,024 characters are stored', () => check({ a: 'x'.repeat(1_024) }, true));
test('1,025 are not', () => check({ a: 'x'.repeat(1_025) }, false));
test('half a character is not stored', () => check({ a: 'x\ud800' }, false));
test('the character 0, which ends texts elsewhere, is not stored', () => check({ a: '\0' }, false));
test('a whole character of two halves is stored', () => check({ a: '😀' }, true));
test('a line end and quotes are stored', () => check({ a: '"\n\\' }, true));
test('names that every object knows are stored like others', () =>
  check({ constructor: 'x', toString: 'y', hasOwnProperty: 'z' }, true));

test('names that every object knows are no labels where nobody said so', () => {
  expect(labelValue({}, 'constructor')).toBe('');
  expect(labelValue({ constructor: 'x' }, 'constructor')).toBe('x');
});
