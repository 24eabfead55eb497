/** What docs/history.md shows is what is written and printed. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/model/limits.ts';
import { page } from '../docs/page.ts';
import { wordsOfType } from '../docs/source.ts';
import { call, eventful, month } from './calls.ts';

const shown = page('docs/history.md');
const lines = shown.blocks
  .filter(({ info }) => info === 'json')
  .flatMap(({ text, place }) =>
    text
      .trim()
      .split('\n')
      .map((line) => ({ line, place })),
  );

test('every line that is shown is written so', async () => {
  const folder = await eventful();
  const written = readFileSync(join(folder, 'history-2025-10'), 'utf8').split('\n');
  // What a disk loses is shown in test/history/writer.test.ts.
  const others = lines.filter(({ line }) => !line.includes('"type":"lost","lines":4}'));
  expect(others.length).toBe(lines.length - 1);
  expect(others.filter(({ line }) => !written.includes(line))).toEqual([]);
});

test('every type of line is shown', () => {
  const types = [...readFileSync('src/history/record.ts', 'utf8').matchAll(/^ {2}(\w+): (?:\[|about)/gm)];
  expect(types.length).toBe(12);
  const found = new Set(lines.map(({ line }) => JSON.parse(line).type));
  expect([...found].sort()).toEqual(types.map(([, type = '']) => type).sort());
});

test('every outcome is named', () => {
  for (const outcome of wordsOfType('src/model/outcome.ts', 'Outcome')) {
    expect(shown.text).toContain(`\`${outcome}\``);
  }
});

const printed = shown.blocks.filter(({ info }) => info === 'text').map(({ text }) => text);

test('the trail that is shown is printed so', async () => {
  const { out } = await call(await eventful(), 'log', '--service', 'api');
  expect(printed[0]).toBe(out);
});

test('the table that is shown is printed so', async () => {
  const { out } = await call(month(), 'uptime', '--month', '2025-10', '--time-zone', 'Europe/Berlin');
  expect(printed[1]).toBe(out);
});

test('the limits are those of the program', () => {
  const { historyBytesMax, historyChangesBytesMax, historyMonthsMax, historyTextCharactersMax } = limits;
  expect([historyBytesMax, historyChangesBytesMax].map((bytes) => bytes / 1_048_576)).toEqual([32, 48]);
  expect([historyMonthsMax, historyTextCharactersMax]).toEqual([13, 500]);
  const beats = 31 * 24 * 60 * '{"time":"2025-10-05T12:01:00.000Z","type":"alive"}\n'.length;
  expect((beats / 1_048_576).toFixed(1)).toBe('2.2');
});
