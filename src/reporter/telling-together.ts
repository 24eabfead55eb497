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
  /** It failed, and is to be tried again. */
  readonly fail: (telling: Telling, failure: Failure) => void;
  /** Neither acknowledged nor given up. */
  readonly isLeft: (telling: Telling) => boolean;
};

/**
 * Throws the first failure of what is left.
 *
 * @param groups told one after the other, each in one go; what ends one of them ends the attempt
 */
export async function tellTogether(
  dashboard: SharedDashboard,
  groups: readonly (readonly Telling[])[],
  stop: AbortSignal,
  ends: Ends,
  beside: Beside,
): Promise<void> {
  let again: Failure | undefined;
  for (const tellings of groups.filter(({ length }) => length > 0)) {
    again = (await tellGroup(dashboard, tellings, stop, ends, beside)) ?? again;
  }
  if (again) throw again;
}

/** Returns the first failure of what may work a little later. */
async function tellGroup(
  dashboard: SharedDashboard,
  tellings: readonly Telling[],
  stop: AbortSignal,
  ends: Ends,
  beside: Beside,
): Promise<Failure | undefined> {
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
    if (!result.retryable && result.reason !== 'unauthorized') return ends.giveUp(telling, result);
    again ??= result;
    ends.fail(telling, result);
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
  const isUnsettled = !again && tellings.some(ends.isLeft);
  assert(!isUnsettled, `the kind ${dashboard.kind} has not settled what it was told to tell`);
  return again;
}
