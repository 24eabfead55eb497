import { expect, test } from 'vitest';
import { Parameters } from '../../../src/collector/query-api/parameters.ts';

function complaint(...forms: readonly string[]): string {
  try {
    new Parameters(...forms);
  } catch (error) {
    return String(error);
  }
  return 'none';
}

test.each([
  ['query=%zz', 'invalid URL escape "%zz"'],
  ['query=1&x=%', 'invalid URL escape "%"'],
  ['%4=1', 'invalid URL escape "%4"'],
  ['query=%ff', 'a parameter is not UTF-8'],
  ['query=\xff', 'a parameter is not UTF-8'],
  ['query=%ed%a0%80', 'a parameter is not UTF-8'],
  ['a=1;b=2', 'invalid semicolon separator in query'],
])('%j cannot be read', (form, why) => {
  const expected = `QueryError: error parsing form values: ${why}`;
  expect(complaint(form)).toBe(expected);
  expect(complaint('query=up', form)).toBe(expected);
});

test('the first of a name counts, that of the body before that of the query string', () => {
  const parameters = new Parameters('query=body&query=again', 'query=url&time=1');
  expect(parameters.first('query')).toBe('body');
  expect(parameters.all('query')).toEqual(['body', 'again', 'url']);
  expect(parameters.first('time')).toBe('1');
});

test.each([
  ['a=1+1', '1 1'],
  ['a=1%2B1', '1+1'],
  ['a=x=y', 'x=y'],
  ['a', ''],
  ['a=', ''],
  ['&&a=1&', '1'],
  ['a=%C3%A9%00', 'é\0'],
  ['a=\xc3\xa9', 'é'],
  ['%61=1', '1'],
])('%j has an a of %j', (form, expected) => expect(new Parameters(form).first('a')).toBe(expected));

test('names that every object has are names like any other', () => {
  expect(new Parameters('').first('constructor')).toBe('');
  const hostile = new Parameters('__proto__=1&constructor=2&toString=3');
  expect(['__proto__', 'constructor', 'toString', 'x'].map((name) => hostile.first(name))).toEqual([
    '1',
    '2',
    '3',
    '',
  ]);
  expect(hostile.all('hasOwnProperty')).toEqual([]);
});
