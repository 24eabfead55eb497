/**
 * Reports what is new. The dashboard decides which event it belongs to: a new one, one that fails alike, or
 * somebody else's, which stays theirs.
 */
import { Failure } from '../../model/failure.ts';
import type { Part, Settle } from '../one-by-one.ts';
import type { ComponentIds } from './component-ids.ts';
import { type Desk, impactOf, type Located } from './desk.ts';
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
    const before = events.of(component).find((event) => event.id === id);
    const isTheirs = before && (!before.isSystem || before.impact >= impactOf(telling, desk));
    if (!isTheirs) return settle(telling, { outcome: 'sent', httpStatus, reference: String(id) });
    const note = `left alone: it is in event ${id} of somebody else`;
    settle(telling, { outcome: 'known', httpStatus, note });
  } catch (error) {
    throw error instanceof Failure && saysUnknown(error) ? unknown(error, ids) : error;
  }
}

function saysUnknown({ httpStatus, message }: Failure): boolean {
  return httpStatus === 400 && /component does not exist/i.test(message);
}

function unknown({ message }: Failure, ids: Pick<ComponentIds, 'forget'>): Failure {
  ids.forget();
  return new Failure('dashboard', 'unknown_component', message, { httpStatus: 400 });
}
