/**
 * Runs a cycle at once and then every `poll_interval`, start to start, until it is stopped.
 *
 * The beat is kept on the monotonic clock. A cycle that takes longer than the interval, or
 * a machine that slept, makes the missed beats be skipped: never doubled, never caught up.
 */
import { type Clock, sleep } from '../model/clock.ts';
import { type CycleParts, runCycle } from './cycle.ts';

export type Loop = {
  /** From the next cycle on; the beat starts anew only where the interval changed. */
  readonly replace: (parts: CycleParts) => void;
  /** Starts no cycle any more and gives up the one under way. */
  readonly stop: () => Promise<void>;
  /** Rejects when the loop died of a bug. */
  readonly ended: Promise<void>;
};

export function startLoop(initial: CycleParts): Loop {
  const stop = new AbortController();
  let parts = initial;
  const ended = run();

  async function run(): Promise<void> {
    const { clock } = parts;
    let beatMs = clock.monotonic();
    while (!stop.signal.aborted) {
      await runCycle(parts, stop.signal);
      const intervalMs = parts.settings.pollIntervalMs;
      const missed = Math.floor((clock.monotonic() - beatMs) / intervalMs);
      if (missed > 0 && !stop.signal.aborted) parts.journal.cyclesSkipped(missed);
      beatMs += (missed + 1) * intervalMs;
      await sleepUntil(clock, beatMs, stop.signal);
    }
  }

  return {
    replace: (next) => {
      parts = next;
    },
    stop: async () => {
      stop.abort();
      await ended;
    },
    ended,
  };
}

/** Timers may fire a little early; a cycle never starts before its beat. */
async function sleepUntil(clock: Clock, beatMs: number, signal: AbortSignal): Promise<void> {
  for (let leftMs = beatMs - clock.monotonic(); leftMs > 0; leftMs = beatMs - clock.monotonic()) {
    if (signal.aborted) return;
    await sleep(clock, leftMs, signal);
  }
}
