/** Asks the data source about flags, all of them at once, and tells how it goes. */
import { Failure } from '../../model/failure.ts';
import type { Datasource, DatasourceQuestion } from '../datasources/datasource.ts';
import type { HealthInstruments } from './instruments.ts';
import type { FlagRule } from './rules.ts';
import { type Flag, statesOf } from './verdict.ts';

/** What health tells the log. Nothing here may throw or wait. */
export type HealthJournal = {
  /** Each time that it was asked in vain. */
  readonly datasourceFailed: (failure: Failure) => void;
  /** Once, when it answers again. */
  readonly datasourceRecovered: () => void;
};

export type FlagSourceParts = {
  readonly datasource: () => Datasource;
  readonly instruments: HealthInstruments;
  readonly journal: HealthJournal;
};

/** Throws the `Failure` of the data source. */
export type FlagSource = (
  rules: readonly FlagRule[],
  window: Pick<DatasourceQuestion, 'fromMs' | 'toMs'>,
  pause: () => Promise<void> | undefined,
) => Promise<readonly Flag[]>;

export function openFlagSource({ datasource, instruments, journal }: FlagSourceParts): FlagSource {
  let isFailing = false;

  function failed(failure: Failure): void {
    instruments.failed(failure.reason);
    // That we stop is nothing the data source did.
    if (failure.reason === 'stopped') return;
    isFailing = true;
    journal.datasourceFailed(failure);
  }

  async function tracksOf(queries: readonly string[], window: Parameters<FlagSource>[1]) {
    const { ask } = datasource();
    try {
      const tracks = await Promise.all(queries.map((query) => ask({ query, ...window })));
      if (isFailing) journal.datasourceRecovered();
      isFailing = false;
      return tracks;
    } catch (error) {
      if (error instanceof Failure) failed(error);
      throw error;
    }
  }

  return async (rules, window, pause) => {
    const queries = [...new Set(rules.map(({ query }) => query))];
    if (queries.length === 0) return [];
    const answers = await tracksOf(queries, window);
    const tracks = new Map(queries.map((query, index) => [query, answers[index] ?? []]));
    const flags: Flag[] = [];
    for (const rule of rules) {
      flags.push({ rule, states: statesOf(rule, tracks.get(rule.query) ?? []) });
      await pause();
    }
    return flags;
  };
}
