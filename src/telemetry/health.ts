/** How the program itself is doing, and why. */
import type { Observations } from './observations.ts';

export type HealthReason =
  | 'starting'
  | 'cycle_late'
  | 'convertor_unreachable'
  | 'convertor_failing'
  | 'dashboard_failing'
  | 'configuration_broken';

export type Health = {
  /** Unhealthy: no cycle for three intervals. Degraded: a peer or the configuration fails. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  readonly reasons: readonly { readonly reason: HealthReason; readonly detail: string }[];
};

export function healthOf(seen: Observations): Health {
  const silentMs = seen.clock.monotonic() - (seen.cycle?.doneMs ?? seen.bornMs);
  if (silentMs <= 3 * seen.pollIntervalMs) return { status: 'healthy', reasons: [] };
  const detail = `no cycle has ended for ${Math.round(silentMs / 1000)} s`;
  return { status: 'unhealthy', reasons: [{ reason: 'cycle_late', detail }] };
}
