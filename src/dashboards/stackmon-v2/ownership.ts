/**
 * Which events are ours to change and to close.
 *
 * The dashboard marks nothing as ours: our state knows the event's id, and the dashboard writes down what it
 * moves where. What is split off one of our events is marked there as if a human had opened it, but says
 * nothing else than where it came from, and what we did. A number alone is not enough: the dashboard answers
 * that of a human's incident to whoever reports its component.
 */
import type { Telling } from '../../model/dashboard.ts';
import type { OpenEvent } from './open-events.ts';
import type { StackmonV2Settings } from './settings.ts';

/** How we begin to say it; by these words we know later that it was we. */
export const impactChanged = 'The monitoring system has changed the impact';

export function isOurs(
  event: OpenEvent,
  { reference, isDoubted }: Pick<Telling, 'reference' | 'isDoubted'>,
  settings: Pick<StackmonV2Settings, 'adopt' | 'title'>,
): boolean {
  if (settings.adopt === 'system' && isOfTheSystem(event, settings)) return true;
  // Who knows through how many events the component has gone since the last answer.
  if (isDoubted && event.title === settings.title && (event.isSystem || isSplitOff(event))) return true;
  if (reference === undefined) return false;
  const isKnown = String(event.id) === reference || event.updates.some(isMoveFrom(reference));
  return isKnown && (event.isSystem || isSplitOff(event));
}

/** Told by a program, with our words. */
export function isOfTheSystem(event: OpenEvent, { title }: Pick<StackmonV2Settings, 'title'>): boolean {
  return event.isSystem && event.title === title;
}

type Update = OpenEvent['updates'][number];

/** Components were taken out of another event, and no human has worked on it since. */
function isSplitOff({ updates }: OpenEvent): boolean {
  return updates.some(({ text }) => text.includes(moved)) && updates.every(isProgrammed);
}

function isMoveFrom(reference: string): (update: Update) => boolean {
  return ({ text }) => text.includes(moved) && text.includes(`/incidents/${reference}'`);
}

/** How the dashboard says it. */
const moved = 'moved from';

/** What the dashboard writes by itself, and what we write. */
function isProgrammed({ status, text }: Update): boolean {
  return status === 'SYSTEM' || (status === 'impact changed' && text.startsWith(impactChanged));
}
