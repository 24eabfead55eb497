/** What is on the disk after a kill -9 between any two system calls, and at random moments. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readStore } from '../../src/state/store.ts';
import { drawing } from '../chance.ts';
import { file, temporaryFolder } from '../process/program.ts';
import { builtChild, type StateProcess, startState } from './state-process.ts';

const traced = ['openat', 'write', 'fdatasync', 'fsync', 'rename', 'close'];

/** Enough to begin a file, to append to it and to make it anew twice. */
const [count, bytes] = [14, 12_000];

type Values = Readonly<Record<string, number>>;

/** What is there after each number. */
function after(newest: number): Values {
  const values: Record<string, number> = {};
  for (let n = 1; n <= newest; n++) {
    values[`key ${n % 3}`] = n;
    values['newest'] = n;
    if (n % 5 === 0) delete values[`key ${(n + 1) % 3}`];
  }
  return values;
}

/** What was acknowledged is there, or what was being written when it was killed. */
async function check(directory: string, killed: StateProcess, before = 0): Promise<void> {
  const newest = Math.max(before, ...killed.said('flushed').map(([n]) => Number(n)));
  const kept = await readStore(directory);
  const values = Object.fromEntries([...kept].map(([key, value]) => [key, (value as { n: number }).n]));
  expect([after(newest), after(newest + 1)]).toContainEqual(values);
  expect(killed.said('dropped')).toEqual([]);
  expect(killed.said('failed')).toEqual([]);
  expect(killed.said('refused')).toEqual([]);
}

/** @param trace what of the calls on the state's files is wanted, in strace's words */
function below(directory: string, trace: string, more: readonly string[] = []): string[] {
  const files = ['', 'state', 'state.new'].flatMap((name) => ['-P', join(directory, name)]);
  const calls = ['-e', `trace=${traced}`, ...more];
  // With several threads each one counts its calls for itself.
  return ['strace', '-E', 'UV_THREADPOOL_SIZE=1', '-f', '-qq', '-o', trace, ...files, ...calls];
}

test('a kill at any system call leaves what was acknowledged, or what was under way', async () => {
  const child = await builtChild();
  const args = (directory: string) => ['write', directory, count, bytes];
  const directory = temporaryFolder();
  const trace = file('', 'trace');
  const whole = startState(child, args(directory), below(directory, trace));
  await whole.ended;
  expect(whole.said('flushed')).toHaveLength(count);
  await check(directory, whole);
  const made = readFileSync(trace, 'utf8');
  const order = [...made.matchAll(/^\d+ +(write|fdatasync|rename|fsync)\(/gm)]
    .map(([, call]) => call)
    .join(' ');
  expect(order, 'a file is on the disk before it has its name').toMatch(
    /^(write fdatasync rename fsync( write fdatasync)* ?)+$/,
  );
  for (const call of traced) {
    const times = [...made.matchAll(new RegExp(`^\\d+ +${call}\\(`, 'gm'))].length;
    expect(times, call).toBeGreaterThan(3);
    for (let when = 1; when <= times; when++) {
      const folder = temporaryFolder();
      const inject = ['-e', `inject=${call}:signal=SIGKILL:when=${when}`];
      const killed = startState(child, args(folder), below(folder, '/dev/null', inject));
      await killed.ended;
      expect(killed.said('stopped'), `${call} ${when}`).toEqual([]);
      await check(folder, killed);
    }
  }
});

test('a process that is killed again and again goes on where it was (seed 1)', async () => {
  const child = await builtChild();
  const directory = temporaryFolder();
  const draw = drawing(1);
  let newest = 0;
  for (let life = 0; life < 20; life++) {
    const killed = startState(child, ['write', directory, 1_000_000, draw(12_000)]);
    await killed.until('flushed', 1 + draw(60));
    await killed.kill();
    await check(directory, killed, newest);
    newest = Math.max(...killed.said('flushed').map(([n]) => Number(n)));
  }
  expect(newest).toBeGreaterThan(20);
  expect(readdirSync(directory).filter((name) => !name.startsWith('state'))).toHaveLength(1);
});
