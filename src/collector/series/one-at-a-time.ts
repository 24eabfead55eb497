/**
 * Answers questions whose answers cost much: one at a time, and the same question once.
 *
 * The newest answer is kept many times as long as it took to make, so that asking again and again takes
 * a small part of the time.
 */
import type { Clock } from '../../model/clock.ts';

const restFactor = 20;

export type OneAtATime<Question, Answer> = {
  /** Questions with the same key are the same. */
  readonly ask: (key: string, question: Question) => Promise<Answer>;
  /** From now on no answer is kept, and no timer is left. */
  readonly keepNothing: () => void;
};

/** @param restMsMax a machine that slept while an answer was made is no reason to show it for hours */
export function oneAtATime<Question, Answer>(
  clock: Clock,
  restMsMax: number,
  answer: (question: Question) => Promise<Answer>,
): OneAtATime<Question, Answer> {
  /** By key, those that are made or wait for their turn. */
  const making = new Map<string, Promise<Answer>>();
  let newest: { readonly key: string; readonly answer: Answer; readonly forget: () => void } | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let keepsOne = true;

  function forget(): void {
    newest?.forget();
    newest = undefined;
  }

  async function make(key: string, question: Question, before: Promise<unknown>): Promise<Answer> {
    await before;
    const startedMs = clock.monotonic();
    try {
      const made = await answer(question);
      const restMs = Math.min(restFactor * (clock.monotonic() - startedMs), restMsMax);
      forget();
      if (keepsOne) newest = { key, answer: made, forget: clock.after(restMs, forget) };
      return made;
    } finally {
      making.delete(key);
    }
  }

  return {
    ask: (key, question) => {
      if (newest?.key === key) return Promise.resolve(newest.answer);
      const known = making.get(key);
      if (known) return known;
      const made = make(key, question, last);
      making.set(key, made);
      // Whoever asked hears of a failure; the next one has its turn all the same.
      last = made.then(
        () => undefined,
        () => undefined,
      );
      return made;
    },
    keepNothing: () => {
      keepsOne = false;
      forget();
    },
  };
}
