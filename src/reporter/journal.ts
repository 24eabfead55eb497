/**
 * Where the reporter tells what it saw, decided and did: the log, the summary of
 * `--once`, the telemetry.
 */
import type { MaintenanceWindow } from '../maintenance/windows.ts';
import type { Preview, Unowned } from '../model/dashboard.ts';
import type { DeliveryEvents } from '../model/delivery-events.ts';
import type { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';

export type Journal = DeliveryEvents & {
  readonly polling: (target: Target) => void;
  readonly read: (reading: Reading) => void;
  /** One attempt failed and retries remain; `retryInMs` is undefined where they are not used. */
  readonly attemptFailed: (action: Action, failure: Failure, retryInMs: number | undefined) => void;
  /** Mode `record`: what would have been sent. */
  readonly recorded: (action: Action, previews: readonly Preview[]) => void;
  /** From now on no dashboard is told about the target, whose readings go on. */
  readonly maintenanceBegan: (target: Target, window: MaintenanceWindow) => void;
  readonly maintenanceOver: (target: Target) => void;
  /** A dashboard found something that an operator should look at, and that fails nothing. */
  readonly noted: (dashboard: string, text: string) => void;
  /** A dashboard was asked which incidents are open there: those that somebody else opened. */
  readonly found: (dashboard: string, unowned: readonly Unowned[]) => void;
  readonly cycleDone: (durationMs: number, readings: readonly Reading[]) => void;
  readonly cyclesSkipped: (count: number) => void;
};
