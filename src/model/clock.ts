/**
 * The only home of time.
 *
 * Intervals and deadlines use the monotonic clock; what is written for others uses the wall clock.
 */

export type Clock = {
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Monotonic milliseconds since an arbitrary start. */
  readonly monotonic: () => number;
  /** Resolves after `ms`, or at once when the signal is aborted: never rejects. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const finish = () => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', finish);
        resolve();
      };
      const timer = setTimeout(finish, ms);
      signal?.addEventListener('abort', finish, { once: true });
    }),
};

/** RFC 3339 in UTC with whole seconds, `2026-01-20T12:00:00Z`: the form of every time we send. */
export function rfc3339(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
