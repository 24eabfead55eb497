/**
 * The program is killed at every write of its state and at every fdatasync in turn, by strace, while it
 * tells seven dashboards: nothing is lost, and nothing is doubled where the dashboard can tell.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as passed } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { drawing } from '../chance.ts';
import { startKilling } from '../process/killing.ts';

/** Of one life: after so many of them everything has been told and written. */
const lifeMsMax = 4_000;

test.each(['write', 'fdatasync', 'rename'])(
  'every dashboard shows the truth after a kill at each %s of the state',
  async (call) => {
    const draw = drawing(7);
    const killing = await startKilling();
    await killing.peace();
    let index = 0;
    for (let isKilled = true; isKilled; ) {
      index++;
      killing.change(draw);
      isKilled = await dieAt(call, index, killing);
      await killing.peace();
      expect(killing.wrong(), `after a kill at ${call} number ${index}`).toEqual([]);
    }
    // The last one was let live. A file that is made anew is renamed once; what comes together is written together.
    expect(index).toBeGreaterThan(call === 'rename' ? 1 : 2);
  },
  240_000,
);

/** Returns whether the program came so far. */
async function dieAt(
  call: string,
  index: number,
  killing: Awaited<ReturnType<typeof startKilling>>,
): Promise<boolean> {
  // With several threads each one would count its calls for itself.
  const watched = ['-E', 'UV_THREADPOOL_SIZE=1', '-f', '-qq', '-o', '/dev/null', '-e', `trace=${call}`];
  const files = ['-P', killing.statePath, '-P', `${killing.statePath}.new`];
  const inject = ['-e', `inject=${call}:signal=SIGKILL:when=${index}`];
  const program = [process.execPath, 'dist/cli.js', 'run', '-c', killing.configPath];
  const child = spawn('strace', [...watched, ...files, ...inject, ...program], {
    stdio: 'ignore',
    detached: true,
  });
  const killAll = () => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  };
  onTestFinished(killAll);
  const ended = once(child, 'exit').then(() => true);
  const isKilled = await Promise.race([ended, passed(lifeMsMax, false, { ref: false })]);
  killAll();
  await ended;
  killing.killed();
  return isKilled;
}
