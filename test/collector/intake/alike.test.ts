import { expect, test } from 'vitest';
import { drawing } from '../../chance.ts';
import { alike } from './alike.ts';

const json = 'application/json';
const lines = 'application/x-ndjson';

/** @param isPlain whether it is read by its bytes */
function check(body: string, expected: 'taken' | 'refused', isPlain: boolean, contentType = json): void {
  const { read, plainCount } = alike();
  expect(read(contentType, Buffer.from(body))).toBe(expected);
  expect(plainCount() > 0).toBe(isPlain);
}

const full =
  '{"timestamp":"2026-02-04T17:00:00Z","service":"api","environment":"test","instance":"a-1","method":"GET","path":"/a?b=c","source_ip":"192.0.2.1","status_code":200,"latency_ms":45.25,"custom":{"a":"b","c":1.5,"d":true,"e":false,"f":null}}';

for (const body of [
  full,
  '{"service":"a"}',
  ' { "service" : "a" } '.replace(' :', ':'),
  '{\n"service":\t"a",\r\n"path": "/"\n}',
  '{"path":"/","service":"abcdefghijklmnopqrstuvwxyz"}',
  `{"service":"${'x'.repeat(200)}","path":"/${'x'.repeat(2_047)}","method":"${'x'.repeat(32)}","source_ip":"${'x'.repeat(64)}"}`,
  '{"service":"a","status_code":100}',
  '{"service":"a","status_code":599.0}',
  '{"service":"a","latency_ms":0}',
  '{"service":"a","latency_ms":0.1}',
  '{"service":"a","latency_ms":1000000000000}',
  '{"service":"a","latency_ms":123456789.123456}',
  '{"service":"a","latency_ms":0.00000000000001}',
  '{"service":"a","timestamp":"2026-02-04T18:00:00.123456789+01:00"}',
  '{"service":"a","timestamp":"2026-02-04t17:00:60z"}',
  `{"service":"a","timestamp":"2026-02-04T17:00:00.${'0'.repeat(107)}Z"}`,
  '{"service":"a","custom":{}}',
  '{"service":"a","custom":{"":"","":1}}',
  '{"service":"a","custom": { "__proto__" : "x" , "b" : 2 } }',
  '{"service":"_________"}'.replace('_________', '_12345678').replace('_1', '-1'),
]) {
  test(`${body.slice(0, 70)} is plain`, () => check(body, 'taken', true));
}

for (const body of [
  '{"service" :"a"}',
  '{"service":"\\u0061"}',
  '{"service":"ä"}',
  '{"service":"a","service":"b"}',
  '{"service":"a","latency_ms":1e3}',
  '{"service":"a","latency_ms":-0}',
  '{"service":"a","latency_ms":1234567890.1234567}',
  '{"service":"a","custom":{"a":{}}}',
  '{"service":"a","custom":{"a":[]}}',
  '{"service":"a","custom":{"a":-1}}',
  '{"service":"a","custom":{"a":"ä"}}',
  '{"s\\u0065rvice":"a"}',
  '{"service":"_12345678"}',
]) {
  test(`${body} is parsed, and taken`, () => check(body, 'taken', false));
}

for (const body of [
  '{}',
  '{',
  '{"',
  '{"service"',
  '{"service":',
  '{"service":"',
  '{"service":"a',
  '{"service":"a"',
  '{"service":"a",',
  '{"service":"a",}',
  '{"service":"a" "path":"/"}',
  '{"service":"a";"path":"/"}',
  '{"service":a}',
  '{"service":""}',
  '{"service":"__proto__"}',
  '{"service":"\\"}',
  '{"service":"\u007f"}',
  '{"service":"a\u007f"}',
  '{"service":"a\u001f"}',
  '{"service":"a","status_code":20}',
  '{"service":"a","status_code":2000}',
  '{"service":"a","status_code":00200}',
  '{"service":"a","status_code":200.}',
  '{"service":"a","status_code":.5}',
  '{"service":"a","status_code":200.5}',
  '{"service":"a","status_code":"200"}',
  '{"service":"a","status_code":}',
  '{"service":"a","status_code":200x}',
  '{"service":"a","latency_ms":1000000000001}',
  '{"service":"a","latency_ms":0x10}',
  '{"service":"a","latency_ms":1_000}',
  '{"service":"a","latency_ms":true}',
  '{"service":"a","timestamp":"2026-02-04T17:00:00"}',
  '{"service":"a","timestamp":"2026-02-04T17:00:00Z}',
  '{"service":"a","timestamp":2026}',
  `{"service":"a","timestamp":"2026-02-04T17:00:00.${'0'.repeat(108)}Z"}`,
  '{"service":"a","timestamp":"2026-02-04T17:11:00.001Z"}',
  '{"service":"a","timestamp":"2026-02-04T16:39:59.999Z"}',
  '{"service":"a","custom":1}',
  '{"service":"a","custom":{"a"}}',
  '{"service":"a","custom":{"a":1,}}',
  '{"service":"a","custom":{"a":tru}}',
  '{"service":"a","custom":{"a":nulll}}',
  '{"service":"a","custom":{a:1}}',
  '{"service":"a","custom":{"a":1}',
  '{"service":"a","other":1}',
  '{"servicf":"a"}',
  '{"service":"a"}}',
  '{"service":"a"}{"service":"a"}',
]) {
  test(`${JSON.stringify(body)} is parsed, and refused`, () => check(body, 'refused', false));
}

test('a line is read by its bytes, and so is an element of an array', () => {
  check(`${full}\n${full}`, 'taken', true, lines);
  check(`[${full},\n${full}]`, 'taken', true);
});

test('a line ends where it ends', () => {
  check('{"service":\n"a"}', 'refused', false, lines);
  check('{"service":"a","path":"/"\n,"method":"GET"}', 'refused', false, lines);
});

test('whatever is cut off a metric, or left out in it, is read alike', () => {
  const { read } = alike();
  for (let at = 0; at <= full.length; at++) {
    for (const contentType of [json, lines]) {
      read(contentType, Buffer.from(full.slice(0, at)));
      read(contentType, Buffer.from(full.slice(at)));
      read(contentType, Buffer.from(full.slice(0, at) + full.slice(at + 1)));
      read(contentType, Buffer.from(`[${full.slice(0, at)}]`));
    }
  }
});

test('whatever byte stands anywhere in a metric, it is read alike', () => {
  const { read } = alike();
  const body = Buffer.from(full);
  for (let at = 0; at < body.length; at++) {
    const before = body[at] as number;
    for (let byte = 0; byte < 256; byte++) {
      body[at] = byte;
      read(json, body);
    }
    body[at] = before;
  }
});

test('numbers are the ones that JSON.parse makes of them', () => {
  const { read, plainCount } = alike();
  const draw = drawing(1);
  const random = () => draw(2 ** 32) / 2 ** 32;
  for (let i = 0; i < 20_000; i++) {
    const whole = Math.floor(random() * 10 ** Math.floor(random() * 10));
    const fraction = String(random()).slice(2, 3 + Math.floor(random() * 14));
    read(json, Buffer.from(`{"service":"a","latency_ms":${whole}.${fraction}}`));
  }
  expect(plainCount()).toBeGreaterThan(10_000);
});
