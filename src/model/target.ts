/** A target: one service in one environment, as the configuration names it. */
import type { AlarmStatus } from './status.ts';

export type Target = {
  /** Unique among targets; see `targetKey`. */
  readonly key: string;
  readonly service: string;
  readonly environment: string;
  /** The name on the status page. */
  readonly component: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** The component's id on a dashboard (by the dashboard's name), where names do not match. */
  readonly ids: Readonly<Record<string, string>>;
  /** No data for `afterMs` counts as `status`. Absent: no data never opens an incident. */
  readonly absent?: { readonly afterMs: number; readonly status: AlarmStatus };
  /** Flags that a complete point carries (CloudMon's `health_metrics.<key>.metrics`), `-` as `_`. */
  readonly flags: readonly string[];
};

export function targetKey(service: string, environment: string): string {
  return JSON.stringify([service, environment]);
}
