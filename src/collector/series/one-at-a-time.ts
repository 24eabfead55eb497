/**
 * Answers questions whose answers cost much: one at a time, and the same question once.
 *
 * The newest answer is kept many times as long as it took to make, so that asking again and again takes
 * a small part of the time.
 */
import type { Clock } from '../../model/clock.ts';

const restFactor = 20;
/** A machine that slept while it was made is no reason to show it for hours. */
const restMsMax = 2_000;

/** @returns asks, where questions with the same key are the same */
export function oneAtATime<Question, Answer>(
  clock: Clock,
  answer: (question: Question) => Promise<Answer>,
): (key: string, question: Question) => Promise<Answer> {
  /** By key, those that are made or wait for their turn. */
  const making = new Map<string, Promise<Answer>>();
  let newest: { readonly key: string; readonly answer: Answer; readonly untilMs: number } | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function make(key: string, question: Question, before: Promise<unknown>): Promise<Answer> {
    await before;
    const startedMs = clock.monotonic();
    try {
      const made = await answer(question);
      const endedMs = clock.monotonic();
      const restMs = Math.min(restFactor * (endedMs - startedMs), restMsMax);
      newest = { key, answer: made, untilMs: endedMs + restMs };
      return made;
    } finally {
      making.delete(key);
    }
  }

  return (key, question) => {
    if (newest && newest.key === key && clock.monotonic() < newest.untilMs) {
      return Promise.resolve(newest.answer);
    }
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
  };
}
