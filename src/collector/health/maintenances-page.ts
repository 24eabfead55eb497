/** `/v1/maintenances`: when services are out of work on purpose, as CloudMon's interface documents it. */
import { json, type Page, type Route } from '../../http/routes.ts';
import type { Windows } from '../../maintenance/windows.ts';
import { type Clock, pace, rfc3339 } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { HealthRules } from './rules.ts';

/** How far ahead is told. */
const aheadMs = 7 * 86_400_000;

/** For how long an answer is given again: it may have been much work. */
const keptMs = 60_000;

export type MaintenancesParts = {
  readonly rules: () => HealthRules | undefined;
  readonly maintenance: () => Promise<Windows>;
  readonly clock: Clock;
};

/** What is under way and what comes, of every service and environment that can be asked about. */
export function maintenancesRoute({ rules, maintenance, clock }: MaintenancesParts): Route {
  let kept:
    | { readonly of: readonly unknown[]; readonly atMs: number; readonly page: Promise<Page> }
    | undefined;
  return async () => {
    const windows = await maintenance();
    const of = [rules(), windows];
    const atMs = clock.monotonic();
    const isSame = kept?.of.every((each, index) => each === of[index]);
    if (kept && isSame && atMs - kept.atMs < keptMs) return kept.page;
    const page = pageOf(rules(), windows, clock);
    kept = { of, atMs, page };
    page.catch(() => {
      kept = undefined;
    });
    return page;
  };
}

async function pageOf(rules: HealthRules | undefined, windows: Windows, clock: Clock): Promise<Page> {
  const places = (rules?.services ?? []).flatMap(({ key: service, environments }) =>
    environments.map(({ name: environment, region = environment }) => ({ service, environment, region })),
  );
  const nowMs = clock.now();
  const pause = pace(clock, limits.healthSliceMs);
  const coming = await windows.between(places, nowMs, nowMs + aheadMs, pause);
  return json(
    200,
    coming.map(({ target, fromMs, toMs, reason = '' }) => ({
      service: target.service,
      region: target.region,
      start: rfc3339(fromMs),
      end: rfc3339(toMs),
      reason,
    })),
  );
}
