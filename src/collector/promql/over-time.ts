/** What the functions of range selectors make of the points of one window. */
import { limits } from '../../model/limits.ts';
import { deltaOf, increaseOf, rateOf } from './change.ts';
import type { Window } from './points.ts';
import { quantileOf } from './quantile.ts';
import { QueryError } from './query.ts';

export type OverTime = {
  /** With fewer there is no value. */
  readonly pointsMin: number;
  readonly keepsName: boolean;
  /** Whether a value that falls is a counter that began anew. */
  readonly ofCounter: boolean;
  /** @param share of `quantile_over_time` */
  readonly of: (window: Window, share: number) => number;
};

const own = { pointsMin: 1, keepsName: false, ofCounter: false };

export const overTime: ReadonlyMap<string, OverTime> = new Map<string, OverTime>([
  ['rate', { ...own, pointsMin: 2, ofCounter: true, of: rateOf }],
  ['increase', { ...own, pointsMin: 2, ofCounter: true, of: increaseOf }],
  ['delta', { ...own, pointsMin: 2, of: deltaOf }],
  ['avg_over_time', { ...own, of: average }],
  ['sum_over_time', { ...own, of: sum }],
  ['min_over_time', { ...own, of: minimum }],
  ['max_over_time', { ...own, of: maximum }],
  ['count_over_time', { ...own, of: ({ first, end }) => end - first }],
  ['last_over_time', { ...own, keepsName: true, of: last }],
  ['quantile_over_time', { ...own, of: quantile }],
]);

function last({ points, end }: Window): number {
  return points.values[end - 1] as number;
}

function minimum({ points: { values }, first, end }: Window): number {
  let least = values[first] as number;
  for (let index = first + 1; index < end; index++) {
    const value = values[index] as number;
    if (value < least || Number.isNaN(least)) least = value;
  }
  return least;
}

function maximum({ points: { values }, first, end }: Window): number {
  let most = values[first] as number;
  for (let index = first + 1; index < end; index++) {
    const value = values[index] as number;
    if (value > most || Number.isNaN(most)) most = value;
  }
  return most;
}

/** What rounding takes away is added up beside the sum, as in Prometheus, and given back at the end. */
function sum({ points: { values }, first, end }: Window): number {
  let total = 0;
  let lost = 0;
  for (let index = first; index < end; index++) {
    const value = values[index] as number;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return isInfinite(total) ? total : total + lost;
}

function average({ points: { values }, first, end }: Window): number {
  let mean = 0;
  let lost = 0;
  for (let index = first; index < end; index++) {
    const value = values[index] as number;
    if (staysInfinite(mean, value)) continue;
    const count = index - first + 1;
    const step = value / count - mean / count;
    const next = mean + step;
    lost += Math.abs(mean) >= Math.abs(step) ? mean - next + step : step - next + mean;
    mean = next;
  }
  return isInfinite(mean) ? mean : mean + lost;
}

/** Only the other infinity and NaN change a mean that is infinite. */
export function staysInfinite(mean: number, value: number): boolean {
  return isInfinite(mean) && !Number.isNaN(value) && value !== -mean;
}

function isInfinite(value: number): boolean {
  return value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY;
}

function quantile({ points: { values }, first, end }: Window, share: number): number {
  if (end - first > limits.quantilePointsMax) {
    const most = `quantile_over_time takes ${limits.quantilePointsMax} points of a series at most`;
    throw new QueryError('execution', `${most}; ask for a shorter time`);
  }
  return quantileOf(share, values.slice(first, end).sort());
}
