/**
 * Sees where raised components are, and closes the events that they left empty.
 *
 * The dashboard may move a component anywhere when it gets worse; where its last component has gone, the
 * old event stays open.
 */
import { Failure } from '../../model/failure.ts';
import type { Settle } from '../one-by-one.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Desk, impactOf, type Located, resolve } from './desk.ts';
import type { OpenEvent } from './open-events.ts';

/** `id`: the event that the dashboard answered. */
export type Raised = { readonly located: Located; readonly id: number; readonly httpStatus: number };

export async function seeRaised(
  raised: readonly Raised[],
  desk: Desk,
  settle: Settle,
  note: Surroundings['note'],
): Promise<void> {
  const { events, isWhole } = await desk.api.list(desk.signal);
  // What it answered is the next best thing to know.
  if (isWhole) desk.events.replace(events);
  await tidy(
    raised.map(({ located }) => located),
    desk,
    note,
  );
  for (const { located, id, httpStatus } of raised) {
    const { telling, component } = located;
    const impact = impactOf(telling, desk);
    const there = desk.events.of(component).filter((event) => event.isSystem && event.impact >= impact);
    const event = there.find((each) => each.id === id) ?? there[0];
    settle(telling, { outcome: 'sent', httpStatus, reference: String(event?.id ?? id) });
  }
}

/** Closes events of ours that hold nothing any more. What cannot be closed is said, and fails nothing else. */
export async function tidy(
  located: readonly Located[],
  desk: Desk,
  note: Surroundings['note'],
): Promise<void> {
  for (const event of emptyOnes(located, desk)) {
    try {
      await resolve(event, [], desk);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      note(`event ${event.id} holds no component any more and could not be closed: ${error.message}`);
    }
  }
}

function emptyOnes(located: readonly Located[], { events }: Desk): readonly OpenEvent[] {
  const references = new Set(located.map(({ telling }) => telling.reference));
  return events.all.filter(
    ({ id, isSystem, components }) => isSystem && components.length === 0 && references.has(String(id)),
  );
}
