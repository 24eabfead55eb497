/** What a disk may do to a history, and how large it may become. */
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openHistory } from '../../src/history/history.ts';
import { rfc3339 } from '../../src/model/clock.ts';
import { limits } from '../../src/model/limits.ts';
import type { FakeClock } from '../fake-clock.ts';
import { action, api, files, journalOf, openScene, reading, temporaryFolder, web } from './scene.ts';

const month = 'history-2026-10';

/** Lets the disk do what it was told to. */
async function settled(done: () => boolean): Promise<void> {
  for (let turn = 0; turn < 200_000 && !done(); turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** The minute in which the disk is still refusing may be the first one. */
async function untilWorks(clock: FakeClock, said: readonly string[]): Promise<void> {
  for (let minute = 0; minute < 20 && said.length < 2; minute++) {
    await clock.advance(60_000);
    await settled(() => said.length > 1);
  }
}

test('a full disk is said once, what comes is dropped, and all that is known is said when there is room', async () => {
  const folder = temporaryFolder();
  symlinkSync('/dev/full', join(folder, month));
  const { history, clock, said, lines } = openScene('2026-10-05T12:00:00Z', folder);
  await settled(() => said.length > 0);
  expect(said).toEqual(['state.failed: the history cannot be written: ENOSPC: no space left on device']);
  history.read(reading(api, 1, clock));
  history.read(reading(web, 0, clock));
  history.read(reading(api, 2, clock));
  await clock.advance(60_000);
  expect(said).toHaveLength(1);
  rmSync(join(folder, month));
  await untilWorks(clock, said);
  expect(said[1]).toBe('works, 4 dropped');
  history.read(reading(api, 0, clock));
  await history.stop();
  expect(lines()).toEqual([
    '{"type":"lost","lines":4}',
    '{"type":"observed","service":"api","environment":"production","status":2,"observed":"2026-10-05T12:00:00Z","again":true}',
    '{"type":"observed","service":"web","environment":"production","status":0,"observed":"2026-10-05T12:00:00Z","again":true}',
    `{"type":"observed","service":"api","environment":"production","status":0,"observed":"${rfc3339(clock.now())}"}`,
    '{"type":"stop"}',
    '',
  ]);
});

test('a folder that is gone, and comes back, is survived', async () => {
  const { history, clock, said, folder, lines } = openScene();
  await settled(() => files(folder).length > 0 && statSync(join(folder, month)).size > 0);
  rmSync(folder, { recursive: true });
  history.read(reading(api, 1, clock));
  await settled(() => said.length > 0);
  expect(said).toEqual(['state.failed: the history cannot be written: ENOENT: no such file or directory']);
  mkdirSync(folder);
  await untilWorks(clock, said);
  await history.stop();
  expect(lines()[0]).toBe('{"type":"lost","lines":1}');
});

test('a torn last line is ended by the next start', async () => {
  const folder = temporaryFolder();
  writeFileSync(
    join(folder, month),
    '{"time":"2026-10-05T11:59:00.000Z","type":"alive"}\n{"time":"2026-10-0',
  );
  const { history, lines } = openScene('2026-10-05T12:00:00Z', folder);
  await history.stop();
  expect(lines()).toEqual([
    '{"type":"alive"}',
    '{"time":"2026-10-0',
    '{"type":"start"}',
    '{"type":"stop"}',
    '',
  ]);
});

test('thirteen months are kept, and a clock that is wrong by years deletes one of them at most', async () => {
  const folder = temporaryFolder();
  const old = Array.from({ length: 16 }, (_, at) =>
    new Date(Date.UTC(2025, 5 + at, 1)).toISOString().slice(0, 7),
  );
  for (const name of [
    ...old.map((one) => `history-${one}`),
    'state',
    'history-2025-13',
    'history-2024-01.bak',
  ]) {
    appendFileSync(join(folder, name), '');
  }
  const { history } = openScene('2026-10-05T12:00:00Z', folder);
  await history.stop();
  const kept = old.slice(-12);
  const others = ['history-2024-01.bak', 'history-2025-13', 'state'];
  expect(files(folder)).toEqual(
    [...kept, '2026-10']
      .map((one) => `history-${one}`)
      .concat(others)
      .sort(),
  );
  const later = openScene('2031-01-01T00:00:00Z', folder);
  await later.history.stop();
  const months = files(folder).filter((name) => /^history-\d{4}-(0\d|1[0-2])$/.test(name));
  expect(months).toEqual([...kept.slice(1), '2026-10', '2031-01'].map((one) => `history-${one}`));
});

test('a file that is large enough takes only changes, and then nothing; both are said once', async () => {
  const folder = temporaryFolder();
  const path = join(folder, month);
  const { history, clock, said } = openScene('2026-10-05T12:00:00Z', folder);
  await history.stop();
  truncateSync(path, limits.historyBytesMax - 1);
  appendFileSync(path, '\n');
  const second = openHistory(folder, clock, journalOf(said), async () => true);
  for (const type of ['open', 'close', 'open'] as const) {
    second.delivered(action(type, 1, clock), 'sent', undefined, { outcome: 'sent' });
  }
  second.read(reading(api, 1, clock));
  await second.stop();
  expect(said).toEqual(['history-2026-10 is full, written: changes']);
  const tail = readFileSync(path).subarray(limits.historyBytesMax).toString();
  expect(tail.split('\n').map((line) => /"type":"\w+"/.exec(line)?.[0])).toEqual([
    '"type":"start"',
    '"type":"observed"',
    '"type":"stop"',
    undefined,
  ]);
  truncateSync(path, limits.historyChangesBytesMax - 1);
  appendFileSync(path, '\n');
  const third = openHistory(folder, clock, journalOf(said), async () => true);
  third.read(reading(api, 2, clock));
  await clock.advance(60_000);
  await third.stop();
  expect(said.slice(1)).toEqual(['history-2026-10 is full, written: nothing']);
  expect(statSync(path).size).toBe(limits.historyChangesBytesMax);
});

test('what waits for a disk is bounded, and made up for', async () => {
  const { history, clock, lines, said } = openScene();
  const expression = 'x'.repeat(limits.historyTextCharactersMax);
  for (let times = 0; times < 20_000; times++) {
    const evidence = { matchedExpression: `${times % 2}${expression}`, triggered: [] };
    history.read(reading(api, 1, clock, evidence));
  }
  await history.stop();
  const lost = lines().findIndex((line) => line.startsWith('{"type":"lost"'));
  expect(lost).toBeGreaterThan(5_000);
  expect(lines()[lost]).toBe(`{"type":"lost","lines":${20_002 - lost}}`);
  expect(lines()[lost + 1]).toContain('"again":true');
  expect(said).toEqual([]);
});

test('a disk that hangs holds nobody up, and the end no longer than a second', async () => {
  const folder = temporaryFolder();
  const path = join(folder, month);
  // Whoever writes into it waits until somebody reads.
  expect(spawnSync('mkfifo', [path]).status).toBe(0);
  const { history, clock } = openScene('2026-10-05T12:00:00Z', folder);
  history.read(reading(api, 1, clock));
  let isOver = false;
  const stopped = history.stop().then(() => {
    isOver = true;
  });
  await clock.advance(limits.historyStopMs - 1);
  expect(isOver).toBe(false);
  await clock.advance(1);
  expect(isOver).toBe(true);
  await stopped;
  expect(await firstRead(path)).toContain('"type":"start"');
});

/** Stays until somebody has written: whoever writes to a reader that has gone is told so. */
async function firstRead(pipe: string): Promise<string> {
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  const bytes = Buffer.alloc(65_536);
  try {
    for (;;) {
      const count = readNow(reader, bytes);
      if (count > 0) return bytes.toString('utf8', 0, count);
      await turn();
    }
  } finally {
    closeSync(reader);
  }
}

/** Returns 0 where there is nothing yet. */
function readNow(reader: number, bytes: Buffer): number {
  try {
    return readSync(reader, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    return 0;
  }
}
