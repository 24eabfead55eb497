/** What was pushed about one service in one environment between two roll-ups. */

export type Interval = {
  readonly service: string;
  readonly environment: string;
  readonly requests: number;
  /** Those with a status code, and of these with 500 to 599. */
  readonly answered: number;
  readonly errors: number;
  /** Absent where no metric had one. */
  readonly latency?: {
    readonly meanMs: number;
    readonly p50Ms: number;
    readonly p95Ms: number;
    readonly p99Ms: number;
  };
  /** Distinct `instance`s; where none was named, distinct addresses that pushed. */
  readonly replicas: number;
};
