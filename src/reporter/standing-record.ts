/**
 * A standing as it is kept over a restart.
 *
 * What was handed over and not answered when the program ended is in doubt when it starts again.
 */
import type { Incident } from '../model/incident.ts';
import type { Policy, Threshold } from '../model/policy.ts';
import type { Saved } from './saved.ts';
import { doubting, newStanding, type Standing, type Streak } from './standing.ts';

/** All that is not counted. */
const plain = (Object.keys(newStanding) as (keyof Standing)[]).filter(
  (name) => name !== 'above' && name !== 'below',
);

/**
 * Undefined where nothing is worth keeping. The mark tells whether it is worth writing again: where
 * every poll is told, a report that says the same is not.
 */
export function saved(
  standing: Standing,
  policy: Policy | undefined,
): { readonly mark: string; readonly value: Saved } | undefined {
  const { above, below, level, incident, told, reference, intended, doubts, trouble, suppressed, leftMs } =
    standing;
  if (!incident && !above) return undefined;
  const isEveryPoll = policy?.send === 'every_poll';
  const member = incident?.members[0];
  const news = intended.filter(
    ({ type, status }) => !isEveryPoll || type === 'close' || status !== told?.status,
  );
  const value: Saved = {
    ...(above && { above }),
    ...(below && { below }),
    ...(level && { level }),
    ...(incident && member && { incident: savedIncident(incident, member) }),
    ...(told && { told }),
    ...(reference !== undefined && { reference }),
    ...(news.length > 0 && { intended: news }),
    ...(doubts.length > 0 && { doubts }),
    ...(trouble && { trouble }),
    ...(suppressed !== undefined && { suppressed }),
    ...(leftMs !== undefined && { leftMs }),
  };
  const mark = JSON.stringify([
    incident?.id,
    above?.firstMs,
    below?.firstMs,
    incident ? counted(below, policy?.closeAfter) : counted(above, policy?.openAfter),
    level,
    isEveryPoll ? told?.status : told,
    reference,
    news.map(({ key }) => key),
    doubts.map(({ key }) => key),
    trouble?.reason,
    suppressed,
    leftMs,
  ]);
  return { mark, value };
}

/** Whether the mark is the same for sure, which costs less to see than to make it. */
export function isAlike(one: Standing, two: Standing, policy: Policy | undefined): boolean {
  for (const name of plain) if (one[name] !== two[name]) return false;
  const isSameRow = (before: Streak | undefined, after: Streak | undefined, threshold?: Threshold) =>
    before?.firstMs === after?.firstMs && counted(before, threshold) === counted(after, threshold);
  return (
    isSameRow(one.above, two.above, policy?.openAfter) && isSameRow(one.below, two.below, policy?.closeAfter)
  );
}

/** How long a row is by now is worth it until it is long enough: a program that often restarts counts on. */
function counted(streak: Streak | undefined, threshold: Threshold | undefined): number | undefined {
  if (!streak || !threshold || !('readings' in threshold)) return undefined;
  return Math.min(streak.readings, threshold.readings);
}

export function restored(value: Saved): Standing {
  const { incident, intended = [], ...rest } = value;
  const standing = { ...newStanding, ...rest, incident: incident && restoredIncident(incident) };
  return intended.reduce<Standing>(doubting, standing);
}

function savedIncident(
  { members: _, ...incident }: Incident,
  { key, service, environment, component }: NonNullable<Saved['incident']>['member'],
): NonNullable<Saved['incident']> {
  return { ...incident, member: { key, service, environment, component } };
}

/** What else belongs to the target comes with its next reading. */
function restoredIncident({ member, ...incident }: NonNullable<Saved['incident']>): Incident {
  return { ...incident, members: [{ ...member, attributes: {}, ids: {}, flags: [] }] };
}
