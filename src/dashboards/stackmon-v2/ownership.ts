/**
 * Which events are ours to change and to close.
 *
 * The dashboard marks nothing as ours: our state knows the event's id, and the dashboard writes down what it
 * moves where. What is split off one of our events is marked there as if a human had opened it, but it does
 * not begin as a human's does, with its detection.
 */
import type { Telling } from '../../model/dashboard.ts';
import type { OpenEvent } from './open-events.ts';
import type { StackmonV2Settings } from './settings.ts';

export function isOurs(
  event: OpenEvent,
  { reference, isDoubted }: Pick<Telling, 'reference' | 'isDoubted'>,
  settings: Pick<StackmonV2Settings, 'adopt' | 'title'>,
): boolean {
  if (settings.adopt === 'system' && isOfTheSystem(event, settings)) return true;
  // Who knows through how many events the component has gone since the last answer.
  if (isDoubted && event.title === settings.title && (event.isSystem || isSplitOff(event))) return true;
  if (reference === undefined) return false;
  if (String(event.id) === reference) return event.isSystem || !event.updates.some(isDetection);
  return event.updates.some(isMoveFrom(reference)) && (event.isSystem || isSplitOff(event));
}

/** Told by a program, with our words. */
export function isOfTheSystem(event: OpenEvent, { title }: Pick<StackmonV2Settings, 'title'>): boolean {
  return event.isSystem && event.title === title;
}

type Update = OpenEvent['updates'][number];

/** Components were taken out of another event, and no human has worked on it since. */
function isSplitOff({ updates }: OpenEvent): boolean {
  return (
    updates.some(({ text }) => text.includes(moved)) &&
    updates.every(({ status }) => programStatuses.includes(status))
  );
}

function isMoveFrom(reference: string): (update: Update) => boolean {
  return ({ text }) => text.includes(moved) && text.includes(`/incidents/${reference}'`);
}

/** How the dashboard says it. */
const moved = 'moved from';

/** What the dashboard writes by itself, and what we write. */
const programStatuses = ['SYSTEM', 'impact changed'];

function isDetection({ status }: Update): boolean {
  return status === 'detected';
}
