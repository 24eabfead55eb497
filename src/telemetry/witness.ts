/** What the telemetry is told by whoever does the work. Nothing here may throw or wait. */
import type { Unowned } from '../model/dashboard.ts';
import type { DeliveryEvents } from '../model/delivery-events.ts';
import type { Failure } from '../model/failure.ts';
import type { FindingEvents } from '../model/finding-events.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';

export type Witness = DeliveryEvents &
  FindingEvents & {
    /** One attempt at a reading ended. */
    readonly asked: (target: Target, durationMs: number, failure: Failure | undefined) => void;
    readonly read: (reading: Reading) => void;
    readonly cycleDone: (durationMs: number, readings: readonly Reading[]) => void;
    readonly cyclesSkipped: (count: number) => void;
    /** A dashboard was looked at: open incidents there that are not ours. */
    readonly found: (dashboard: string, unowned: readonly Unowned[]) => void;
    /** State or history could not be written; from now on it is in memory only. */
    readonly stateFailed: (failure: Failure) => void;
    readonly stateRecovered: () => void;
  };

export const witnessed: Readonly<Record<keyof Witness, true>> = {
  asked: true,
  read: true,
  attempted: true,
  delivered: true,
  cycleDone: true,
  cyclesSkipped: true,
  found: true,
  undecided: true,
  decided: true,
  stateFailed: true,
  stateRecovered: true,
};
