/** What a source is made of: whom to ask, and what it brings. */
import type { Family } from '../../exposition/family.ts';
import { Failure } from '../../model/failure.ts';

export type Gathered = {
  readonly families: readonly Family[];
  /** What was missing, although the rest is good. */
  readonly flaw?: Failure;
};

export type Feed = {
  /** Throws a `Failure` where nothing came within its time-out. */
  readonly ask: () => Promise<Gathered>;
  /** Ends what is under way, with reason `stopped`. */
  readonly stop: () => void;
};

export function garbled(message: string): Failure {
  return new Failure('source', 'garbled', message);
}
