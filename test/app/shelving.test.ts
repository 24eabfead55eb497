/** What is kept goes to disk before it is sent, and a disk that hangs holds no report back for more than a second. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { openShelving } from '../../src/app/shelving.ts';
import { limits } from '../../src/model/limits.ts';
import { FakeClock } from '../fake-clock.ts';

/** A store that writes when the test says so, or never. */
function scene() {
  const clock = new FakeClock();
  const done: string[] = [];
  let end: () => void = () => undefined;
  const store = {
    put: (key: string) => void done.push(`put ${key}`),
    flush: () => {
      done.push('flush');
      return new Promise<void>((resolve) => {
        end = resolve;
      });
    },
  };
  const { shelf, settleIntents } = openShelving(store, clock);
  const settle = () => {
    const decide = async () => {
      shelf.put('intent', {});
      await turn();
    };
    void settleIntents(decide).then(() => done.push('send'));
  };
  return { clock, done, settle, write: () => end() };
}

test('a write that never ends holds a report back for a second', async () => {
  const { clock, done, settle } = scene();
  settle();
  await turn();
  await turn();
  expect(done).toEqual(['put intent', 'flush']);
  await clock.advance(limits.stateWaitMs - 1);
  await turn();
  expect(done).toEqual(['put intent', 'flush']);
  await clock.advance(1);
  await turn();
  expect(done).toEqual(['put intent', 'flush', 'send']);
  expect(limits.stateWaitMs).toBe(1_000);
});

test('what is on disk is sent at once, and no timer is left behind', async () => {
  const { clock, done, settle, write } = scene();
  settle();
  await turn();
  await turn();
  write();
  await turn();
  expect(done).toEqual(['put intent', 'flush', 'send']);
  expect(clock.waiting).toEqual([]);
});

test('each cycle waits for its second alone, however long the disk has hung', async () => {
  const { clock, done, settle } = scene();
  for (let cycle = 1; cycle <= 3; cycle++) {
    settle();
    await turn();
    await turn();
    await clock.advance(limits.stateWaitMs);
    await turn();
    expect(done.filter((what) => what === 'send')).toHaveLength(cycle);
  }
});
