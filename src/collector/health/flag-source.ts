/** Asks the data source about flags, all of them at once, and tells how it goes. */

import type { Pause } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import type { Datasource, DatasourceQuestion } from '../datasources/datasource.ts';
import type { HealthInstruments } from './instruments.ts';
import type { FlagRule } from './rules.ts';
import { type Flag, type FlagStates, statesOf } from './verdict.ts';

/** What health tells the log. Nothing here may throw or wait. */
export type HealthJournal = {
  /** Each time that it was asked in vain. */
  readonly datasourceFailed: (failure: Failure) => void;
  /** Each time that the question itself was the cause, or how many there were. */
  readonly questionFailed: (failure: Failure) => void;
  /** Once, when it answers again. */
  readonly datasourceRecovered: () => void;
};

/** Throws the `Failure` of the data source. */
export type FlagSource = (
  datasource: Datasource,
  rules: readonly FlagRule[],
  window: Omit<DatasourceQuestion, 'query'>,
  pause: Pause,
) => Promise<readonly Flag[]>;

export function openFlagSource(instruments: HealthInstruments, journal: HealthJournal): FlagSource {
  let isFailing = false;

  function answered(): void {
    if (isFailing) journal.datasourceRecovered();
    isFailing = false;
  }

  function failed(failure: Failure): void {
    instruments.failed(failure.reason);
    // That we stop is nothing the data source did.
    if (failure.reason === 'stopped') return;
    if (isOfQuestion(failure)) {
      journal.questionFailed(failure);
    } else {
      isFailing = true;
      journal.datasourceFailed(failure);
    }
  }

  return async ({ ask }, rules, window, pause) => {
    const queries = new Set(rules.map(({ query }) => query));
    if (queries.size === 0) return [];
    const states = new Map<FlagRule, FlagStates>();
    // What it answers is not kept: it may be a thousand times as large as what comes of it.
    const read = async (query: string) => {
      const tracks = await ask({ ...window, query });
      for (const rule of rules) {
        if (rule.query === query) states.set(rule, await statesOf(rule, tracks, pause));
      }
    };
    try {
      await Promise.all([...queries].map(read));
      answered();
    } catch (error) {
      if (error instanceof Failure) failed(error);
      throw error;
    }
    return rules.map((rule) => ({ rule, states: states.get(rule) ?? new Map() }));
  };
}

/** Those of a query that is wrong, or wants too much; others say that it went to the wrong place. */
const statusesOfQuestion: ReadonlySet<number | undefined> = new Set([
  undefined,
  ...[200, 400, 413, 414, 422, 431],
]);

/** What is asked is up to whoever asks: nobody else need hear that the data source did not like it. */
function isOfQuestion({ reason, httpStatus, isTooLarge, isUnsent }: Failure): boolean {
  const isRejected = reason === 'rejected' && statusesOfQuestion.has(httpStatus);
  return isRejected || isTooLarge || (reason === 'timeout' && isUnsent);
}
