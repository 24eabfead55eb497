import { expect, test } from 'vitest';
import { type Draw, drawing } from '../../chance.ts';
import { alike } from './alike.ts';

/** `BODIES=1000000 npx vitest run test/collector/intake/fuzz.test.ts` takes ten seconds. */
const casesCount = Number(process.env['BODIES'] ?? 200_000);
const types = ['application/json', 'application/x-ndjson'] as const;

/** The first are whole metrics, the others what is found in such, and what is not. */
const wholeCount = 5;
const pieces = [
  '{"service":"api"}',
  '{"timestamp":"2026-02-04T17:00:00.123Z","service":"frontend-api","method":"GET","path":"/api/products","source_ip":"192.168.1.100","status_code":200,"latency_ms":45}',
  '{"service":"a","custom":{"user_agent":"curl/7.68.0","n":1.5,"deep":{"a":[1,null]}}}',
  '{"instance":"i-1","environment":"test","latency_ms":0.25,"service":"\\u0061bc"}',
  '{"service":"ü","path":"/ü?a=\\"b\\""}',
  '"service":"b",',
  '"status_code":503',
  '"latency_ms":1e3,',
  '"timestamp":"2026-02-04T18:00:60+01:00"',
  '"custom":{"a":{"b":{}}}',
  '"__proto__":{"a":1}',
  'null',
  'true',
  '-0',
  '1e999',
  '[',
  ']',
  '{',
  '}',
  ',',
  ':',
  '"',
  '\\',
  '\n',
  '\r\n',
  ' ',
  '\u0000',
].map((text) => Buffer.from(text));

const scratch = Buffer.alloc(4_096);

/** A piece, or some in an array or in lines, changed here and there, perhaps cut; and what it is called. */
function bodyOf(random: Draw): { readonly contentType: string; readonly body: Buffer } {
  const form = random(8);
  const isLines = form === 1;
  let length = form === 0 ? arrayOf(random) : piecesOf(random, isLines ? 1 + random(3) : 1, 0, 0x0a);
  for (let changes = random(2) * random(4); changes > 0; changes--) length = change(random, length);
  const contentType = isLines !== (random(16) === 0) ? types[1] : types[0];
  return { contentType, body: scratch.subarray(0, random(16) === 0 ? random(length + 1) : length) };
}

function arrayOf(random: Draw): number {
  scratch[0] = 0x5b;
  const end = piecesOf(random, random(4), 1, 0x2c);
  scratch[end] = 0x5d;
  return end + 1;
}

function piecesOf(random: Draw, count: number, start: number, separator: number): number {
  let at = start;
  for (let i = 0; i < count; i++) {
    if (i > 0) scratch[at++] = separator;
    const piece = pieces[random(random(8) === 0 ? pieces.length : wholeCount)] as Buffer;
    at += piece.copy(scratch, at);
  }
  return at;
}

function change(random: Draw, length: number): number {
  const at = random(length + 1);
  const piece = pieces[random(pieces.length)] as Buffer;
  switch (random(5)) {
    case 0:
      scratch[at] = random(256);
      return length;
    case 1:
      scratch[at] = (scratch[at] as number) ^ (1 << random(8));
      return length;
    case 2:
      // One piece more, in the middle of another.
      scratch.copyWithin(at + piece.length, at, length);
      piece.copy(scratch, at);
      return length + piece.length;
    case 3: {
      const gone = Math.min(random(20), length - at);
      scratch.copyWithin(at, at + gone, length);
      return length - gone;
    }
    default: {
      const other = random(length + 1);
      scratch.copyWithin(at, other, other + 8);
      return length;
    }
  }
}

test('whatever comes, bodies are read by their bytes as they are when parsed, and none leaves anything behind', () => {
  const random = drawing(20_260_204);
  const { read, plainCount } = alike();
  const counts = { taken: 0, refused: 0 };
  // Of each of so many complaints of JSON.parse nobody reads where it arose.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  for (let i = 0; i < casesCount; i++) {
    const { contentType, body } = bodyOf(random);
    counts[read(contentType, body)]++;
  }
  Error.stackTraceLimit = stackTraceLimit;
  // Else they would tell little.
  expect(counts.taken).toBeGreaterThan(casesCount / 4);
  expect(counts.refused).toBeGreaterThan(casesCount / 4);
  expect(plainCount()).toBeGreaterThan(casesCount / 5);
}, 300_000);
