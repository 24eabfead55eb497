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

  /** False where no place became free in time. */
  function wait(): Promise<boolean> {
    return new Promise((resolve) => {
      const enter = () => {
        cancel();
        resolve(true);
      };
      const cancel = clock.after(limits.healthWaitMs, () => {
        waiting.splice(waiting.indexOf(enter), 1);
        resolve(false);
      });
      waiting.push(enter);
    });
  }

  return async (work) => {
    if (underWay < limits.healthQuestionsMax) underWay += 1;
    else if (waiting.length >= limits.healthQuestionsWaitingMax || !(await wait())) return 'busy';
    try {
      return await work();
    } finally {
      leave();
    }
  };
}
