/**
 * What one telling needs, compared with what the dashboard shows.
 *
 * The dashboard wins over what we remember: what a human closed stays closed, what a human holds is left
 * alone, and what an earlier attempt has done is not done again.
 */
import type { Answer } from '../../model/dashboard.ts';
import { type Desk, impactOf, type Located } from './desk.ts';
import type { OpenEvent } from './open-events.ts';
import { isOurs } from './ownership.ts';

export type Need =
  | { readonly does: 'close'; readonly mine: readonly OpenEvent[] }
  | { readonly does: 'lower' | 'raise'; readonly event: OpenEvent }
  /** Report it: it is in no event of ours. */
  | { readonly does: 'open' }
  | { readonly does: 'nothing'; readonly answer: Answer };

export function needOf(located: Located, desk: Desk): Need {
  const { telling, component } = located;
  const there = desk.events.of(component);
  const mine = there.filter((event) => isOurs(event, telling, desk.settings));
  if (telling.action.type === 'close') {
    return mine.length > 0 ? { does: 'close', mine } : nothing(gone(located, there));
  }
  const [worst] = [...mine].sort((a, b) => b.impact - a.impact);
  return worst ? changeOf(located, worst, desk) : absent(located, there, desk);
}

/** Whoever changed the impact by hand is not corrected, as long as nothing else has changed. */
function changeOf({ telling }: Located, event: OpenEvent, desk: Desk): Need {
  const { told, isDoubted, action } = telling;
  const wanted = impactOf(telling, desk);
  const mayBoth = told === undefined || isDoubted;
  if (event.impact < wanted && (mayBoth || told < action.status)) return { does: 'raise', event };
  if (event.impact > wanted && (mayBoth || told > action.status)) return { does: 'lower', event };
  return nothing({ outcome: 'known', reference: String(event.id) });
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
  if (other) return { outcome: 'known', note: `left alone: it is in event ${other.id} of somebody else` };
  return telling.told === undefined
    ? { outcome: 'known' }
    : { outcome: 'known', note: 'closed by somebody else' };
}

function nothing(answer: Answer): Need {
  return { does: 'nothing', answer };
}
