/** Tells a page of several targets, or of each by itself where all of them together do not work. */
import { Failure } from '../../model/failure.ts';
import { oneByOne, type Settle } from '../one-by-one.ts';
import type { Placed } from './incident-body.ts';

/** What is refused as a whole, or makes the page fail, may do so because of one: then each is told alone. */
export async function orAlone(
  placed: readonly Placed[],
  settle: Settle,
  all: () => Promise<void>,
  alone: (one: Placed, settle: Settle, failure: Failure) => Promise<void>,
): Promise<void> {
  try {
    await all();
  } catch (error) {
    const mayBeOne = error instanceof Failure && (error.reason === 'rejected' || error.httpStatus === 500);
    if (!mayBeOne || placed.length < 2) throw error;
    const parts = placed.map((one) => ({
      tellings: [one.telling],
      tell: (settleAlone: Settle) => alone(one, settleAlone, error),
    }));
    await oneByOne(parts, settle);
  }
}
