/**
 * How many questions over HTTP are worked on at once, and how many wait for their turn: whoever asks has gone
 * away, sooner or later, and new ones go on coming.
 */
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';

/** `busy`: it was not even begun. */
export type Door = <Result>(work: () => Promise<Result>) => Promise<Result | 'busy'>;

/** For who has few questions, and is never many. */
export const openToAll: Door = (work) => work();

export function openDoor(clock: Clock): Door {
  let underWay = 0;
  const waiting: (() => void)[] = [];

  /** The place of who goes is the next one's. */
  function leave(): void {
    const next = waiting.shift();
    if (next) next();
    else underWay -= 1;
  }

  return async (work) => {
    const untilMs = clock.monotonic() + limits.healthWaitMs;
    if (underWay < limits.healthQuestionsMax) underWay += 1;
    else if (waiting.length >= limits.healthQuestionsWaitingMax) return 'busy';
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return clock.monotonic() < untilMs ? await work() : 'busy';
    } finally {
      leave();
    }
  };
}
