/**
 * Lets events get worse and better.
 *
 * Worse is reported like anything new: the dashboard raises the event, or puts the component into another
 * one. It forgets to look at both of them when it does: where one of them would be closed with others in it,
 * the component is taken out first and raised by itself. Better is a change of an event that holds nothing
 * else.
 */
import type { Part, Settle } from '../one-by-one.ts';
import { apart, type Desk, type Located, setImpact, waitOf, within } from './desk.ts';
import type { OpenEvent, OpenEvents } from './open-events.ts';
import { refusalOf, reportOf } from './report.ts';

/** `impact`: what the event is to show. */
export type Changing = { readonly located: Located; readonly event: OpenEvent; readonly impact: number };

/** What has the same event and gets the same impact is changed together. */
export function lowerings(lowering: readonly Changing[], desk: Desk): readonly Part[] {
  const groups = new Map<string, Changing[]>();
  for (const each of lowering) {
    const key = `${each.event.id} ${each.impact}`;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return Array.from(groups.values(), (group) => ({
    tellings: group.map(({ located }) => located.telling),
    tell: async (settle: Settle) => {
      const [first] = group;
      const event = first && desk.events.get(first.event.id);
      if (!event) throw new Error('an event that is closed has no part left');
      const located = within(
        event,
        group.map((each) => each.located),
      );
      const wait = waitOf(event, located, desk);
      if (wait) {
        for (const { telling } of located) settle(telling, wait);
        return;
      }
      const { impact } = first;
      const own = await apart(event, located, desk);
      const httpStatus = await setImpact(own, impact, located, desk);
      for (const { telling } of located) {
        settle(telling, { outcome: 'sent', httpStatus, reference: String(own.id) });
      }
    },
  }));
}

/** Calls `reported` for what the dashboard has put somewhere: the last word is what it shows afterwards. */
export function raisings(
  raising: readonly Changing[],
  desk: Desk,
  reported: (located: Located, id: number, httpStatus: number) => void,
): readonly Part[] {
  return raising.map(({ located, event: { id }, impact }) => ({
    tellings: [located.telling],
    tell: async (settle: Settle) => {
      const event = desk.events.get(id);
      if (!event) throw new Error('an event that is closed has no part left');
      const { telling, component } = located;
      // Another target of the same component was worse.
      if (event.components.includes(component) && event.impact >= impact) {
        return settle(telling, { outcome: 'known', reference: String(event.id) });
      }
      if (!event.isSystem || strandsOthers(event, impact, desk.events)) {
        const own = await apart(event, [located], desk);
        const httpStatus = await setImpact(own, impact, [located], desk);
        return settle(telling, { outcome: 'sent', httpStatus, reference: String(own.id) });
      }
      const answer = await desk.api.report(
        reportOf(telling.action, component, desk.settings, desk.nowMs()),
        telling.action.idempotencyKey,
        desk.signal,
        telling.isWanted,
      );
      if (answer.id === undefined) return settle(telling, refusalOf(answer));
      desk.events.raised(component, event, answer.id, impact);
      reported(located, answer.id, answer.httpStatus);
    },
  }));
}

/**
 * The dashboard moves the component into an event that has this impact already, and closes the old one where
 * the new one had a single component, whoever is left in the old one.
 */
function strandsOthers(event: OpenEvent, impact: number, events: OpenEvents): boolean {
  if (event.components.length === 1) return false;
  return events.all.some(
    (other) =>
      other.id !== event.id && other.isSystem && other.impact === impact && other.components.length === 1,
  );
}
