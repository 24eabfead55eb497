/**
 * One attempt at a dashboard that is told of several targets in one go.
 *
 * What may work a little later is left for another attempt, and so is what other secrets may help.
 */
import assert from 'node:assert';
import {
  type Answer,
  type Beside,
  isOvertaken,
  type SharedDashboard,
  type Telling,
} from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';

/** What becomes of each. */
export type Ends = {
  readonly attempted: (telling: Telling, failure?: Failure) => void;
  /** It may have arrived, although another one was attempted. */
  readonly doubt: (telling: Telling) => void;
  readonly acknowledge: (telling: Telling, answer: Answer) => void;
  /** It was not told, because nobody wants it any more. */
  readonly drop: (telling: Telling) => void;
  readonly giveUp: (telling: Telling, failure: Failure) => void;
  /** Neither acknowledged nor given up. */
  readonly isLeft: (telling: Telling) => boolean;
};

/** Throws the first failure of what is left. */
export async function tellTogether(
  dashboard: SharedDashboard,
  tellings: readonly Telling[],
  stop: AbortSignal,
  ends: Ends,
  beside: Beside,
): Promise<void> {
  let again: Failure | undefined;
  const settled = new Set<Telling>();
  const failures = new Set<Failure>();
  const settle = (telling: Telling, result: Answer | Failure) => {
    settled.add(telling);
    if (!(result instanceof Failure)) {
      ends.attempted(telling);
      return ends.acknowledge(telling, result);
    }
    if (isOvertaken(result, telling)) {
      if (ends.isLeft(telling)) ends.drop(telling);
      return;
    }
    failures.add(result);
    ends.attempted(telling, result);
    if (result.retryable || result.reason === 'unauthorized') again ??= result;
    else ends.giveUp(telling, result);
  };
  try {
    await dashboard.tellAll(tellings, settle, stop, beside);
  } catch (error) {
    const open = tellings.filter((telling) => !settled.has(telling));
    // What was settled with the same failure has been counted.
    if (error instanceof Failure && !failures.has(error)) {
      const [next, ...rest] = open;
      if (next) ends.attempted(next, error);
      if (error.isAmbiguous) for (const telling of rest) ends.doubt(telling);
    }
    throw error;
  }
  if (again) throw again;
  assert(!tellings.some(ends.isLeft), `the kind ${dashboard.kind} has not settled what it was told to tell`);
}
