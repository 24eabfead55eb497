/**
 * Puts what the reporter wants to keep into the store, and has it written: soon, or at once for what a cycle
 * intends.
 */
import { type Clock, sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import type { Shelf } from '../reporter/shelf.ts';
import type { Store } from '../state/store.ts';

export type Shelving = {
  readonly shelf: Shelf;
  /**
   * What is put on the shelf while it is decided is written together. Resolves once that is on disk, at the
   * latest after a second.
   */
  readonly settleIntents: (decide: () => Promise<void>) => Promise<void>;
};

export function openShelving(store: Pick<Store, 'put' | 'flush'>, clock: Clock): Shelving {
  let isFlushing = false;
  let deciding = 0;
  /** What was acknowledged goes to disk soon; what comes with it goes along. */
  const flushSoon = () => {
    if (isFlushing) return;
    isFlushing = true;
    clock.soon(() => {
      isFlushing = false;
      if (deciding === 0) void store.flush();
    });
  };
  return {
    shelf: {
      put: (key, value) => {
        store.put(key, value as object | undefined);
        flushSoon();
      },
    },
    settleIntents: async (decide) => {
      deciding++;
      await decide().finally(() => deciding--);
      const isWritten = new AbortController();
      const written = store.flush().then(() => isWritten.abort());
      await Promise.race([written, sleep(clock, limits.stateWaitMs, isWritten.signal)]);
    },
  };
}
