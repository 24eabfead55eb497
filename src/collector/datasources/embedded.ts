/**
 * Our own series as a data source: queries are worked out at whole steps, one after the other, in slices,
 * and given up when nobody waits for them any more.
 *
 * Many flags ask for the same at once: what is under way is worked out once.
 */
import { type Clock, type Pause, pace } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import { evaluate } from '../promql/evaluate.ts';
import { QueryError, type QueryResult, type ResultSeries } from '../promql/query.ts';
import type { SeriesStore } from '../series/store.ts';
import { Turns } from '../series/turns.ts';
import { type Datasource, type DatasourceQuestion, stopped, type Track, wholeSteps } from './datasource.ts';
import { KnownQueries } from './known-queries.ts';

export type EmbeddedParts = {
  readonly store: SeriesStore;
  readonly stepMs: number;
  readonly clock: Clock;
  /** Shared with whatever goes on beside it. */
  readonly pause?: Pause;
  /** Shared with whoever is asked the same. */
  readonly queries?: KnownQueries;
};

export function embeddedDatasource({
  store,
  stepMs,
  clock,
  pause: slices = pace(clock, limits.healthSliceMs),
  queries = new KnownQueries(),
}: EmbeddedParts): Datasource {
  const turns = new Turns(slices);
  const underWay = new Map<string, Promise<readonly Track[]>>();
  let isStopped = false;

  const tracksOf = async (query: string, fromMs: number, toMs: number, untilMs: number) => {
    const pause = () => {
      if (isStopped) throw stopped();
      if (clock.monotonic() >= untilMs) throw late();
      return slices();
    };
    await pause();
    try {
      const world = { store, clock, pause, remembered: queries.found };
      const result = await evaluate(queries.read(query), { fromMs, toMs, stepMs }, world);
      const tracks: Track[] = [];
      for (const series of seriesOfResult(result)) {
        tracks.push(trackOf(series));
        await pause();
      }
      return tracks;
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const reason = error.kind === 'timeout' ? 'timeout' : 'rejected';
      throw new Failure('datasource', reason, error.message, { isUnsent: true });
    }
  };

  return {
    timeoutMs: limits.queryMs,
    ask: ({ query, untilMs = clock.monotonic() + limits.queryMs, ...window }: DatasourceQuestion) => {
      const { fromMs, toMs } = wholeSteps(window, stepMs, clock.now());
      if (fromMs > toMs) return Promise.resolve([]);
      const key = `${fromMs} ${toMs} ${query}`;
      const known = underWay.get(key);
      if (known) return known;
      const forget = () => void underWay.delete(key);
      const made = turns.take(() => tracksOf(query, fromMs, toMs, untilMs));
      underWay.set(key, made);
      made.then(forget, forget);
      return made;
    },
    stop: () => {
      isStopped = true;
    },
  };
}

function seriesOfResult(result: QueryResult): readonly ResultSeries[] {
  if (result.type === 'scalar') return [result.series];
  if (result.type === 'vector') return result.series;
  // Over a single step it could be worked out, and its points would be no steps.
  throw new QueryError('bad_data', 'it is a range vector: put a function such as rate around it');
}

/** What is no number is no value. */
function trackOf({ timesMs, values }: ResultSeries): Track {
  if (!values.some(Number.isNaN)) return { timesMs, values };
  const isNumber = (_: number, at: number) => !Number.isNaN(values[at]);
  return { timesMs: timesMs.filter(isNumber), values: values.filter(isNumber) };
}

/** Nothing failed but our own time: others may have had it. */
function late(): Failure {
  return new Failure('datasource', 'timeout', 'not worked out in time: queries are many, or too large', {
    isUnsent: true,
  });
}
