/** What the state says of each dashboard: what is open there, and what keeps something from being told. */
import type { Config } from '../config/config.ts';
import type { Windows } from '../maintenance/windows.ts';
import { rfc3339 } from '../model/clock.ts';
import type { Unowned } from '../model/dashboard.ts';
import type { Threshold } from '../model/policy.ts';
import { type Status, statusWord } from '../model/status.ts';
import type { Saved } from '../reporter/standing-record.ts';
import { durationText } from '../values/duration.ts';

export type Hold = {
  readonly why: 'failing' | 'unanswered' | 'open_after' | 'maintenance' | 'record' | 'paused' | 'removed';
  /** One sentence for people. */
  readonly text: string;
  /** RFC 3339. */
  readonly since?: string;
  /** Of a failure. */
  readonly reason?: string;
};

export type OpenIncident = {
  readonly dashboard: string;
  readonly service: string;
  readonly environment: string;
  readonly component: string;
  /** What the dashboard took last, or else what it should be told. */
  readonly status: Status;
  readonly word: string;
  /** RFC 3339, like `told`: when it took this status; absent where it took nothing. */
  readonly since: string;
  readonly told?: string;
  /** The dashboard's own id. */
  readonly reference?: string;
  readonly held: readonly Hold[];
};

export type UnownedIncidents = { readonly dashboard: string; readonly incidents: readonly Unowned[] };

type Place = { readonly dashboard: string; readonly isRecord: boolean; readonly targetKey: string };

type Known = {
  readonly config: Config;
  readonly windows: Windows;
  readonly nowMs: number;
};

/** @param kept all that the state holds, by its keys; what is no standing is left out */
export function openIncidents(kept: ReadonlyMap<string, unknown>, known: Known): readonly OpenIncident[] {
  const found = [...kept].flatMap(([key, value]) => {
    const place = placeOf(key);
    return place ? incidentOf(place, value as Saved, known) : [];
  });
  return found.sort((one, two) => compare(sortKey(one), sortKey(two)));
}

/** What was found on dashboards and is not ours. */
export function unownedIncidents(kept: ReadonlyMap<string, unknown>): readonly UnownedIncidents[] {
  return [...kept].flatMap(([key, value]) => {
    const [what, dashboard] = JSON.parse(key) as readonly unknown[];
    const isFound = what === 'unowned' && typeof dashboard === 'string' && Array.isArray(value);
    return isFound && value.length > 0 ? [{ dashboard, incidents: value as Unowned[] }] : [];
  });
}

/** `[page, target]`, where the page is `[dashboard, whether it is only recorded]`; both are JSON in JSON. */
function placeOf(key: string): Place | undefined {
  const [page, target] = JSON.parse(key) as readonly unknown[];
  if (typeof page !== 'string' || !page.startsWith('[') || typeof target !== 'string') return undefined;
  const [dashboard, isRecord] = JSON.parse(page) as [string, boolean];
  return { dashboard, isRecord, targetKey: target };
}

function incidentOf(place: Place, saved: Saved, known: Known): readonly OpenIncident[] {
  const { incident, told, level, above, intended, reference } = saved;
  const sinceMs = incident?.sinceMs ?? above?.firstMs;
  const status = told?.status ?? intended?.status ?? level?.status;
  if (sinceMs === undefined || status === undefined) return [];
  const [service, environment] = JSON.parse(place.targetKey) as [string, string];
  const target = known.config.reporter.targets.find(({ key }) => key === place.targetKey);
  return [
    {
      dashboard: place.dashboard,
      service,
      environment,
      component: target?.component ?? incident?.member.component ?? service,
      status,
      word: statusWord(status),
      since: rfc3339(sinceMs),
      ...(told && { told: rfc3339(told.atMs) }),
      ...(reference !== undefined && { reference }),
      held: holdsOf(place, saved, known),
    },
  ];
}

function holdsOf(
  { dashboard, isRecord, targetKey: key }: Place,
  saved: Saved,
  known: Known,
): readonly Hold[] {
  const { config, windows, nowMs } = known;
  const policy = config.dashboards.find(({ name }) => name === dashboard);
  const target = config.reporter.targets.find((each) => each.key === key);
  const window = target && windows.around(target, nowMs);
  return [
    ...(saved.trouble ? [failing(saved.trouble)] : unanswered(saved)),
    ...(policy && !saved.incident ? [waiting(policy.openAfter)] : []),
    ...(window
      ? [{ why: 'maintenance' as const, text: `under maintenance until ${rfc3339(window.toMs)}` }]
      : []),
    ...(isRecord ? [{ why: 'record' as const, text: 'only recorded (mode record)' }] : []),
    ...(policy?.mode === 'paused' ? [{ why: 'paused' as const, text: 'nothing is told (mode paused)' }] : []),
    ...removed(policy !== undefined, target !== undefined),
  ];
}

function failing({ reason, text, sinceMs }: NonNullable<Saved['trouble']>): Hold {
  const since = rfc3339(sinceMs);
  return { why: 'failing', text: `fails since ${since}: ${reason}: ${text}`, since, reason };
}

function unanswered({ intended, doubted_key }: Saved): readonly Hold[] {
  const what = intended?.type === 'close' ? 'its end' : 'the last report';
  if (!intended && doubted_key === undefined) return [];
  return [{ why: 'unanswered', text: `${what} was sent and is not answered yet` }];
}

function waiting(threshold: Threshold): Hold {
  const amount =
    'readings' in threshold ? `${threshold.readings} readings` : durationText(threshold.durationMs);
  return { why: 'open_after', text: `waits for open_after (${amount})` };
}

function removed(isDashboardKnown: boolean, isTargetKnown: boolean): readonly Hold[] {
  if (isDashboardKnown && isTargetKnown) return [];
  const what = isDashboardKnown ? 'service' : 'dashboard';
  return [{ why: 'removed', text: `the ${what} is no longer configured: left as it is` }];
}

function sortKey({ dashboard, service, environment }: OpenIncident): readonly string[] {
  return [dashboard, service, environment];
}

function compare(one: readonly string[], two: readonly string[]): number {
  const index = one.findIndex((part, at) => part !== two[at]);
  if (index < 0) return 0;
  return (one[index] ?? '') < (two[index] ?? '') ? -1 : 1;
}
