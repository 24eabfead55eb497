/** A store over a restart, over damage, and on a disk that fails. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { limits } from '../../src/model/limits.ts';
import { entryLine, headerLine } from '../../src/state/line.ts';
import { memoryStore, readStore } from '../../src/state/store.ts';
import { temporaryFolder } from '../process/program.ts';
import { type Scene, scene } from './scene.ts';

const two = [
  headerLine,
  entryLine({ number: 1, key: 'a', value: { x: 1 } }),
  entryLine({ number: 2, key: 'b', value: { x: 2 } }),
].join('');

/** What a store finds after `happened`, what it tells, and which files there are then. */
async function check(
  happened: (path: string, directory: string) => void,
  kept: Readonly<Record<string, object>>,
  told: readonly string[],
  names: readonly string[],
): Promise<Scene> {
  const stage = scene();
  happened(join(stage.directory, 'state'), stage.directory);
  const store = await stage.open();
  await store.flush();
  expect(Object.fromEntries(store.kept)).toEqual(kept);
  expect(stage.told).toEqual(told);
  expect(stage.names()).toEqual(names);
  await store.stop();
  const again = await stage.open();
  expect(Object.fromEntries(again.kept)).toEqual(kept);
  expect(stage.told, 'it is told once').toEqual(told);
  return stage;
}

test('an empty directory is no damage', () => check(() => undefined, {}, [], []));

test('what was written is there', () =>
  check((path) => writeFileSync(path, two), { a: { x: 1 }, b: { x: 2 } }, [], ['state']));

test('a torn line is told of and kept aside, and the file is whole again', async () => {
  const { directory, lines } = await check(
    (path) => writeFileSync(path, two.slice(0, -3)),
    { a: { x: 1 } },
    [
      'dropped: …/state is damaged from byte 99 on: 1 line and what came after its last byte, if anything, are lost; the other lines count; the file as it was is kept as …/state.damaged',
    ],
    ['state', 'state.damaged'],
  );
  expect(readFileSync(join(directory, 'state.damaged'), 'utf8')).toBe(two.slice(0, -3));
  expect(lines()).toHaveLength(2);
});

test('only the last damaged file is kept', async () => {
  const { directory } = await check(
    (path, folder) => {
      mkdirSync(join(folder, 'state.damaged'));
      writeFileSync(join(folder, 'state.damaged', 'of old'), '');
      writeFileSync(path, 'garbage');
    },
    {},
    [
      'dropped: …/state is damaged from byte 0 on: 1 line and what came after its last byte, if anything, are lost; nothing of it can be read; the file as it was is kept as …/state.damaged',
    ],
    ['state', 'state.damaged'],
  );
  expect(readFileSync(join(directory, 'state.damaged'), 'utf8')).toBe('garbage');
});

test('an empty file is told of', () =>
  check((path) => writeFileSync(path, ''), {}, ['dropped: …/state is empty'], ['state']));

test('a folder in the place of the file is put aside', () =>
  check(
    (path) => mkdirSync(join(path, 'within'), { recursive: true }),
    {},
    ['dropped: …/state is not a file; the file as it was is kept as …/state.damaged'],
    ['state', 'state.damaged'],
  ));

test('a link is read through, and never written through', async () => {
  const elsewhere = join(temporaryFolder(), 'elsewhere');
  writeFileSync(elsewhere, two);
  const { open, directory } = await check(
    (path) => symlinkSync(elsewhere, path),
    { a: { x: 1 }, b: { x: 2 } },
    [],
    ['state'],
  );
  rmSync(join(directory), { recursive: true });
  mkdirSync(directory);
  symlinkSync(elsewhere, join(directory, 'state'));
  const store = await open();
  store.put('c', { x: 3 });
  await store.flush();
  expect(readFileSync(elsewhere, 'utf8')).toBe(two);
  expect((await readStore(directory)).size).toBe(3);
});

test('a link that leads nowhere is no file', () =>
  check((path) => symlinkSync('nowhere', path), {}, [], ['state']));

test('a link in a circle is put aside', () =>
  check(
    (path) => symlinkSync('state', path),
    {},
    ['dropped: …/state is not a file; the file as it was is kept as …/state.damaged'],
    ['state', 'state.damaged'],
  ));

