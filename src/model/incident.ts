/**
 * An incident on one dashboard: what ails its members, since when.
 *
 * The id is derived from what opened it, never a counter, so that a restart cannot give
 * one incident's id to another.
 */
import type { KnownReading } from './reading.ts';
import type { AlarmStatus } from './status.ts';
import type { Target } from './target.ts';

export type Incident = {
  readonly id: string;
  /** The dashboard's name in the configuration. */
  readonly dashboard: string;
  readonly members: readonly Target[];
  /** Time of the reading that opened it, milliseconds since 1970. */
  readonly sinceMs: number;
};

/** `open` the first time, `change` to another status, `repeat` the same status, `close`. */
export type ActionType = 'open' | 'change' | 'repeat' | 'close';

export type Action = {
  readonly type: ActionType;
  readonly incident: Incident;
  /** What the dashboard should show: for `close`, the status that it closes. */
  readonly status: AlarmStatus;
  /**
   * The time that the dashboard is told, milliseconds since 1970: the reading's, or, where only changes
   * are told, that of the first reading in a row with this status. So a body repeats byte for byte.
   */
  readonly timeMs: number;
  /** The reading that led here. Once it is too old, the action is not told any more. */
  readonly reading: KnownReading;
  /** The same for every attempt of one delivery; where every poll is told, also after a restart. */
  readonly idempotencyKey: string;
};
