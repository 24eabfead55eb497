/**
 * What the library takes from the program that it runs in: time, timers, chance, environment.
 *
 * Nothing of it is changed: no listener, no signal, nothing printed.
 */

export type Host = {
  /** Wall clock, milliseconds since 1970. */
  readonly now: () => number;
  /** Monotonic milliseconds since an arbitrary start. */
  readonly monotonic: () => number;
  /** Runs `task` once after `ms`, unless the returned function is called before; the program lives until then. */
  readonly after: (ms: number, task: () => void) => () => void;
  /** The same, but a program that has nothing else to do ends before. */
  readonly whileUp: (ms: number, task: () => void) => () => void;
  /** From 0 up to, not including, 1. */
  readonly chance: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
};

export const systemHost: Host = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
  whileUp: (ms, task) => {
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
  chance: Math.random,
  env: process.env,
};