test('a file of another version is put aside as a whole', async () => {
  const newer = two.replace(headerLine, '407e06f7 {"file":"cloudmon-reporter state","version":2}\n');
  const { directory } = await check(
    (path) => writeFileSync(path, newer),
    {},
    [
      'dropped: …/state was written by version 2 of its format, which this program does not know; 2 records are not read; the file as it was is kept as …/state.damaged',
    ],
    ['state', 'state.damaged'],
  );
  expect(readFileSync(join(directory, 'state.damaged'), 'utf8')).toBe(newer);
});

test('a file that is too large counts as far as ours may reach', async () => {
  const large = Buffer.concat([Buffer.from(two), Buffer.alloc(limits.stateBytesMax)]);
  const { directory } = await check(
    (path) => writeFileSync(path, large),
    { a: { x: 1 }, b: { x: 2 } },
    [
      'dropped: …/state is damaged from byte 142 on: 2 lines and what came after its last byte, if anything, are lost; the other lines count; the file as it was is kept as …/state.damaged',
    ],
    ['state', 'state.damaged'],
  );
  expect(statSync(join(directory, 'state.damaged')).size).toBe(limits.stateBytesMax);
});

test('a new file that was never finished is forgotten', () =>
  check(
    (path) => {
      writeFileSync(path, two);
      writeFileSync(`${path}.new`, 'half of a ');
    },
    { a: { x: 1 }, b: { x: 2 } },
    [],
    ['state', 'state.new'],
  ));

test('what is put and flushed is there after a restart, and nobody else may read it', async () => {
  const { directory, open } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  store.put('b', { x: 1 });
  await store.flush();
  store.put('a', { x: 'é\n\u0000' });
  store.put('b', undefined);
  store.put('never there', undefined);
  await store.flush();
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 'é\n\u0000' } });
  await store.stop();
  const again = await open();
  expect(Object.fromEntries(again.kept)).toEqual({ a: { x: 'é\n\u0000' } });
  expect(statSync(join(directory, 'state')).mode & 0o777).toBe(0o600);
});

test('all who flush while a write is under way share the next one', async () => {
  const { open, lines } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  const first = store.flush();
  store.put('b', { x: 1 });
  const second = store.flush();
  store.put('c', { x: 1 });
  expect(store.flush()).toBe(second);
  await first;
  expect(lines().join()).toContain('"a"');
  await second;
  expect(lines()).toHaveLength(4);
});

test('a value that changes often between two writes is written once', async () => {
  const { open, lines } = scene();
  const store = await open();
  await store.flush();
  for (let x = 0; x < 100; x++) store.put('a', { x });
  await store.flush();
  for (let x = 0; x < 100; x++) store.put('a', { x });
  await store.flush();
  expect(lines()).toHaveLength(3);
});

test('the file is made anew when most of it is old', async () => {
  const { directory, open } = scene();
  const store = await open();
  let largest = 0;
  for (let x = 0; x < 200; x++) {
    store.put(`key ${x % 3}`, { x, text: 'x'.repeat(1_000) });
    await store.flush();
    largest = Math.max(largest, statSync(join(directory, 'state')).size);
  }
  expect(largest).toBeLessThanOrEqual(limits.stateCompactBytesMin);
  expect(largest).toBeGreaterThan(limits.stateCompactBytesMin / 2);
  expect([...(await readStore(directory)).keys()]).toEqual(['key 2', 'key 0', 'key 1']);
});

test('what has no room is dropped, the oldest first, and told', async () => {
  const { directory, open, told } = scene();
  const store = await open();
  for (let x = 0; x < 14; x++) store.put(`key ${x}`, { text: 'x'.repeat(1_048_576) });
  await store.flush();
  expect(told).toEqual(['dropped: …/state has no room for more: 3 records are dropped, the oldest first']);
  expect([...(await readStore(directory)).keys()]).toEqual(
    Array.from({ length: 11 }, (_, x) => `key ${x + 3}`),
  );
  store.put('one more', { text: 'x'.repeat(1_048_576) });
  await store.flush();
  expect([...(await readStore(directory)).keys()].slice(0, 2), 'also where it is appended').toEqual([
    'key 4',
    'key 5',
  ]);
  expect(told).toHaveLength(2);
  for (let x = 0; x < 10; x++) {
    store.put('one more', { text: 'y'.repeat(1_048_000 + x) });
    await store.flush();
    expect(statSync(join(directory, 'state')).size).toBeLessThanOrEqual(limits.stateBytesMax);
  }
  expect((await readStore(directory)).size).toBe(11);
  expect(told).toHaveLength(2);
});

