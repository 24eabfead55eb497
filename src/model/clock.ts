/**
 * The only home of time and of timers.
 *
 * Intervals and deadlines use the monotonic clock; what is written for others uses the wall clock.
 */

export type Clock = {
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Monotonic milliseconds since an arbitrary start. */
  readonly monotonic: () => number;
  /** Runs `task` once after `ms`, unless the returned function is called before. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** Runs `task` as soon as whatever waits by now has had its turn. */
  readonly soon: (task: () => void) => void;
};

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  soon: (task) => void setImmediate(task),
};

/** Resolves after `ms`, or at once when the signal is aborted; never rejects. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const finish = () => {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    };
    const cancel = clock.after(ms, finish);
    signal?.addEventListener('abort', finish, { once: true });
  });
}

/** What long work calls often: where it returns a promise, the work waits for it. */
export type Pause = () => Promise<void> | undefined;

/**
 * For long work: to be called often and, where it returns a promise, waited for.
 *
 * Several works that share one go on in turns: all of them together have no more than a slice before
 * everything else.
 *
 * @param sliceMs how long the work goes on before everything else that waits has its turn
 */
export function pace(clock: Clock, sliceMs: number): Pause {
  let sinceMs = clock.monotonic();
  const waiting: (() => void)[] = [];
  const goOn = () => {
    sinceMs = clock.monotonic();
    waiting.shift()?.();
    if (waiting.length > 0) clock.soon(goOn);
  };
  return () => {
    if (clock.monotonic() - sinceMs < sliceMs) return undefined;
    return new Promise((resolve) => {
      if (waiting.push(resolve) === 1) clock.soon(goOn);
    });
  };
}

/** RFC 3339 in UTC with whole seconds, `2026-01-20T12:00:00Z`: the form of every time we send. */
export function rfc3339(timeMs: number): string {
  return `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
}
