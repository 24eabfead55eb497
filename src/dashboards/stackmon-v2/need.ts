/**
 * What one telling needs, compared with what the dashboard shows.
 *
 * The dashboard wins over what we remember: what a human closed stays closed, what a human holds is left
 * alone, and what an earlier attempt has done is not done again.
 */
import type { Answer, Telling } from '../../model/dashboard.ts';
import { type Desk, impactOf, type Located, leftAlone, type Other } from './desk.ts';
import type { OpenEvent } from './open-events.ts';
import { isOurs } from './ownership.ts';

export type Need =
  | { readonly does: 'close'; readonly mine: readonly OpenEvent[] }
  | { readonly does: 'lower' | 'raise'; readonly event: OpenEvent; readonly impact: number }
  /** Report it: it is in no event of ours. */
  | { readonly does: 'open' }
  | { readonly does: 'nothing'; readonly answer: Answer };

export function needOf(located: Located, desk: Desk): Need {
  const { telling, component } = located;
  const there = desk.events.of(component);
  const others = desk.others(located);
  const told = [telling, ...others.map(({ reference }) => ({ reference, isDoubted: false }))];
  const mine = there.filter((event) => told.some((each) => isOurs(event, each, desk.settings)));
  const [worst] = [...mine].sort((a, b) => b.impact - a.impact);
  if (telling.action.type !== 'close') {
    return worst ? changeOf(located, worst, desk) : absent(located, there, desk);
  }
  if (!worst) return nothing(gone(located, there));
  // What is new opens an event of its own, after this one is closed.
  const left = others.filter(({ isNew }) => !isNew);
  return left.length > 0 ? remain(telling, worst, left, desk) : { does: 'close', mine };
}

/** Whoever changed the impact by hand is not corrected, as long as nothing else has changed. */
function changeOf(located: Located, event: OpenEvent, desk: Desk): Need {
  const { told, isDoubted, action } = located.telling;
  const impact = impactOf(located.telling, desk);
  const worst = worstOf(desk.others(located));
  const isOwn = isOurs(event, located.telling, desk.settings);
  const mayBoth = told === undefined || isDoubted;
  if (event.impact < impact && (mayBoth || told < action.status)) return { does: 'raise', event, impact };
  const lower = Math.max(impact, worst);
  const mayLower = mayBoth ? isOwn : told > action.status;
  if (event.impact > lower && mayLower) return { does: 'lower', event, impact: lower };
  return nothing({ outcome: 'known', reference: String(event.id) });
}

/** It is over, and the component has others that are not. */
function remain(
  { told, isDoubted }: Telling,
  event: OpenEvent,
  others: readonly Other[],
  { settings }: Desk,
): Need {
  const impact = worstOf(others);
  const isOurWord = told === undefined || isDoubted || settings.severity[told] > impact;
  if (event.impact > impact && isOurWord) return { does: 'lower', event, impact };
  const names = others.map(({ target }) => target.service).join(', ');
  const are = others.length > 1 ? 'are' : 'is';
  return nothing({
    outcome: 'known',
    reference: String(event.id),
    note: `event ${event.id} stays open: ${names} ${are} the same component`,
  });
}

function worstOf(others: readonly Other[]): number {
  return Math.max(0, ...others.map(({ impact }) => impact));
}

/**
 * What a human closed is opened again by something worse only, or where every poll is told. In doubt it was
 * we who closed it.
 */
function absent(located: Located, there: readonly OpenEvent[], { settings }: Desk): Need {
  const { told, action, isDoubted } = located.telling;
  const isNew = isDoubted || told === undefined || told < action.status;
  if (isNew || (settings.send === 'every_poll' && there.length === 0)) return { does: 'open' };
  return nothing(gone(located, there));
}

function gone({ telling }: Located, [other]: readonly OpenEvent[]): Answer {
  if (other) return { outcome: 'known', note: leftAlone(other.id) };
  return telling.told === undefined
    ? { outcome: 'known' }
    : { outcome: 'known', note: 'closed by somebody else' };
}

function nothing(answer: Answer): Need {
  return { does: 'nothing', answer };
}
