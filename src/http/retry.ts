/**
 * The only place that tries again.
 *
 * The waiting happens on our clock inside `shouldRetry`, which p-retry calls only while
 * retries remain: so there is no wait after the last attempt, the original failure
 * surfaces, and a test sees every delay.
 */
import pRetry from 'p-retry';
import { type Clock, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';

export type RetryPolicy = {
  /** Attempts after the first. */
  readonly retries: number;
  /** How long to wait before retry number `retry` (1, 2, …); undefined: give up now. */
  readonly delayMs: (failure: Failure, retry: number) => Promise<number | undefined> | number | undefined;
  readonly clock: Clock;
  /** Ends the waiting; the last failure is thrown. */
  readonly signal?: AbortSignal;
};

/** Only a `Failure` is tried again: anything else is our own bug and is thrown at once. */
export function retry<T>(attempt: (attempt: number) => Promise<T>, policy: RetryPolicy): Promise<T> {
  return pRetry(attempt, {
    retries: policy.retries,
    minTimeout: 0,
    factor: 1,
    randomize: false,
    shouldRetry: async ({ error, attemptNumber }) => {
      if (!(error instanceof Failure) || policy.signal?.aborted) return false;
      const delayMs = await policy.delayMs(error, attemptNumber);
      if (delayMs === undefined) return false;
      await sleep(policy.clock, delayMs, policy.signal);
      return policy.signal?.aborted !== true;
    },
  });
}
