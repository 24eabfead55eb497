/**
 * What a dashboard lists about itself, kept from cycle to cycle.
 *
 * Who misses something in it has it asked for again, once a cycle at most.
 */
import type { Clock } from '../model/clock.ts';

export type KeptList<Value> = {
  /** As it was listed last; undefined: not yet. */
  readonly value: () => Value | undefined;
  /** Asks for it anew, unless that was done in this cycle. Throws what `list` throws. */
  readonly refresh: (signal: AbortSignal) => Promise<void>;
  /** It is known to be old: it is asked for at the next occasion. */
  readonly forget: () => void;
};

export type KeptListParts<Value> = {
  readonly list: (signal: AbortSignal) => Promise<Value>;
  readonly clock: Clock;
  readonly pollIntervalMs: number;
};

export function keepList<Value>({ list, clock, pollIntervalMs }: KeptListParts<Value>): KeptList<Value> {
  let kept: { readonly value: Value; readonly atMs: number } | undefined;
  return {
    value: () => kept?.value,
    refresh: async (signal) => {
      // A cycle may begin a little early, and has its look nevertheless.
      if (kept && clock.monotonic() - kept.atMs < pollIntervalMs / 2) return;
      const value = await list(signal);
      kept = { value, atMs: clock.monotonic() };
    },
    forget: () => {
      kept = undefined;
    },
  };
}
