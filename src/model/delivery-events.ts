/** What is said of deliveries to whoever listens: the log, the telemetry, the history. */
import type { Answer } from './dashboard.ts';
import type { Failure } from './failure.ts';
import type { Action } from './incident.ts';
import type { Outcome } from './outcome.ts';

export type DeliveryEvents = {
  /** One attempt ended, well or not. `mayRepeat`: the dashboard may have taken the same message before. */
  readonly attempted: (
    action: Action,
    durationMs: number,
    failure: Failure | undefined,
    mayRepeat: boolean,
  ) => void;
  /** A delivery ended: with an answer, or with a failure. */
  readonly delivered: (
    action: Action,
    outcome: Outcome,
    failure: Failure | undefined,
    answer: Answer | undefined,
  ) => void;
};
