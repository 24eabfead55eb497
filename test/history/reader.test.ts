/** Reading a history: what is damaged is skipped and counted, and nothing takes more memory than a line. */
import { appendFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readHistory } from '../../src/history/reader.ts';
import { limits } from '../../src/model/limits.ts';
import { drawing } from '../chance.ts';
import { mebibyte, peakBytes } from '../memory.ts';
import { temporaryFolder } from './scene.ts';

const good =
  '{"time":"2026-10-05T12:00:00.000Z","type":"observed","service":"api","environment":"production","status":0}';

async function readAll(folder: string): Promise<{ texts: string[]; damagedCount: number }> {
  const read = readHistory(folder, Date.parse('2026-10-01T00:00:00Z'), Date.parse('2026-10-31T00:00:00Z'));
  const texts: string[] = [];
  for await (const { text } of read.entries) texts.push(text);
  return { texts, damagedCount: read.damagedCount() };
}

/** A file with this line between two good ones. */
async function check(line: string | Buffer, damagedCount: number): Promise<void> {
  const folder = temporaryFolder();
  const parts = [`${good}\n`, line, `\n${good}\n`].map((part) => Buffer.from(part));
  writeFileSync(join(folder, 'history-2026-10'), Buffer.concat(parts));
  expect(await readAll(folder)).toEqual({ texts: [good, good], damagedCount });
}

const damaged: readonly (readonly [string, string | Buffer])[] = [
  ['is torn', good.slice(0, 40)],
  ['is two that were written into each other', good + good],
  ['is bytes without sense', Buffer.from([0, 255, 254, 13, 1])],
  ['is a list', '[]'],
  ['is null', 'null'],
  ['has no time', '{"type":"alive"}'],
  ['has a time that no calendar has', '{"time":"2026-10-32T12:00:00Z","type":"alive"}'],
  ['has a time in words', '{"time":"yesterday","type":"alive"}'],
  ['has no type', '{"time":"2026-10-05T12:00:00Z"}'],
  ['has a type that nobody knows', '{"time":"2026-10-05T12:00:00Z","type":"toString"}'],
  ['has a status that is none', good.replace('"status":0', '"status":4')],
  ['has a number for a name', good.replace('"api"', '7')],
  ['names no service', good.replace('"service":"api",', '')],
  ['has flags that are none', good.replace('"status":0', '"status":1,"triggered":[null]')],
  ['is longer than a line may be', good.replace('api', 'x'.repeat(limits.historyLineBytesMax))],
];

for (const [name, line] of damaged) test(`a line that ${name} is skipped and counted`, () => check(line, 1));

test('an empty line is nothing', () => check('', 0));

test('a last line without its end is being written', async () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'history-2026-10'), `${good}\n${good.slice(0, -3)}`);
  expect(await readAll(folder)).toEqual({ texts: [good], damagedCount: 0 });
});

test('only files of the months that are asked for are read', async () => {
  const folder = temporaryFolder();
  for (const name of [
    'history-2026-09',
    'history-2026-11',
    'history-2026-1',
    'state',
    'history-2026-10.bak',
  ]) {
    writeFileSync(join(folder, name), 'garbage\n');
  }
  expect(await readAll(folder)).toEqual({ texts: [], damagedCount: 0 });
});

test('two hundred files with damage at random give what is whole in them', async () => {
  const below = drawing(1);
  const folder = temporaryFolder();
  const lines = Array.from({ length: 20 }, (_, at) => good.replace('api', `api-${at}`));
  const whole = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  for (let turn = 0; turn < 200; turn++) {
    const bytes = Buffer.from(whole);
    const [from, count] = [below(bytes.length), 1 + below(300)];
    for (let at = from; at < Math.min(from + count, bytes.length); at++) bytes[at] = below(256);
    const start = bytes.subarray(0, from).toString().split('\n').length - 1;
    const cut = below(2) === 0 ? bytes : bytes.subarray(0, from);
    writeFileSync(join(folder, 'history-2026-10'), cut);
    const { texts } = await readAll(folder);
    expect(texts.slice(0, start)).toEqual(lines.slice(0, start));
  }
});

test('a file without line ends does not fill the memory', async () => {
  const [folder, fileBytes] = [temporaryFolder(), 384 * mebibyte];
  const file = join(folder, 'history-2026-10');
  writeFileSync(file, '');
  // A hole: it takes no room on the disk, and reads as zeros.
  truncateSync(file, fileBytes);
  appendFileSync(file, `\n${good}\n`);
  const before = peakBytes();
  expect(await readAll(folder)).toEqual({ texts: [good], damagedCount: 1 });
  // What was let go of and not collected yet is in it: some 64 MiB.
  expect(peakBytes() - before).toBeLessThan(fileBytes / 2);
});
