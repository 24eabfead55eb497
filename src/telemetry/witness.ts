/** What the telemetry is told by whoever does the work. Nothing here may throw or wait. */
import type { Answer, Unowned } from '../model/dashboard.ts';
import type { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';

export type Witness = {
  /** One attempt at a reading ended. */
  readonly asked: (target: Target, durationMs: number, failure: Failure | undefined) => void;
  readonly read: (reading: Reading) => void;
  /** One attempt to tell a dashboard ended. `mayRepeat`: it may have taken the same message before. */
  readonly attempted: (
    action: Action,
    durationMs: number,
    failure: Failure | undefined,
    mayRepeat: boolean,
  ) => void;
  readonly delivered: (
    action: Action,
    outcome: Outcome,
    failure: Failure | undefined,
    answer: Answer | undefined,
  ) => void;
  readonly cycleDone: (durationMs: number, readings: readonly Reading[]) => void;
  readonly cyclesSkipped: (count: number) => void;
  /** A dashboard was looked at: open incidents there that are not ours. */
  readonly found: (dashboard: string, unowned: readonly Unowned[]) => void;
  /** State or history could not be written; from now on it is in memory only. */
  readonly stateFailed: (failure: Failure) => void;
  readonly stateRecovered: () => void;
};

/** Tells each of them everything, in their order. */
export function toAll(all: readonly Partial<Witness>[]): Witness {
  return {
    asked: (...told) => {
      for (const one of all) one.asked?.(...told);
    },
    read: (...told) => {
      for (const one of all) one.read?.(...told);
    },
    attempted: (...told) => {
      for (const one of all) one.attempted?.(...told);
    },
    delivered: (...told) => {
      for (const one of all) one.delivered?.(...told);
    },
    cycleDone: (...told) => {
      for (const one of all) one.cycleDone?.(...told);
    },
    cyclesSkipped: (...told) => {
      for (const one of all) one.cyclesSkipped?.(...told);
    },
    found: (...told) => {
      for (const one of all) one.found?.(...told);
    },
    stateFailed: (...told) => {
      for (const one of all) one.stateFailed?.(...told);
    },
    stateRecovered: (...told) => {
      for (const one of all) one.stateRecovered?.(...told);
    },
  };
}
