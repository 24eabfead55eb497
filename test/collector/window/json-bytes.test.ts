/** JSON as bytes: what JSON.stringify would say, in memory that is used. */
import { expect, onTestFinished, test, vi } from 'vitest';
import { JsonBytes } from '../../../src/collector/window/json-bytes.ts';
import { Names } from '../../../src/collector/window/names.ts';

function write(texts: readonly string[]) {
  const names = new Names(60_000, 4e6, () => undefined);
  const ids = texts.map((text) => names.take(text));
  const allocated = vi.spyOn(Buffer, 'allocUnsafe');
  onTestFinished(() => allocated.mockRestore());
  const json = new JsonBytes();
  json.raw('[');
  for (const [index, id] of ids.entries()) {
    if (index > 0) json.raw(',');
    json.name(names, id);
  }
  json.raw(']');
  const bytes = allocated.mock.calls.reduce((sum, [size]) => sum + size, 0);
  allocated.mockRestore();
  return { json: json.done(), length: json.length, bytes };
}

test('names are written as JSON wherever a piece of memory ends', () => {
  const parts = ['a', '"', '\\', '\u0001', 'é', '😀', '</'];
  for (const size of [1, 40, 700, 2_000]) {
    const texts = Array.from({ length: 300 }, (_, i) => `${i} ${(parts[i % 7] as string).repeat(size)}`);
    const { json, length } = write(texts);
    expect(JSON.parse(json.toString())).toEqual(texts);
    expect(length).toBe(json.length);
  }
});

test('long names leave no memory unused', () => {
  const texts = Array.from({ length: 500 }, (_, i) => `${i}`.padEnd(2_000, 'x'));
  const { json, bytes } = write(texts);
  expect(bytes).toBeLessThan(1.2 * json.length);
});
