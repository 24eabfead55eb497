/** One query that is being worked out. */
import type { SeriesStore } from '../series/store.ts';
import type { Effort } from './effort.ts';
import type { FoundSeries } from './found-series.ts';

export type QueryRun = {
  readonly store: SeriesStore;
  readonly effort: Effort;
  /** Of whoever asks the same trees again. */
  readonly remembered?: FoundSeries;
  readonly fromMs: number;
  readonly stepMs: number;
  /** How many moments it has. */
  readonly steps: number;
};

/** One place for each moment. */
export function numbers({ steps, effort }: QueryRun): Float64Array {
  effort.hold(steps);
  return new Float64Array(steps);
}