test('a file that was taken away is written anew', async () => {
  const { directory, open, told } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.flush();
  rmSync(join(directory, 'state'));
  store.put('b', { x: 2 });
  await store.flush();
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 }, b: { x: 2 } });
  expect(told).toEqual([]);
});

const why = (what: string) => `failed: writing the state into …: ${what}`;
const taken = why('the folder or its lock was taken away; it is made and locked again, and written anew');

test('a disk that fails is told of, left alone for a while, and written to anew', async () => {
  const { directory, open, told, fire } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.flush();
  rmSync(directory, { recursive: true });
  writeFileSync(directory, 'a file in its place');
  store.put('b', { x: 2 });
  await store.flush();
  const expected = [taken, why('a file is in its place')];
  expect([store.isFailing, told]).toEqual([true, expected]);
  store.put('c', { x: 3 });
  await store.flush();
  expect(told, 'it rests').toEqual(expected);
  fire(limits.stateRetryMs);
  await store.flush();
  expected.push(why('a file is in its place'));
  expect(told).toEqual(expected);
  rmSync(directory);
  fire(limits.stateRetryMs);
  await store.flush();
  expect([store.isFailing, told]).toEqual([false, [...expected, 'recovered']]);
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 }, b: { x: 2 }, c: { x: 3 } });
});

test('a folder that was taken away is made again as at the start, locked, and holds everything', async () => {
  const { directory, open, told } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.flush();
  for (let turn = 0; turn < 3; turn++) {
    rmSync(directory, { recursive: true });
    if (turn === 1) mkdirSync(directory);
    store.put('b', { x: turn });
    await store.flush();
    expect(told.splice(0)).toEqual([taken, 'recovered']);
    expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 }, b: { x: turn } });
    if (turn !== 1) expect(statSync(directory).mode & 0o777).toBe(0o700);
    await expect(open(), 'nobody else gets it').rejects.toThrow('is in use by process');
  }
});

test('a folder is made again although nothing is new', async () => {
  const { directory, open, told } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.flush();
  expect(await store.isOurs()).toBe(true);
  rmSync(directory, { recursive: true });
  expect(await store.isOurs()).toBe(false);
  await store.renew();
  expect(await store.isOurs()).toBe(true);
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 } });
  expect(told).toEqual([taken, 'recovered']);
});

test('a file that another one was put over is not written to any more', async () => {
  const { directory, open, told } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.flush();
  renameSync(join(directory, 'state'), join(directory, 'elsewhere'));
  writeFileSync(join(directory, 'state'), 'of somebody else');
  store.put('b', { x: 2 });
  await store.flush();
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 }, b: { x: 2 } });
  expect(told).toEqual([]);
});

test('a folder that is taken away at any moment of a new file is whole again after the next rest', async () => {
  for (let turns = 0; turns < 40; turns++) {
    const { directory, open, fire } = scene();
    const store = await open();
    store.put('a', { x: turns });
    const written = store.flush();
    for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
    rmSync(directory, { recursive: true, force: true });
    await written;
    store.put('b', { x: turns });
    await store.flush();
    fire(limits.stateRetryMs);
    await store.renew();
    const kept = Object.fromEntries(await readStore(directory));
    expect(kept, `taken away after ${turns} turns`).toEqual({ a: { x: turns }, b: { x: turns } });
    await expect(open(), 'nobody else gets it').rejects.toThrow('is in use by process');
    await store.stop();
  }
});

