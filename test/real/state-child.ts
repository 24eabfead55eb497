/**
 * A process that keeps state, for tests that kill it or its disk: says on stdout what it was told and what it
 * has done, one JSON array a line, at once.
 *
 * `write DIRECTORY COUNT BYTES`: puts and flushes numbered values. `fill`: fills the disk, and makes room again.
 * `late`: puts one value before it can be written, and waits until it is. `crowded`: without files to spare.
 * `find`: says where the state is kept by default. `hold`: opens and stays. `race AT DIRECTORY…`: opens all of them, one each 50 ms from then on, and stays.
 */
import { appendFileSync, closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, sleep, systemClock } from '../../src/model/clock.ts';
import { findStateDirectory } from '../../src/state/directory.ts';
import { openStore, readStore, type StateJournal, type Store } from '../../src/state/store.ts';

/** What each line begins with. */
export type Said =
  | 'open'
  | 'flushed'
  | 'dropped'
  | 'failed'
  | 'recovered'
  | 'refused'
  | 'read'
  | 'ticks'
  | 'stopped';

const say = (said: Said, ...more: readonly unknown[]) =>
  void writeSync(1, `${JSON.stringify([said, ...more])}\n`);

/** What takes seconds takes a tenth: but for what is slow. */
const clock: Clock = {
  ...systemClock,
  after: (ms, task) => systemClock.after(ms === 5_000 ? 500 : ms, task),
};

const journal: StateJournal = {
  stateDropped: ({ count }) => say('dropped', count),
  stateFailed: ({ message, reason }) => say('failed', reason, message),
  stateRecovered: () => say('recovered'),
};

async function opened(directory: string): Promise<Store | undefined> {
  try {
    const store = await openStore(directory, clock, journal);
    say('open', directory, [...store.kept], store.isFailing);
    return store;
  } catch (error) {
    say('refused', directory, (error as Error).message);
    return undefined;
  }
}

async function write(directory: string, count: number, bytes: number): Promise<void> {
  const store = await opened(directory);
  if (!store) return;
  let ticks = 0;
  const ticking = setInterval(() => ticks++, 10);
  const first = 1 + Math.max(0, ...[...store.kept.values()].map((value) => (value as { n: number }).n));
  for (let n = first; n < first + count; n++) {
    const key = `key ${n % 3}`;
    store.put(key, { n, text: 'x'.repeat(bytes) });
    store.put('newest', { n });
    if (n % 5 === 0) store.put(`key ${(n + 1) % 3}`, undefined);
    await store.flush();
    if (!store.isFailing) say('flushed', n);
  }
  clearInterval(ticking);
  say('ticks', ticks);
  await recovered(store);
  await store.stop();
  say('stopped');
}

async function recovered(store: Store): Promise<void> {
  while (store.isFailing) await sleep(systemClock, 20);
}

async function fill(directory: string): Promise<void> {
  const store = await opened(directory);
  if (!store) return;
  store.put('early', { n: 1 });
  await store.flush();
  const ballast = join(directory, 'ballast');
  while (hasRoom(ballast));
  store.put('late', { text: 'x'.repeat(5_000) });
  await store.flush();
  say('read', [...(await readStore(directory)).keys()]);
  rmSync(ballast);
  await recovered(store);
  say('read', [...(await readStore(directory)).keys()]);
  await store.stop();
  say('stopped');
}

function hasRoom(path: string): boolean {
  try {
    appendFileSync(path, 'x'.repeat(1_000));
    return true;
  } catch {
    return false;
  }
}

async function late(directory: string): Promise<void> {
  const store = await opened(directory);
  if (!store) return;
  store.put('late', { n: 1 });
  await store.flush();
  await recovered(store);
  say('read', [...(await readStore(directory)).keys()]);
  await store.stop();
  say('stopped');
}

async function crowded(directory: string): Promise<void> {
  const store = await opened(directory);
  if (!store) return;
  await store.flush();
  const taken: number[] = [];
  try {
    for (;;) taken.push(openSync('/dev/null', 'r'));
  } catch {
    say('ticks', taken.length);
  }
  store.put('crowded', { n: 1 });
  await store.flush();
  for (const handle of taken) closeSync(handle);
  await recovered(store);
  say('read', [...(await readStore(directory)).keys()]);
  await store.stop();
  say('stopped');
}

async function race(atMs: number, directories: readonly string[]): Promise<void> {
  for (const [index, directory] of directories.entries()) {
    const startMs = atMs + index * 50;
    await sleep(systemClock, startMs - 5 - Date.now());
    while (Date.now() < startMs);
    await opened(directory);
  }
  setInterval(() => undefined, 1_000);
}

const [mode = '', directory = '', ...rest] = process.argv.slice(2);
const modes: Readonly<Record<string, () => Promise<unknown>>> = {
  write: () => write(directory, Number(rest[0]), Number(rest[1])),
  fill: () => fill(directory),
  late: () => late(directory),
  crowded: () => crowded(directory),
  find: async () => say('read', await findStateDirectory('auto', undefined)),
  hold: () => race(0, [directory]),
  race: () => race(Number(directory), rest),
};
await modes[mode]?.();
