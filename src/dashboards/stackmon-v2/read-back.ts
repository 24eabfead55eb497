/**
 * Sees where raised components are, and closes the events that they left empty.
 *
 * The dashboard may move a component anywhere when it gets worse; where its last component has gone, the
 * old event stays open. Until that is seen, nobody knows what became of it.
 */
import type { Telling } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { Settle } from '../one-by-one.ts';
import type { Surroundings } from '../surroundings.ts';
import { type Desk, impactOf, type Located, leftAlone, resolve } from './desk.ts';
import type { OpenEvent } from './open-events.ts';
import { isOurs } from './ownership.ts';

/** `id`: the event that the dashboard answered. */
export type Raised = { readonly located: Located; readonly id: number; readonly httpStatus: number };

/** What was raised and could not be seen is in doubt, whatever the reason. */
export async function seeRaised(
  raised: readonly Raised[],
  desk: Desk,
  settle: Settle,
  note: Surroundings['note'],
): Promise<void> {
  const unseen = new Set(raised.map(({ located }) => located.telling));
  const see: Settle = (telling, result) => {
    unseen.delete(telling);
    settle(telling, result instanceof Failure ? inDoubt(result) : result);
  };
  try {
    await lookAgain(raised, desk, see, note);
  } catch (error) {
    if (error instanceof Failure) doubt([...unseen], error, settle);
    throw error;
  }
}

/** They were raised, and the rest failed. */
export function doubt(tellings: readonly Telling[], failure: Failure, settle: Settle): void {
  const doubted = inDoubt(failure);
  for (const telling of tellings) settle(telling, doubted);
}

/** It was done, and has to be looked up. */
export function inDoubt({ peer, reason, message, httpStatus, retryAfterMs }: Failure): Failure {
  return new Failure(peer, reason, message, {
    isAmbiguous: true,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

async function lookAgain(
  raised: readonly Raised[],
  desk: Desk,
  settle: Settle,
  note: Surroundings['note'],
): Promise<void> {
  const { events, isWhole } = await desk.api.list(desk.signal);
  // What it answered is the next best thing to know.
  if (isWhole) desk.events.replace(events);
  const located = raised.map((each) => each.located);
  const tidied = new Set(await tidy(located, desk, settle, note));
  for (const { located, id, httpStatus } of raised.filter((each) => tidied.has(each.located))) {
    const { telling, component } = located;
    const answered = desk.events.get(id);
    if (answered && !answered.isSystem && !isOurs(answered, telling, desk.settings)) {
      settle(telling, { outcome: 'known', httpStatus, note: leftAlone(id) });
      continue;
    }
    const impact = impactOf(telling, desk);
    const there = desk.events.of(component).filter((event) => event.isSystem && event.impact >= impact);
    const event = there.find((each) => each.id === id) ?? there[0];
    settle(telling, { outcome: 'sent', httpStatus, reference: String(event?.id ?? id) });
  }
}

/**
 * Closes events of ours that hold nothing any more; only by what they were told before are they known as ours.
 *
 * Returns who goes on: those of an event that could not be closed come again, unless it never will be.
 */
export async function tidy(
  located: readonly Located[],
  desk: Desk,
  settle: Settle,
  note: Surroundings['note'],
): Promise<readonly Located[]> {
  let left = located;
  for (const event of emptyOnes(located, desk)) {
    try {
      await resolve(event, [], desk);
    } catch (error) {
      if (!(error instanceof Failure) || error.reason === 'stopped') throw error;
      note(`event ${event.id} holds no component any more and could not be closed: ${error.message}`);
      if (!error.retryable) continue;
      const isOfIt = ({ telling }: Located) => telling.reference === String(event.id);
      for (const { telling } of left.filter(isOfIt)) settle(telling, error);
      left = left.filter((each) => !isOfIt(each));
    }
  }
  return left;
}

function emptyOnes(located: readonly Located[], { events }: Desk): readonly OpenEvent[] {
  const references = new Set(located.map(({ telling }) => telling.reference));
  return events.all.filter(
    ({ id, isSystem, components }) => isSystem && components.length === 0 && references.has(String(id)),
  );
}
