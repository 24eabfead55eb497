/** Fields of an endpoint that answers JSON. */
import { expect, test } from 'vitest';
import { parseJsonPath } from '../../../src/collector/sources/json-path.ts';
import { json, type Reply, text } from '../../../src/demo/reply.ts';
import { gather, startExporter } from './exporter.ts';

/** Asks once for the mapped fields of an answer. */
async function check(
  answer: unknown,
  map: Readonly<Record<string, string>>,
  expected: string | readonly string[],
) {
  const body = typeof answer === 'string' ? text(200, answer) : json(200, answer);
  await checkReply(body, map, expected);
}

async function checkReply(
  answer: Reply,
  map: Readonly<Record<string, string>>,
  expected: string | readonly string[],
) {
  const exporter = await startExporter(answer);
  expect(await gather('json', `${exporter.url}/api/v1/metrics`, { map })).toEqual(expected);
  expect(exporter.requests[0]?.headers).toMatchObject({
    accept: 'application/json',
    'accept-encoding': 'identity',
  });
}

test('the metrics of Betanet come this way', () =>
  check(
    {
      node: { packets: { processed: 120_394, dropped: 17 }, latency_ms: [{ p50: 12.5 }, { p50: 14.25 }] },
      'connections.open': 42,
      is_up: true,
    },
    {
      'node.packets.processed': 'betanet_packets_processed',
      'node.packets.dropped': 'betanet_packets_dropped_total',
      'node.latency_ms.1.p50': 'betanet_latency',
      'connections\\.open': 'betanet_connections',
      is_up: 'betanet_up',
    },
    [
      'betanet_packets_processed gauge {} 120394',
      'betanet_packets_dropped_total counter {} 17',
      'betanet_latency gauge {} 14.25',
      'betanet_connections gauge {} 42',
      'betanet_up gauge {} 1',
    ],
  ));

const values: Readonly<Record<string, readonly [value: string, said: string]>> = {
  'a number': ['-1.5e3', 'm gauge {} -1500'],
  true: ['true', 'm gauge {} 1'],
  false: ['false', 'm gauge {} 0'],
  'a number in quotes': ['"1"', 'source.garbled: a.b is a text, not a number'],
  'a text': ['"down"', 'source.garbled: a.b is a text, not a number'],
  'a list': ['[1]', 'source.garbled: a.b is a list, not a number'],
  'an object': ['{}', 'source.garbled: a.b is an object, not a number'],
  'a number out of range': ['1e999', 'source.garbled: a.b is out of range'],
  null: ['null', 'source.garbled: the answer has no a.b'],
};

test.each(Object.entries(values))('%s', (_, [value, said]) =>
  check(`{"a":{"b":${value}}}`, { 'a.b': 'm' }, said.startsWith('m ') ? [said] : said),
);

test('what is missing is no sample, and is named', () =>
  check({ a: 1, b: null, list: [1] }, { a: 'm', b: 'n', 'a.c': 'o', 'list.1': 'p', 'list.x': 'q' }, [
    'm gauge {} 1',
    'garbled: the answer has no b, a.c, list.1, list.x',
  ]));

test('of many that are missing five are named', () =>
  check({ a: 1 }, Object.fromEntries([...'abcdefgh'].map((name) => [name, `m_${name}`])), [
    'm_a gauge {} 1',
    'garbled: the answer has no b, c, d, e, f and 2 others',
  ]));

test('where all are missing somebody else has answered', () =>
  check({ error: 'no' }, { a: 'm', b: 'n' }, 'source.garbled: the answer has no a, b'));

test('nothing that is inherited is a field', () =>
  check(
    '{"a":1,"list":[1,2],"text":"abc","object":{},"__proto__":{"x":7},"constructor":{"name":3}}',
    {
      a: 'm',
      'a.constructor.length': 'b',
      'list.length': 'c',
      'list.__proto__.length': 'd',
      'list.00': 'e',
      'list.-1': 'f',
      'text.length': 'g',
      'text.0': 'h',
      '__proto__.x': 'i',
      'constructor.name': 'j',
      toString: 'k',
      'object.__proto__': 'l',
    },
    [
      'm gauge {} 1',
      'i gauge {} 7',
      'j gauge {} 3',
      'garbled: the answer has no a.constructor.length, list.length, list.__proto__.length, list.00, list.-1 and 4 others',
    ],
  ));

test('a list at the top', () => check([[5]], { '0.0': 'm' }, ['m gauge {} 5']));

const bodies: Readonly<Record<string, readonly [Reply, string]>> = {
  HTML: [text(200, '<html>'), 'garbled: the answer is HTML, not JSON'],
  nothing: [text(200, ' '), 'garbled: the answer is empty'],
  'half an answer': [text(200, '{"a":1'), 'garbled: the answer is not JSON'],
  NaN: [text(200, '{"a":NaN}'), 'garbled: the answer is not JSON'],
  'an answer nested too deep': [
    text(200, `${'['.repeat(65)}${']'.repeat(65)}`),
    'garbled: the answer is nested deeper than 64',
  ],
  'a million brackets': [text(200, '['.repeat(1_000_000)), 'garbled: the answer is nested deeper than 64'],
  'more than 1 MiB': [
    text(200, `{"a":1}${' '.repeat(1_048_576)}`),
    'garbled: the answer is larger than 1048576 bytes',
  ],
  '500': [json(500, { a: 1 }), 'failed: answered 500: {"a":1}'],
};

test.each(Object.entries(bodies))('%s is no answer', (_, [answer, said]) =>
  checkReply(answer, { a: 'm' }, `source.${said}`),
);

test.each([
  ['a.b.c', ['a', 'b', 'c']],
  ['a\\.b.c', ['a.b', 'c']],
  ['a\\\\.b', ['a\\', 'b']],
  ['a\\b', ['a\\b']],
  ['a\\', ['a\\']],
  ['', ['']],
  ['a..b', ['a', '', 'b']],
  ['é😀.0', ['é😀', '0']],
])('the path %s', (text, names) => expect(parseJsonPath(text)).toEqual(names));
