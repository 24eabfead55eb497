/** What the state says of each dashboard: what is open there, and what keeps something from being told. */
import type { Config } from '../config/config.ts';
import type { Windows } from '../maintenance/windows.ts';
import { rfc3339 } from '../model/clock.ts';
import type { Policy, Threshold } from '../model/policy.ts';
import { type Status, statusWord } from '../model/status.ts';
import { type Target, targetKey } from '../model/target.ts';
import type { Held } from '../reporter/notices.ts';
import { isPageOf, type Place, placeOf } from '../reporter/place.ts';
import { readSaved, type Saved } from '../reporter/saved.ts';
import { durationText } from '../values/duration.ts';
import { isAbout } from '../values/glob.ts';

export type Hold = {
  readonly why:
    | 'failing'
    | 'unanswered'
    | 'suppressed'
    | 'open_after'
    | 'close_after'
    | 'maintenance'
    | 'record'
    | 'paused'
    | 'removed';
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
  /** What was read last, in a word. */
  readonly now?: string;
  /** RFC 3339, like `told`: when it took this status; absent where it took nothing. */
  readonly since: string;
  readonly told?: string;
  /** The dashboard's own id. */
  readonly reference?: string;
  readonly held: readonly Hold[];
};

export type UnderMaintenance = {
  readonly service: string;
  readonly environment: string;
  /** RFC 3339. */
  readonly until: string;
  readonly reason?: string;
};

/** What of the configuration is asked about each standing. */
type Rules = {
  readonly policies: ReadonlyMap<string, Policy>;
  readonly targets: ReadonlyMap<string, Target>;
  readonly maintainedUntil: ReadonlyMap<string, string>;
};

type Known = {
  readonly config: Config;
  readonly windows: Windows;
  readonly nowMs: number;
};

/** @param kept all that the state holds, by its keys; what is no standing is left out */
export function openIncidents(kept: ReadonlyMap<string, unknown>, known: Known): readonly OpenIncident[] {
  const { config } = known;
  const rules: Rules = {
    policies: new Map(config.dashboards.map((policy) => [policy.name, policy])),
    targets: new Map(config.reporter.targets.map((target) => [target.key, target])),
    maintainedUntil: new Map(
      underMaintenance(kept, known).map((each) => [targetKey(each.service, each.environment), each.until]),
    ),
  };
  const found = [...kept].flatMap(([key, value]) => {
    const place = placeOf(key);
    const saved = readSaved(value);
    if (!place || !saved || isOutlived(place, rules)) return [];
    return incidentOf(place, saved, rules);
  });
  return found.sort((one, two) => compare(sortKey(one), sortKey(two)));
}

/** By the configuration, or by what the convertor announced when it was asked last. */
export function underMaintenance(
  kept: ReadonlyMap<string, unknown>,
  { config, windows, nowMs }: Known,
): readonly UnderMaintenance[] {
  return config.reporter.targets.flatMap(({ key, service, environment, attributes }) => {
    const { untilMs, reason } = heldOf(kept, key) ?? {};
    const configured = windows.around({ service, environment, attributes }, nowMs);
    const until = configured?.toMs ?? untilMs ?? 0;
    if (until <= nowMs) return [];
    const why = configured ? configured.reason : reason;
    return [{ service, environment, until: rfc3339(until), ...(why !== undefined && { reason: why }) }];
  });
}

function heldOf(
  kept: ReadonlyMap<string, unknown>,
  targetKey: string,
): Pick<Held, 'untilMs' | 'reason'> | undefined {
  const held = kept.get(JSON.stringify(['held', targetKey])) as Partial<Held> | null | undefined;
  const { untilMs, reason } = held ?? {};
  if (typeof untilMs !== 'number' || Number.isNaN(new Date(untilMs).getTime())) return undefined;
  return { untilMs, ...(typeof reason === 'string' && { reason }) };
}

/** It was only recorded, and the dashboard is told by now: the next start forgets it. */
function isOutlived({ dashboard, isRecord }: Place, { policies }: Rules): boolean {
  const policy = policies.get(dashboard);
  return isRecord && policy !== undefined && policy.mode !== 'record';
}

