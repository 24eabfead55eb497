/** The `reporter` section: what is asked about, how often, and under which name we tell it. */
import type { Target } from '../model/target.ts';

export type ReporterSettings = {
  /** Marks what is ours on a dashboard. */
  readonly id: string;
  /** Start to start of two cycles. */
  readonly pollIntervalMs: number;
  /** Polls under way at once. */
  readonly concurrency: number;
  readonly targets: readonly Target[];
};
