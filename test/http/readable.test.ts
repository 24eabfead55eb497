/** What a peer says of its refusal, in one line of ours. */
import { expect, test } from 'vitest';
import { readable } from '../../src/http/readable.ts';
import { Secret } from '../../src/model/secret.ts';

test('of secrets that hold each other nothing is left, also as JSON writes them', () => {
  const secrets = [new Secret('abcdef'), new Secret('/x/"abcdefghij')];
  const body = '{"said":"at \\/x\\/\\"abcdefghij, /x/\\"abcdefghij, abcdef"}';
  expect(readable(Buffer.from(body), ...secrets)).toBe('{"said":"at ***, ***, ***"}');
});

test.each([
  ['no such service\n', 'no such service'],
  ['{"message":"Service not supported"}', 'Service not supported'],
  [' { "error" : "say \\"please\\"\\nand wait" }\n', 'say "please" and wait'],
  ['{"message":"one","code":2}', '{"message":"one","code":2}'],
  ['{"message":"broken \\x"}', '{"message":"broken \\x"}'],
  ['{"message":"our \\u0073ecret-0123"}', 'our ***'],
  ['<html>500</html>', ''],
  ['', ''],
])('%j', (body, expected) => {
  expect(readable(Buffer.from(body), new Secret('secret-0123'))).toBe(expected);
});
