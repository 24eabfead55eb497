/** Long work goes on in slices; several works that share a pace have a slice together. */
import { expect, test } from 'vitest';
import { type Clock, pace } from '../../src/model/clock.ts';

/** Time passes as work does; a turn of everything else is one of the tasks that wait for it. */
function stage() {
  let nowMs = 0;
  const tasks: (() => void)[] = [];
  const clock = { monotonic: () => nowMs, soon: (task) => void tasks.push(task) } as Partial<Clock> as Clock;
  const pause = pace(clock, 5);
  const log: string[] = [];
  const work = async (name: string, units: number) => {
    for (let unit = 0; unit < units; unit++) {
      nowMs += 1;
      log.push(name);
      await pause();
    }
  };
  /** Everything else has its turn, after the work that can go on. */
  const turn = async () => {
    for (let tick = 0; tick < 100; tick++) await Promise.resolve();
    log.push('|');
    for (const task of tasks.splice(0)) task();
  };
  return { work, turn, tasks, said: () => log.splice(0).join('') };
}

test('alone it goes on for a slice, and then for another', async () => {
  const { work, turn, said, tasks } = stage();
  void work('a', 12);
  for (let count = 0; count < 3; count++) await turn();
  expect(said()).toBe('aaaaa|aaaaa|aa|');
  expect(tasks).toEqual([]);
});

test('several have one slice together before everything else, each in its turn', async () => {
  const { work, turn, said, tasks } = stage();
  for (const name of ['a', 'b', 'c']) void work(name, 11);
  for (let count = 0; count < 9; count++) await turn();
  // Who is at work when the slice ends does one thing more.
  expect(said()).toBe('abcabca|bbbbb|ccccc|aaaaa|bbbb|cccc|aaa|||');
  expect(tasks).toEqual([]);
});