test('a folder that somebody else has by now is left to them for good', async () => {
  const { directory, open, told, fire } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.flush();
  rmSync(directory, { recursive: true });
  mkdirSync(directory);
  const other = await open();
  other.put('theirs', { x: 1 });
  await other.flush();
  store.put('b', { x: 2 });
  await store.flush();
  expect(told[0]).toBe(taken);
  expect(told[1]).toMatch(/^rejected: … is in use by process \d+ on .+: stop it, or name another folder/);
  await other.stop();
  fire(limits.stateRetryMs);
  store.put('c', { x: 3 });
  await store.flush();
  await store.renew();
  await store.stop();
  expect([store.isFailing, told.length]).toEqual([true, 2]);
  expect(Object.fromEntries(await readStore(directory))).toEqual({ theirs: { x: 1 } });
});

test('a slow disk is told of, and that it was not slow for ever', async () => {
  const { open, told, fire } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  const written = store.flush();
  // What was put is made lines first.
  await new Promise((resolve) => setImmediate(resolve));
  fire(limits.stateSlowMs);
  expect(store.isFailing).toBe(true);
  await written;
  const slow =
    'timeout: writing the state into … takes longer than 1 s: what is told meanwhile is in memory only';
  expect([store.isFailing, told]).toEqual([false, [slow, 'recovered']]);
});

test('stopping writes what is left, and then the directory is free', async () => {
  const { directory, open, names } = scene();
  const store = await open();
  store.put('a', { x: 1 });
  await store.stop();
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 } });
  store.put('b', { x: 2 });
  await store.flush();
  expect(Object.fromEntries(await readStore(directory))).toEqual({ a: { x: 1 } });
  expect(names()).toEqual(['state']);
  await open();
});

test('a second store of one directory is refused', async () => {
  const { directory, open } = scene();
  await open();
  const refused = `${directory} is in use by process ${process.pid} on `;
  await expect(open()).rejects.toThrow(refused);
  await expect(open()).rejects.toMatchObject({ code: 'state.rejected' });
});

test('who only reads takes and changes nothing', async () => {
  const { directory, names } = scene();
  writeFileSync(join(directory, 'state'), two.slice(0, -3));
  expect([...(await readStore(directory)).keys()]).toEqual(['a']);
  expect(names()).toEqual(['state']);
  expect([...(await readStore(join(directory, 'nowhere'))).keys()]).toEqual([]);
  expect(existsSync(join(directory, 'nowhere'))).toBe(false);
});

/** What who only looks is told of a file with this content. */
async function checkUnread(content: string | undefined, expected: readonly string[]): Promise<void> {
  const directory = temporaryFolder();
  if (content !== undefined) writeFileSync(join(directory, 'state'), content);
  const told: string[] = [];
  await readStore(directory, ({ what, text }) => told.push(`${what}: ${text.replaceAll(directory, '…')}`));
  expect(told).toEqual(expected);
}

test('who only looks is told that nothing can be read', async () => {
  await checkUnread('garbage\n', [
    'all: …/state is damaged from byte 0 on: 1 line is lost; nothing of it can be read',
  ]);
  const newer = two.replace(headerLine, '407e06f7 {"file":"cloudmon-reporter state","version":2}\n');
  await checkUnread(newer, [
    'all: …/state was written by version 2 of its format, which this program does not know; 2 records are not read',
  ]);
  await checkUnread('', ['all: …/state is empty']);
});

test('who only looks is told that some cannot be read', async () => {
  await checkUnread(two.slice(headerLine.length), [
    'some: …/state is damaged from byte 0 on: what stood before its first line, if anything, is lost; the other lines count',
  ]);
  await checkUnread(two.replace('\n', '\nbroken\n'), [
    'some: …/state is damaged from byte 56 on: 1 line is lost; the other lines count',
  ]);
});

test('who only looks is told of a folder that is missing, and of nothing where all is well', async () => {
  await checkUnread(two, []);
  await checkUnread(undefined, []);
  const told: string[] = [];
  const missing = join(temporaryFolder(), 'nowhere');
  await readStore(missing, ({ what, text }) => told.push(`${what}: ${text}`));
  expect(told).toEqual([`all: the folder ${missing} does not exist`]);
});

test('in memory nothing is kept and nothing fails', async () => {
  const store = memoryStore();
  store.put('a', { x: 1 });
  await store.flush();
  await store.stop();
  expect([store.kept.size, store.isFailing]).toEqual([0, false]);
});
