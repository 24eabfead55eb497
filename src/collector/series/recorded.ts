/** What becomes of a sample that is to be recorded. */
import type { Keyed } from './labels.ts';
import type { Metric } from './metric.ts';

/** Why a sample was not recorded. Also a metric label: keep it short and closed. */
export const refusals = ['too_old', 'series_full', 'points_full', 'name', 'labels', 'type'] as const;
export type Refused = (typeof refusals)[number];
export type Recorded = 'recorded' | Refused;
export type RecordSample = (metric: Metric, labels: Keyed, value: number, timeMs: number) => Recorded;
