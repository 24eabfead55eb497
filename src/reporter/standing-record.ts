/**
 * A standing as it is kept over a restart.
 *
 * What was handed over and not answered when the program ended is in doubt when it starts again.
 */
import type { Incident } from '../model/incident.ts';
import type { Saved } from './saved.ts';
import { doubting, newStanding, type Standing } from './standing.ts';

/**
 * Undefined where nothing is worth keeping. The mark tells whether it is worth writing again: where
 * every poll is told, a report that says the same is not.
 */
export function saved(
  standing: Standing,
  isEveryPoll: boolean,
): { readonly mark: string; readonly value: Saved } | undefined {
  const { above, below, level, incident, told, reference, intended, doubts, trouble, leftMs } = standing;
  if (!incident && !above) return undefined;
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
    ...(leftMs !== undefined && { leftMs }),
  };
  const mark = JSON.stringify([
    incident?.id,
    // How long a row is by now is not worth it; that another one has begun is.
    above?.firstMs,
    below?.firstMs,
    level,
    isEveryPoll ? told?.status : told,
    reference,
    news.map(({ key }) => key),
    doubts.map(({ key }) => key),
    trouble?.reason,
    leftMs,
  ]);
  return { mark, value };
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
