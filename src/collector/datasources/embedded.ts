/**
 * Our own series as a data source: queries are worked out at whole steps, one after the other, in slices.
 *
 * Many flags ask for the same at once: what is under way is worked out once, and what was read is
 * remembered.
 */
import type { Clock } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';
import { evaluate } from '../promql/evaluate.ts';
import { FoundSeries } from '../promql/found-series.ts';
import { parseQuery } from '../promql/parse.ts';
import { QueryError, type QueryResult, type ResultSeries } from '../promql/query.ts';
import type { Expression } from '../promql/syntax.ts';
import type { SeriesStore } from '../series/store.ts';
import { type Pause, Turns } from '../series/turns.ts';
import type { Datasource, DatasourceQuestion, Track } from './datasource.ts';

export type EmbeddedParts = {
  readonly store: SeriesStore;
  readonly stepMs: number;
  readonly clock: Clock;
};

export function embeddedDatasource({ store, stepMs, clock }: EmbeddedParts): Datasource {
  const turns = new Turns(clock);
  const parsed = new ParsedQueries();
  const remembered = new FoundSeries();
  const underWay = new Map<string, Promise<readonly Track[]>>();
  let isStopped = false;

  const tracksOf = async (query: string, fromMs: number, toMs: number, slices: Pause) => {
    const pause = () => {
      if (isStopped) throw new Failure('datasource', 'stopped', 'the program stops');
      return slices();
    };
    await pause();
    try {
      const expression = parsed.read(query);
      const result = await evaluate(
        expression,
        { fromMs, toMs, stepMs },
        { store, clock, pause, remembered },
      );
      return seriesOfResult(result).map(trackOf);
    } catch (error) {
      if (!(error instanceof QueryError)) throw error;
      const reason = error.kind === 'timeout' ? 'timeout' : 'rejected';
      throw new Failure('datasource', reason, error.message);
    }
  };

  return {
    ask: ({ query, fromMs, toMs }: DatasourceQuestion) => {
      const from = Math.ceil(fromMs / stepMs) * stepMs;
      const to = Math.floor(Math.min(toMs, clock.now()) / stepMs) * stepMs;
      if (from > to) return Promise.resolve([]);
      const key = `${from} ${to} ${query}`;
      const known = underWay.get(key);
      if (known) return known;
      const forget = () => void underWay.delete(key);
      const made = turns.take((pause) => tracksOf(query, from, to, pause));
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

/** The trees of queries that were asked lately; the one that was not asked for longest is forgotten. */
class ParsedQueries {
  readonly #byText = new Map<string, Expression>();

  read(text: string): Expression {
    const known = this.#byText.get(text);
    const expression = known ?? parseQuery(text);
    this.#byText.delete(text);
    this.#byText.set(text, expression);
    if (this.#byText.size > limits.parsedQueriesMax) {
      const [oldest = ''] = this.#byText.keys();
      this.#byText.delete(oldest);
    }
    return expression;
  }
}
