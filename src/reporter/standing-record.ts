/**
 * A standing as it is kept over a restart.
 *
 * What was handed over and not answered when the program ended is in doubt when it starts again.
 */
import type { Incident } from '../model/incident.ts';
import type { Policy, Threshold } from '../model/policy.ts';
import type { Saved } from './saved.ts';
import { doubting, type Intended, newStanding, type Standing, type Streak } from './standing.ts';

/** Undefined where nothing is worth keeping. */
export function saved(standing: Standing, policy: Policy | undefined): Saved | undefined {
  if (!isWorthKeeping(standing)) return undefined;
  const { above, below, level, incident, told, reference, doubts, trouble, suppressed, leftMs } = standing;
  const member = incident?.members[0];
  const news = newsOf(standing, policy);
  return {
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
}

/**
 * Whether what is kept of the one says all that is worth keeping of the other. Where every poll is told,
 * a report that says the same is not worth it.
 */
export function isAlike(one: Standing | undefined, two: Standing, policy: Policy | undefined): boolean {
  if (!one || !isWorthKeeping(one)) return !isWorthKeeping(two);
  if (one === two) return true;
  return (
    one.incident?.id === two.incident?.id &&
    isSameRow(one, two, policy) &&
    isSameLevel(one, two) &&
    isSameTold(one, two, policy) &&
    one.reference === two.reference &&
    isSameKeys(newsOf(one, policy), newsOf(two, policy)) &&
    isSameKeys(one.doubts, two.doubts) &&
    one.trouble?.reason === two.trouble?.reason &&
    one.suppressed === two.suppressed &&
    one.leftMs === two.leftMs
  );
}

function isWorthKeeping({ incident, above }: Standing): boolean {
  return incident !== undefined || above !== undefined;
}

/** Where every poll is told, one more report that says what is known is none. */
function newsOf({ intended, told }: Standing, policy: Policy | undefined): readonly Intended[] {
  if (policy?.send !== 'every_poll') return intended;
  return intended.filter(({ type, status }) => type === 'close' || status !== told?.status);
}

function isSameRow(one: Standing, two: Standing, policy: Policy | undefined): boolean {
  const length = ({ incident, above, below }: Standing) =>
    incident ? counted(below, policy?.closeAfter) : counted(above, policy?.openAfter);
  return (
    one.above?.firstMs === two.above?.firstMs &&
    one.below?.firstMs === two.below?.firstMs &&
    length(one) === length(two)
  );
}

function isSameLevel({ level: one }: Standing, { level: two }: Standing): boolean {
  return one === two || (one?.status === two?.status && one?.sinceMs === two?.sinceMs);
}

function isSameTold({ told: one }: Standing, { told: two }: Standing, policy: Policy | undefined): boolean {
  if (one === two) return true;
  return one?.status === two?.status && (policy?.send === 'every_poll' || one?.atMs === two?.atMs);
}

function isSameKeys(one: readonly Intended[], two: readonly Intended[]): boolean {
  return one === two || (one.length === two.length && one.every(({ key }, at) => key === two[at]?.key));
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
