/**
 * Reports what is new. The dashboard decides which event it belongs to: a new one, one that fails alike, or
 * somebody else's, which stays theirs.
 */
import { Failure } from '../../model/failure.ts';
import type { Part, Settle } from '../one-by-one.ts';
import type { ComponentIds } from './component-ids.ts';
import { type Desk, impactOf, type Located, leftAlone } from './desk.ts';
import { inDoubt } from './read-back.ts';
import { refusalOf, reportOf } from './report.ts';

export function openings(
  opening: readonly Located[],
  desk: Desk,
  ids: Pick<ComponentIds, 'forget'>,
): readonly Part[] {
  return opening.map((located) => ({
    tellings: [located.telling],
    tell: (settle: Settle) => open(located, desk, ids, settle),
  }));
}

async function open(
  { telling, component }: Located,
  desk: Desk,
  ids: Pick<ComponentIds, 'forget'>,
  settle: Settle,
): Promise<void> {
  const { api, settings, nowMs, signal, events } = desk;
  const { action } = telling;
  const body = reportOf(action, component, settings, nowMs());
  try {
    const answer = await api.report(body, action.idempotencyKey, signal, telling.isWanted);
    if (answer.id === undefined) return settle(telling, refusalOf(answer));
    const { id, httpStatus } = answer;
    const before = events.get(id);
    const wasThere = before?.components.includes(component) && before.impact >= impactOf(telling, desk);
    const isTheirs = before ? !before.isSystem || wasThere : await isSplitOffTheirs(id, component, desk);
    if (isTheirs) return settle(telling, { outcome: 'known', httpStatus, note: leftAlone(id) });
    settle(telling, { outcome: 'sent', httpStatus, reference: String(id) });
  } catch (error) {
    throw error instanceof Failure && saysUnknown(error) ? unknown(error, ids) : error;
  }
}

/**
 * What a human splits off their own incident looks later like what was split off ours: where a human had the
 * component, it is looked at once more. Any other event of a human's is known by its updates.
 */
async function isSplitOffTheirs(id: number, component: number, desk: Desk): Promise<boolean> {
  if (desk.events.of(component).every(({ isSystem }) => isSystem)) return false;
  try {
    const { events } = await desk.api.list(desk.signal);
    return events.some((event) => event.id === id && !event.isSystem);
  } catch (error) {
    throw error instanceof Failure ? inDoubt(error) : error;
  }
}

function saysUnknown({ httpStatus, message }: Failure): boolean {
  return httpStatus === 400 && /component does not exist/i.test(message);
}

function unknown({ message }: Failure, ids: Pick<ComponentIds, 'forget'>): Failure {
  ids.forget();
  return new Failure('dashboard', 'unknown_component', message, { httpStatus: 400 });
}
