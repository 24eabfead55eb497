/** A reading: one answer about one target, or the reason why there is none. */
import type { FailureReason } from './failure.ts';
import type { Status } from './status.ts';
import type { Target } from './target.ts';

/** One flag that made the convertor decide, as it tells it. Log only: never sent to a dashboard. */
export type Triggered = {
  readonly name: string;
  readonly query?: string;
  readonly op?: string;
  readonly threshold?: number;
};

/** Why a convertor decided as it did. Stays in the log. */
export type Evidence = {
  readonly category?: string;
  readonly matchedExpression?: string;
  readonly triggered: readonly Triggered[];
};

export type KnownReading = {
  readonly target: Target;
  readonly status: Status;
  /** When the convertor observed it, milliseconds since 1970. */
  readonly timeMs: number;
  readonly evidence: Evidence;
  /** What was read in truth, where a long silence counts as a status (`absent`). */
  readonly insteadOf?: NoData;
};

/** `empty`, `incomplete` and `stale` were answered well; the others are failures to answer. */
type NoDataReason = FailureReason | 'empty' | 'incomplete';

export type NoData = {
  readonly target: Target;
  readonly status: undefined;
  readonly reason: NoDataReason;
  /** One sentence for the log, without secrets. */
  readonly detail: string;
  /** The convertor was not asked: it answers nobody. */
  readonly isUnasked?: true;
};

export type Reading = KnownReading | NoData;
