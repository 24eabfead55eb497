/**
 * Runs a cycle at once and then every `poll_interval`, start to start, until it is stopped.
 *
 * The beat is kept on the monotonic clock. A cycle that takes longer than the interval, or
 * a machine that slept, makes the missed beats be skipped: never doubled, never caught up.
 */
import { type Clock, sleep } from '../model/clock.ts';
import { type CycleParts, runCycle } from './cycle.ts';

export type Loop = {
  /** From the next cycle on; resolves when that cycle begins, or the loop ends. */
  readonly replace: (parts: CycleParts) => Promise<void>;
  /** Starts no cycle any more and gives up the one under way. */
  readonly stop: () => Promise<void>;
  /** Rejects when the loop died of a bug. */
  readonly ended: Promise<void>;
};

export function startLoop(initial: CycleParts): Loop {
  const stop = new AbortController();
  const replaced: (() => void)[] = [];
  let parts = initial;
  let rest = new AbortController();
  let cycle = new AbortController();
  const ended = run().finally(takeOver);

  async function run(): Promise<void> {
    const { clock } = parts;
    let beatMs = clock.monotonic();
    while (!stop.signal.aborted) {
      takeOver();
      cycle.abort();
      cycle = new AbortController();
      await runCycle(parts, cycle.signal);
      const { pollIntervalMs } = parts.settings;
      const missed = Math.floor((clock.monotonic() - beatMs) / pollIntervalMs);
      if (missed > 0 && !stop.signal.aborted) parts.journal.cyclesSkipped(missed);
      beatMs = await restUntilBeat(clock, beatMs + missed * pollIntervalMs);
    }
  }

  function takeOver(): void {
    for (const resolve of replaced.splice(0)) resolve();
  }

  /** Returns the beat that it waited for; a reload may move it. Timers that fire early are waited out. */
  async function restUntilBeat(clock: Clock, lastBeatMs: number): Promise<number> {
    for (;;) {
      const nextMs = lastBeatMs + parts.settings.pollIntervalMs;
      const leftMs = nextMs - clock.monotonic();
      if (leftMs <= 0 || stop.signal.aborted) return nextMs;
      rest = new AbortController();
      await sleep(clock, leftMs, rest.signal);
    }
  }

  return {
    replace: (next) => {
      parts = next;
      rest.abort();
      return new Promise((resolve) => replaced.push(resolve));
    },
    stop: async () => {
      stop.abort();
      cycle.abort();
      rest.abort();
      await ended;
    },
    ended,
  };
}
