/** A query that was read, and why one cannot be. */
import type { Labels } from '../../exposition/family.ts';

/** Why a query has no answer, with Prometheus's own words for the kind. */
export class QueryError extends Error {
  override readonly name = 'QueryError';
  /**
   * `bad_data`: it cannot be read (400). `execution`: it cannot be worked out, or uses what this subset
   * of PromQL lacks (422). `timeout`: it took too long (503).
   */
  readonly kind: 'bad_data' | 'execution' | 'timeout';

  constructor(kind: QueryError['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

/** What a query is worked out over, milliseconds. */
export type Moments = {
  readonly fromMs: number;
  readonly toMs: number;
  /** 0 where it is asked at one moment: series have no order then, and a range selector alone gives its points. */
  readonly stepMs: number;
};

/** One series of a result; its times are those of the moments that have a value, in their order. */
export type ResultSeries = {
  /** With `__name__` where the result still is a metric's own value. */
  readonly labels: Labels;
  readonly timesMs: readonly number[];
  readonly values: readonly number[];
};

export type QueryResult =
  /** One value for each moment. */
  | { readonly type: 'scalar'; readonly series: ResultSeries }
  | { readonly type: 'vector'; readonly series: readonly ResultSeries[] }
  /** Of a range selector alone, at one moment: the points themselves. */
  | { readonly type: 'matrix'; readonly series: readonly ResultSeries[] };
