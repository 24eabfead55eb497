/** What the collector tells the log. Nothing here may throw or wait. */
import type { Failure } from '../model/failure.ts';
import type { HealthJournal } from './health/flag-source.ts';

export type Ingested = {
  readonly service: string;
  readonly environment: string;
  readonly source_ip?: string;
  readonly method?: string;
  readonly path?: string;
  readonly status_code?: number;
  readonly latency_ms?: number;
};

/** A limit that was reached: what was over it was left out, put under "other", or pushed out the oldest. */
export type Cap = 'max_metrics' | 'max_names' | 'max_series' | 'max_points' | 'deployments';

export type CollectorJournal = HealthJournal & {
  /** Whether `ingested` is heard: nobody else should make its texts. */
  readonly hearsIngested: () => boolean;
  readonly ingested: (metric: Ingested) => void;
  /** The cleanup worker has run: how many metrics have left the window since it ran last. */
  readonly cleaned: (removed: number, retained: number) => void;
  readonly capped: (cap: Cap) => void;
  readonly sourceFailed: (source: string, failure: Failure) => void;
  /** It brought something, and not all. */
  readonly sourceLacks: (source: string, flaw: Failure) => void;
  readonly sourceRecovered: (source: string) => void;
};
