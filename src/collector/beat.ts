/** Does something again and again, start to start on the monotonic clock; a beat that is late is not made up. */
import type { Clock } from '../model/clock.ts';

/**
 * The first time is an interval from now.
 *
 * @returns ends it
 */
export function startBeat(clock: Clock, intervalMs: number, beat: () => void): () => void {
  let dueMs = clock.monotonic() + intervalMs;
  let cancel = clock.after(intervalMs, tick);

  function tick(): void {
    const nowMs = clock.monotonic();
    dueMs += Math.max(1, Math.floor((nowMs - dueMs) / intervalMs) + 1) * intervalMs;
    cancel = clock.after(Math.max(0, dueMs - nowMs), tick);
    beat();
  }

  return () => cancel();
}
