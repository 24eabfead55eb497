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
  if (isOfTheSystem(event, settings) && (settings.adopt === 'system' || isDoubted)) return true;
  if (reference === undefined) return false;
  if (String(event.id) === reference) return event.isSystem || !event.updates.some(isDetection);
  return comesFrom(event, reference);
}

/** Told by a program, with our words. */
export function isOfTheSystem(event: OpenEvent, { title }: Pick<StackmonV2Settings, 'title'>): boolean {
  return event.isSystem && event.title === title;
}

/** Components were taken out of our event and put into this one, and no human has worked on it. */
function comesFrom({ isSystem, updates }: OpenEvent, reference: string): boolean {
  const isMove = ({ text }: { readonly text: string }) =>
    text.includes('moved from') && text.includes(`/incidents/${reference}'`);
  const isProgram = ({ status }: { readonly status: string }) => programStatuses.includes(status);
  return updates.some(isMove) && (isSystem || updates.every(isProgram));
}

/** What the dashboard writes by itself, and what we write. */
const programStatuses = ['SYSTEM', 'impact changed'];

function isDetection({ status }: { readonly status: string }): boolean {
  return status === 'detected';
}
