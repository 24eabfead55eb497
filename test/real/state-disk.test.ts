/** A disk that is full, read-only, broken or slow, and a process without files to spare. */
import { chmodSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { entryLine, headerLine } from '../../src/state/line.ts';
import { readStore } from '../../src/state/store.ts';
import { file, temporaryFolder } from '../process/program.ts';
import { builtChild, type StateProcess, startState } from './state-process.ts';

/** In a mount namespace of its own, below a disk of 64 KiB. `$1` is its place. */
function onSmallDisk(directory: string, script: string): string[] {
  const mounted = `set -e; mount -t tmpfs -o size=64k tmpfs "$1"; ${script}`;
  return ['unshare', '--mount', 'sh', '-c', mounted, 'sh', directory];
}

/** @param inject in strace's words */
function withFault(directory: string, inject: string): string[] {
  const files = ['', 'state', 'state.new'].flatMap((name) => ['-P', join(directory, name)]);
  const traced = ['-e', `trace=${inject.split(':')[0]}`, '-e', `inject=${inject}`];
  return ['strace', '-E', 'UV_THREADPOOL_SIZE=1', '-f', '-qq', '-o', '/dev/null', ...files, ...traced];
}

/** Ten numbers are written whatever happens; what was told meanwhile. */
async function check(
  inject: string,
  told: readonly (readonly [reason: string, words: string])[],
): Promise<StateProcess> {
  const directory = temporaryFolder();
  const child = await builtChild();
  const writing = startState(child, ['write', directory, 10, 100], withFault(directory, inject));
  await writing.ended;
  const failed = told.map(([reason, words]) => [reason, `writing the state into ${directory}${words}`]);
  expect(writing.said('failed')).toEqual(failed);
  expect(writing.said('recovered')).toHaveLength(1);
  expect(writing.said('stopped')).toHaveLength(1);
  const kept = await readStore(directory);
  expect([...kept.values()].map((value) => (value as { n: number }).n).sort((a, b) => a - b)).toEqual([
    9, 10, 10,
  ]);
  return writing;
}

const broken = ['failed', ': the disk has an error'] as const;

test('an fdatasync that fails costs nothing: all goes into a new file at once', async () => {
  const { said } = await check('fdatasync:error=EIO:when=4', [broken]);
  expect(said('flushed')).toHaveLength(10);
});

test('a disk that fails for a while has everything afterwards', async () => {
  const { said } = await check('fdatasync:error=EIO:when=4..6', [broken, broken, broken]);
  expect(said('flushed').length).toBeLessThan(10);
});

test('a disk that is full when a line is appended takes a new file', () =>
  check('write:error=ENOSPC:when=5', [['failed', ': no space is left on the disk']]));

test('a disk that becomes read-only is written to when it is not any more', () => {
  const readOnly = ['failed', ': the disk is read-only'] as const;
  return check('write:error=EROFS:when=3..5', [readOnly, readOnly, readOnly]);
});

test('a rename that fails leaves the old file, and is made up for', () =>
  check('rename:error=EIO:when=1', [broken]));

test('an error of the folder counts, too', () => check('fsync:error=EIO:when=1', [broken]));

test('while an fdatasync takes two seconds everything else goes on', async () => {
  const slow = ' takes longer than 1 s: what is told meanwhile is in memory only';
  const { said } = await check('fdatasync:delay_enter=2s:when=4', [['timeout', slow]]);
  // A hundred and fifty tens of milliseconds, when nobody else wants the machine.
  expect(Number(said('ticks')[0]?.[0])).toBeGreaterThan(50);
});

test('a disk that is full keeps what it has, and is written to again once there is room', async () => {
  const directory = temporaryFolder();
  const script = 'shift; exec "$@"';
  const filling = startState(await builtChild(), ['fill', directory], onSmallDisk(directory, script));
  await filling.ended;
  const full = ['failed', `writing the state into ${directory}: no space is left on the disk`];
  expect(filling.said('failed').slice(0, 2)).toEqual([full, full]);
  expect(filling.said('recovered')).toHaveLength(1);
  expect(filling.said('read')).toEqual([[['early']], [['early', 'late']]]);
});

test('a read-only disk: what it holds is known, and it is written to once it can be', async () => {
  const directory = temporaryFolder();
  const line = entryLine({ number: 1, key: 'early', value: { n: 1 } });
  const state = file(`${headerLine}${line}torn`, 'state');
  const script = `cp ${state} "$1/state"; mount -o remount,ro "$1"; (sleep 1; mount -o remount,rw "$1") & shift; "$@"`;
  const waiting = startState(await builtChild(), ['late', directory], onSmallDisk(directory, script));
  await waiting.ended;
  expect(waiting.said('dropped')).toEqual([[1]]);
  expect(waiting.said('open')).toEqual([[directory, [['early', { n: 1 }]], true]]);
  expect(waiting.said('failed')[0]).toEqual([
    'failed',
    `state cannot be kept in ${directory}: the disk is read-only`,
  ]);
  expect(waiting.said('recovered')).toHaveLength(1);
  expect(waiting.said('read')).toEqual([[['early', 'late']]]);
});

test('without a file to spare everything is in memory until there is one', async () => {
  const directory = temporaryFolder();
  const crowded = startState(await builtChild(), ['crowded', directory], ['prlimit', '--nofile=64', '--']);
  await crowded.ended;
  const why = ['failed', `writing the state into ${directory}: this process has too many files open`];
  expect(crowded.said('failed')[0]).toEqual(why);
  expect(crowded.said('recovered')).toHaveLength(1);
  expect(crowded.said('read')).toEqual([[['crowded']]]);
});

test('a file that may not be read is left as it is, and everything is in memory', async () => {
  const directory = temporaryFolder();
  writeFileSync(join(directory, 'state'), headerLine, { mode: 0o600 });
  const asNobody = `chown nobody "$1"; shift; exec setpriv --reuid=nobody --clear-groups "$@"`;
  const below = ['sh', '-c', asNobody, 'sh', directory];
  const child = await builtChild();
  chmodSync(dirname(child), 0o755);
  const writing = startState(child, ['write', directory, 2, 10], below);
  await writing.until('ticks', 1);
  await writing.kill();
  const why = `${directory}/state cannot be read, and is left as it is: permission denied`;
  expect(writing.said('failed')).toEqual([['unauthorized', expect.stringContaining(why)]]);
  expect((await readStore(directory)).size).toBe(0);
});

for (const [what, script, found] of [
  ['is there', 'mkdir /var/lib/cloudmon-reporter', '/var/lib/cloudmon-reporter'],
  ['is missing', 'true', null],
  ['is a file', 'touch /var/lib/cloudmon-reporter', null],
  ['is read-only', 'mkdir /var/lib/cloudmon-reporter; mount -o remount,ro /var/lib', null],
] as const) {
  test(`the folder of packages is taken where it can be written: ${what}`, async () => {
    const below = onSmallDisk('/var/lib', `${script}; shift; exec "$@"`);
    const finding = startState(await builtChild(), ['find'], below);
    await finding.ended;
    expect(finding.said('read')).toEqual([[found]]);
  });
}
