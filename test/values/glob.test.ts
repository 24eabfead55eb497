/** Which names a glob stands for. */
import { expect, test } from 'vitest';
import { isAbout, matchesGlob } from '../../src/values/glob.ts';

test.each([
  ['*', '', true],
  ['*', 'api', true],
  ['api', 'api', true],
  ['api', 'api2', false],
  ['api-*', 'api-eu', true],
  ['*-eu', 'api-eu', true],
  ['*a*b*', 'xxaxxbxx', true],
  ['*a*b', 'xxaxxbxx', false],
  ['a?c', 'abc', true],
  ['a?c', 'ac', false],
  ['a.c', 'abc', false],
  ['[ab]', 'a', false],
])('the glob %s and %s', (glob, text, expected) => expect(matchesGlob(glob, text)).toBe(expected));

test('no glob is slow', () => expect(matchesGlob(`${'*a'.repeat(50)}b`, 'a'.repeat(200))).toBe(false));

test('a target is meant where one glob of each kind matches', () => {
  const globs = { services: ['api-*', 'web'], environments: ['prod*'] };
  const isMeant = (service: string, environment: string) => isAbout(globs, { service, environment });
  expect(isMeant('api-eu', 'production')).toBe(true);
  expect(isMeant('web', 'prod')).toBe(true);
  expect(isMeant('web', 'staging')).toBe(false);
  expect(isMeant('db', 'prod')).toBe(false);
});
