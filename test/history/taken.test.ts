/** Somebody takes away the folder of a history, or its file, while it is written: what it says of each. */
import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { api, files, openScene, reading, temporaryFolder, web } from './scene.ts';

const month = 'history-2026-10';

/** A history that has said what `api` and `web` are. */
async function world(isOurs?: () => Promise<boolean>) {
  const scene = openScene(undefined, join(temporaryFolder(), 'state'), isOurs);
  const { history, clock, folder } = scene;
  mkdirSync(folder);
  history.read(reading(api, 2, clock));
  history.read(reading(web, 0, clock));
  await written(() => readFileSync(join(folder, month), 'utf8').includes('web'));
  const takeAway = () => renameSync(folder, `${folder}.away`);
  return { ...scene, takeAway };
}

/** Lets the disk do what it was told to. */
async function written(isDone: () => boolean, turnsMax = 200_000): Promise<void> {
  for (let turn = 0; turn < turnsMax; turn++) {
    await new Promise((resolve) => setImmediate(resolve));
    try {
      if (isDone()) return;
    } catch {
      // Not there yet.
    }
  }
}

const again = [
  '{"type":"observed","service":"api","environment":"production","status":2,"observed":"2026-10-05T12:00:00Z","again":true}',
  '{"type":"observed","service":"web","environment":"production","status":0,"observed":"2026-10-05T12:00:00Z","again":true}',
];

test('in a folder that was made anew the file begins with everything that is known, and nothing has failed', async () => {
  const { history, clock, folder, said, lines, takeAway } = await world();
  takeAway();
  mkdirSync(folder);
  await clock.advance(60_000);
  await history.stop();
  expect(lines()).toEqual([...again, '{"type":"alive"}', '{"type":"stop"}', '']);
  expect(said).toEqual([]);
});

test('a file that somebody else has written into, or has cut, says everything again', async () => {
  for (const change of [appendFileSync, writeFileSync]) {
    const { history, clock, folder, lines } = await world();
    change(join(folder, month), 'theirs');
    await clock.advance(60_000);
    await history.stop();
    expect(lines().slice(lines().findIndex((line) => line.endsWith('theirs')) + 1)).toEqual([
      ...again,
      '{"type":"alive"}',
      '{"type":"stop"}',
      '',
    ]);
  }
});

test("in a folder that may be somebody else's nothing is made, until it is ours again", async () => {
  let isOurs = false;
  const { history, clock, folder, said, lines, takeAway } = await world(async () => isOurs);
  takeAway();
  mkdirSync(folder);
  await clock.advance(60_000);
  await written(() => said.length > 0);
  expect(said).toEqual(['state.failed: the history cannot be written: the folder is not ours at the moment']);
  await clock.advance(60_000);
  expect(files(folder)).toEqual([]);
  isOurs = true;
  for (let minute = 0; minute < 20 && said.length < 2; minute++) {
    await clock.advance(60_000);
    await written(() => said.length > 1);
  }
  await history.stop();
  expect(lines()).toEqual(['{"type":"lost","lines":1}', ...again, '{"type":"stop"}', '']);
});

test('one that was left to another process is not written any more, and that is said once', async () => {
  const { history, clock, folder, said } = await world();
  const before = readFileSync(join(folder, month), 'utf8');
  history.read(reading(api, 1, clock));
  history.leave();
  history.leave();
  history.read(reading(api, 0, clock));
  for (let minute = 0; minute < 3; minute++) await clock.advance(60_000);
  await written(() => false, 2_000);
  expect(readFileSync(join(folder, month), 'utf8')).toBe(before);
  rmSync(join(folder, month));
  await history.stop();
  expect(files(folder)).toEqual([]);
  expect(said).toEqual([
    'state.rejected: the history cannot be written: another process has the folder by now; it is left alone until a restart',
  ]);
});