function incidentOf(place: Place, saved: Saved, rules: Rules): readonly OpenIncident[] {
  const { incident, told, level, above, intended = [], reference } = saved;
  const sinceMs = incident?.sinceMs ?? above?.firstMs;
  const status = told?.status ?? intended.at(-1)?.status ?? level?.status;
  if (sinceMs === undefined || status === undefined) return [];
  const { service, environment } = place;
  const target = rules.targets.get(place.targetKey);
  return [
    {
      dashboard: place.dashboard,
      service,
      environment,
      component: target?.component ?? incident?.member.component ?? service,
      status,
      word: statusWord(status),
      ...(level && { now: statusWord(level.status) }),
      since: rfc3339(sinceMs),
      ...(told && { told: rfc3339(told.atMs) }),
      ...(reference !== undefined && { reference }),
      held: holdsOf(place, saved, rules),
    },
  ];
}

function holdsOf(place: Place, saved: Saved, rules: Rules): readonly Hold[] {
  const { dashboard, isRecord, targetKey: key } = place;
  const named = rules.policies.get(dashboard);
  const policy = named && isPageOf(place, named) ? named : undefined;
  const until = rules.maintainedUntil.get(key);
  return [
    ...(saved.trouble ? [failing(saved.trouble)] : unanswered(saved)),
    ...(saved.suppressed === undefined
      ? []
      : [hold('suppressed', `the dashboard does not show it yet: ${saved.suppressed}`)]),
    ...(policy && policy.mode !== 'paused' ? waiting(policy, saved) : []),
    ...(until === undefined ? [] : [hold('maintenance', `under maintenance until ${until}`)]),
    ...(isRecord ? [hold('record', 'only recorded (mode record)')] : []),
    ...(policy?.mode === 'paused' ? [hold('paused', 'nothing is told (mode paused)')] : []),
    ...(named && !policy
      ? [hold('removed', 'the dashboard of that name is another page now: left as it is', saved.leftMs)]
      : removed(policy, rules.targets.get(key), saved.leftMs)),
  ];
}

function hold(why: Hold['why'], text: string, sinceMs?: number): Hold {
  return { why, text, ...(sinceMs !== undefined && { since: rfc3339(sinceMs) }) };
}

function failing({ reason, text, sinceMs }: NonNullable<Saved['trouble']>): Hold {
  return { ...hold('failing', `fails since ${rfc3339(sinceMs)}: ${reason}: ${text}`, sinceMs), reason };
}

function unanswered({ intended = [], doubts = [] }: Saved): readonly Hold[] {
  const message = intended.at(-1) ?? doubts.at(-1);
  if (!message) return [];
  const what = message.type === 'close' ? 'its end' : 'the last report';
  return [hold('unanswered', `${what} was sent and is not answered yet`)];
}

function waiting({ openAfter, closeAfter }: Policy, saved: Saved): readonly Hold[] {
  const { incident, below, intended = [], doubts = [], trouble, suppressed } = saved;
  if (!incident) return [hold('open_after', `waits for open_after (${amountOf(openAfter)})`)];
  if (!below || intended.length > 0 || doubts.length > 0 || trouble || suppressed !== undefined) return [];
  const { firstMs } = below;
  const text = `better since ${rfc3339(firstMs)}: waits for close_after (${amountOf(closeAfter)})`;
  return [hold('close_after', text, firstMs)];
}

function amountOf(threshold: Threshold): string {
  if ('durationMs' in threshold) return durationText(threshold.durationMs);
  return threshold.readings === 1 ? '1 reading' : `${threshold.readings} readings`;
}

function removed(
  policy: Policy | undefined,
  target: Target | undefined,
  leftMs: number | undefined,
): readonly Hold[] {
  if (!policy) return [hold('removed', 'the dashboard is no longer configured: left as it is', leftMs)];
  if (!target) return [hold('removed', 'the service is no longer configured: left as it is', leftMs)];
  if (isAbout(policy.match, target)) return [];
  return [hold('removed', 'match of the dashboard leaves it out: left as it is', leftMs)];
}

function sortKey({ dashboard, service, environment }: OpenIncident): readonly string[] {
  return [dashboard, service, environment];
}

function compare(one: readonly string[], two: readonly string[]): number {
  const index = one.findIndex((part, at) => part !== two[at]);
  if (index < 0) return 0;
  return (one[index] ?? '') < (two[index] ?? '') ? -1 : 1;
}
