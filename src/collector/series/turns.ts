/**
 * Work on series that is checked first and recorded then: one after the other, in slices.
 *
 * Between the two nobody else's may change what was checked, and several at once would each take a slice
 * before everything else in the process had its turn.
 */
import type { Pause } from '../../model/clock.ts';

export class Turns {
  readonly #pause: Pause;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  take<Result>(work: (pause: Pause) => Promise<Result>): Promise<Result> {
    const before = this.#last;
    const done = (async () => {
      await before;
      // Much that is short is together as long as something long.
      await this.#pause();
      return work(this.#pause);
    })();
    // A bug in one is told to who brought it, and is no reason to take no other.
    this.#last = done.then(nothing, nothing);
    return done;
  }

  /** Resolves when all work is done. */
  async idle(): Promise<void> {
    let last: unknown;
    while (last !== this.#last) {
      last = this.#last;
      await last;
    }
  }
}

const nothing = () => undefined;
