/** The keys that every kind of dashboard has. A kind adds its own in its folder. */
import type { ConnectionSettings } from '../http/settings.ts';
import type { AlarmStatus } from '../model/status.ts';

/** Readings with different times, or a duration between the first and the newest of them. */
export type Threshold = { readonly readings: number } | { readonly durationMs: number };

export type DashboardSettings = ConnectionSettings & {
  readonly name: string;
  readonly kind: string;
  readonly url: string;
  /** One attempt. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly mode: 'send' | 'record' | 'paused';
  readonly send: 'every_poll' | 'on_change';
  /** 0: an unchanged incident is never told again. Only for `on_change`. */
  readonly repeatIntervalMs: number;
  readonly openAfter: Threshold;
  readonly closeAfter: Threshold;
  readonly match: {
    readonly services: readonly string[];
    readonly environments: readonly string[];
    readonly minStatus: AlarmStatus;
  };
  readonly rate?: { readonly requests: number; readonly perMs: number };
};
