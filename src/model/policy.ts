/** When a dashboard wants to hear of a target. */
import type { AlarmStatus } from './status.ts';

/** Readings with different times, or a duration between the first and the newest of them. */
export type Threshold = { readonly readings: number } | { readonly durationMs: number };

export type Policy = {
  /** The dashboard's name in the configuration. */
  readonly name: string;
  /** Which page it is: another one may have the same name tomorrow. Absent: its name says it all. */
  readonly mark?: string;
  /** `record` decides and logs but sends nothing; `paused` only keeps watching. */
  readonly mode: 'send' | 'record' | 'paused';
  readonly send: 'every_poll' | 'on_change';
  /** 0: an unchanged incident is never told again. Only for `on_change`. */
  readonly repeatIntervalMs: number;
  readonly openAfter: Threshold;
  readonly closeAfter: Threshold;
  readonly match: {
    /** Globs: `*` is any text, `?` one character. */
    readonly services: readonly string[];
    readonly environments: readonly string[];
    readonly minStatus: AlarmStatus;
  };
  /** Retries of one delivery. */
  readonly retries: number;
  /**
   * Which open incidents on the dashboard count as ours although our state does not know them: those that
   * carry our mark, those of the system too, none.
   */
  readonly adopt: 'ours' | 'system' | 'none';
  readonly rate?: { readonly requests: number; readonly perMs: number };
};
