/** `/v1/maintenances`: when services are out of work on purpose, as CloudMon's interface documents it. */
import { json, type Page } from '../../http/routes.ts';
import { rfc3339 } from '../../model/clock.ts';

/** One time of work at one service. */
export type Maintenance = {
  readonly service: string;
  /** The environment. */
  readonly region: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly reason: string;
};

export function maintenancesPage(maintenances: readonly Maintenance[]): Page {
  return json(
    200,
    maintenances.map(({ service, region, startMs, endMs, reason }) => ({
      service,
      region,
      start: rfc3339(startMs),
      end: rfc3339(endMs),
      reason,
    })),
  );
}
