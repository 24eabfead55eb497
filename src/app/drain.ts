/** Gives deliveries a limited time to end. */
import { setMaxListeners } from 'node:events';
import { type Clock, sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

/** @param drain ends one thing, at the latest when its signal is aborted */
export async function drainAll<T>(
  all: readonly T[],
  clock: Clock,
  drain: (one: T, deadline: AbortSignal) => Promise<void>,
): Promise<void> {
  const deadline = new AbortController();
  // Each of them listens to it; node warns at eleven.
  setMaxListeners(0, deadline.signal);
  const isDone = new AbortController();
  void sleep(clock, limits.drainMs, isDone.signal).then(() => deadline.abort());
  await Promise.all(all.map((one) => drain(one, deadline.signal)));
  isDone.abort();
}
