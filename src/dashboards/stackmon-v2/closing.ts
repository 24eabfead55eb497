/**
 * Closes what is over. What recovered together leaves a shared event together, and only what has left is
 * resolved; where nothing else is left in the event, it is resolved itself.
 */
import type { Answer, Telling } from '../../model/dashboard.ts';
import type { Part, Settle } from '../one-by-one.ts';
import { apart, type Desk, type Located, resolve, waitOf, within } from './desk.ts';
import type { OpenEvent } from './open-events.ts';

/** @param closing with the events of ours that hold it, at least one */
export function closings(
  closing: readonly { readonly located: Located; readonly mine: readonly OpenEvent[] }[],
  desk: Desk,
): readonly Part[] {
  const byEvent = new Map<number, Located[]>();
  const left = new Map<Telling, number>();
  for (const { located, mine } of closing) {
    left.set(located.telling, mine.length);
    for (const { id } of mine) byEvent.set(id, [...(byEvent.get(id) ?? []), located]);
  }

  /** A component may be in several events of ours: it is over when all of them are closed. */
  function oneLess(telling: Telling, httpStatus: number, settle: Settle): void {
    const count = (left.get(telling) ?? 0) - 1;
    if (left.has(telling)) left.set(telling, count);
    if (count === 0) settle(telling, { outcome: 'sent', httpStatus });
  }

  /** One of its events waits: it is not over, whatever becomes of the others. */
  function stays(telling: Telling, wait: Answer, settle: Settle): void {
    if (left.delete(telling)) settle(telling, wait);
  }

  return Array.from(byEvent, ([id, located]) => ({
    tellings: located.map(({ telling }) => telling),
    tell: async (settle: Settle) => {
      const event = desk.events.get(id);
      if (!event) throw new Error('an event that is closed has no part left');
      const leaving = within(event, located);
      const wait = waitOf(event, leaving, desk);
      if (wait) {
        for (const { telling } of located) stays(telling, wait, settle);
        return;
      }
      const httpStatus = await resolve(await apart(event, leaving, desk), leaving, desk);
      for (const { telling } of located) oneLess(telling, httpStatus, settle);
    },
  }));
}
