/** How the program itself is doing, and why. Nothing that a peer said is in it, no address and no secret. */
import { json, type Page } from '../http/routes.ts';
import { rfc3339 } from '../model/clock.ts';
import type { Observations } from './observations.ts';
import type { SeenDashboard } from './seen.ts';

type HealthReason =
  | 'starting'
  | 'cycle_late'
  | 'convertor_unreachable'
  | 'convertor_failing'
  | 'dashboard_failing'
  | 'dashboard_undecided'
  | 'configuration_broken'
  | 'state_not_written';

type Reason = { readonly reason: HealthReason; readonly detail: string; readonly dashboard?: string };

export type Health = {
  /** Unhealthy: no cycle for three intervals. Degraded: a peer or the configuration fails. */
  readonly status: 'healthy' | 'degraded' | 'unhealthy';
  /** Those of a collector have words of their own. */
  readonly reasons: readonly (Omit<Reason, 'reason'> & { readonly reason: string })[];
};

/** As a number, for a gauge. */
export const healthLevel: Readonly<Record<Health['status'], number>> = {
  healthy: 1,
  degraded: 0.5,
  unhealthy: 0,
};

/**
 * How the reporter is. Peers that are down degrade: the program does its work, and what it cannot do a
 * restart would not mend.
 */
export function reporterHealth(seen: Observations): Health {
  const late = lateness(seen);
  const reasons = [
    ...[...late, ...convertorReasons(seen), ...undecidedReasons(seen), ...dashboardReasons(seen)],
    ...[...configReasons(seen), ...stateReasons(seen)],
  ];
  if (reasons.some(({ reason }) => reason === 'cycle_late')) return { status: 'unhealthy', reasons };
  return { status: reasons.length > 0 ? 'degraded' : 'healthy', reasons };
}

/** How several parts of the program are together: what two of them say is said once. */
export function worstHealth(all: readonly Health[]): Health {
  const status = (['unhealthy', 'degraded'] as const).find((bad) => all.some((one) => one.status === bad));
  const reasons = new Map(all.flatMap((one) => one.reasons.map((each) => [each.detail, each])));
  return { status: status ?? 'healthy', reasons: [...reasons.values()] };
}

export function programHealthPage(health: Health, seen: Observations, version: string): Page {
  return healthPage(health, {
    timestamp: rfc3339(seen.clock.now()),
    uptime_seconds: Math.round(seen.uptimeMs / 1000),
    version,
  });
}

/** 503 only where the program itself does not do its work. */
export function healthPage({ status, reasons }: Health, facts: object): Page {
  return json(status === 'unhealthy' ? 503 : 200, {
    status,
    ...facts,
    reasons: reasons.map(({ detail, reason, ...more }) => ({ reason, message: detail, ...more })),
  });
}

function lateness(seen: Observations): Reason[] {
  const silentMs = seen.clock.monotonic() - seen.quietSinceMs;
  if (silentMs > 3 * seen.pollIntervalMs) {
    return [{ reason: 'cycle_late', detail: `no cycle has ended for ${Math.round(silentMs / 1000)} s` }];
  }
  return seen.cycle ? [] : [{ reason: 'starting', detail: 'the first cycle is under way' }];
}

function convertorReasons({ convertorTrouble: trouble }: Observations): Reason[] {
  if (!trouble) return [];
  if (trouble === 'unreachable' || trouble === 'timeout') {
    return [{ reason: 'convertor_unreachable', detail: `the convertor does not answer (${trouble})` }];
  }
  return [
    { reason: 'convertor_failing', detail: `the convertor gives the status of no target (${trouble})` },
  ];
}

function undecidedReasons({ dashboards }: Observations): Reason[] {
  return [...dashboards].flatMap(([dashboard, { undecided }]) =>
    undecided
      ? [{ reason: 'dashboard_undecided' as const, detail: doubtAbout(dashboard, undecided), dashboard }]
      : [],
  );
}

function doubtAbout(
  dashboard: string,
  { reason, httpStatus }: NonNullable<SeenDashboard['undecided']>,
): string {
  if (reason === undefined) {
    return `dashboard ${dashboard} is told nothing yet: it is being found out which kind it is`;
  }
  const answer = httpStatus === undefined ? '' : `, HTTP ${httpStatus}`;
  return `dashboard ${dashboard} is told nothing: which kind it is could not be found out (${reason}${answer})`;
}

function dashboardReasons({ dashboards }: Observations): Reason[] {
  return [...dashboards].flatMap(([dashboard, seen]) =>
    seen.troubles.size === 0
      ? []
      : [{ reason: 'dashboard_failing' as const, detail: troubleWith(dashboard, seen), dashboard }],
  );
}

function troubleWith(dashboard: string, { troubles }: SeenDashboard): string {
  const newest = [...troubles.values()].reduce((a, b) => (b.atMs >= a.atMs ? b : a));
  const targets = troubles.size === 1 ? '1 target' : `${troubles.size} targets`;
  const answer = newest.httpStatus === undefined ? '' : `, HTTP ${newest.httpStatus}`;
  return `dashboard ${dashboard} could not be told about ${targets} (${newest.reason}${answer})`;
}

function stateReasons({ stateTrouble }: Observations): Reason[] {
  if (stateTrouble === undefined) return [];
  const detail = 'state is not written: after a restart incidents may be told again';
  return [{ reason: 'state_not_written', detail }];
}

export function configReasons({ isConfigurationBroken }: Observations): Reason[] {
  if (!isConfigurationBroken) return [];
  const detail = 'the newest configuration was refused: the one before stays in effect';
  return [{ reason: 'configuration_broken', detail }];
}
