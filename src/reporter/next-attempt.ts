/** When a delivery is tried again, and when it is left alone. */
import type { Chance } from '../model/chance.ts';
import type { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';

/** The dashboard asks to be left alone for longer than a delivery waits. */
export function asksForPeace({ retryable, retryAfterMs = 0 }: Failure): boolean {
  return retryable && retryAfterMs > limits.retryAfterMsMax;
}

/** 1 s, 2 s, 4 s … up to 30 s, plus up to a quarter, or what the dashboard asks for; undefined: no further attempt. */
export function restMs(failure: Failure, attempt: number, chance: Chance): number | undefined {
  if (!failure.retryable || asksForPeace(failure)) return undefined;
  const backoffMs = Math.min(1000 * 2 ** (attempt - 1), limits.retryAfterMsMax);
  return Math.max(backoffMs * (1 + chance() / 4), failure.retryAfterMs ?? 0);
}
