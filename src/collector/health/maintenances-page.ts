/** `/v1/maintenances`: when services are out of work on purpose, as CloudMon's interface documents it. */
import { json, type Page } from '../../http/routes.ts';
import type { Windows } from '../../maintenance/windows.ts';
import { rfc3339 } from '../../model/clock.ts';
import type { HealthRules } from './rules.ts';

/** How far ahead is told. */
const aheadMs = 7 * 86_400_000;

/** What is under way and what comes, of every service and environment that can be asked about. */
export function maintenancesPage(rules: HealthRules | undefined, windows: Windows, nowMs: number): Page {
  const places = (rules?.services ?? []).flatMap(({ key: service, environments }) =>
    environments.map(({ name: environment, region = environment }) => ({ service, environment, region })),
  );
  return json(
    200,
    windows.between(places, nowMs, nowMs + aheadMs).map(({ target, fromMs, toMs, reason = '' }) => ({
      service: target.service,
      region: target.region,
      start: rfc3339(fromMs),
      end: rfc3339(toMs),
      reason,
    })),
  );
}
