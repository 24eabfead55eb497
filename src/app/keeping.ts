/**
 * What is kept over a restart: the state that says what dashboards know, and the history.
 *
 * A write never holds a report back for long: who reports late has failed as well.
 */
import { join } from 'node:path';
import { type History, openHistory } from '../history/history.ts';
import { type Clock, sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import type { Target } from '../model/target.ts';
import { isUnreadable } from '../reporter/ledger.ts';
import { pageName, placeKey, placeOf } from '../reporter/place.ts';
import type { Shelf } from '../reporter/shelf.ts';
import { memoryStore, openStore, readStore, type Store } from '../state/store.ts';
import type { Diary, World } from './world.ts';

export type Keeping = {
  /** Where it lies, or `memory only`. */
  readonly place: string;
  /** What was kept when the program started. */
  readonly kept: ReadonlyMap<string, unknown>;
  readonly shelf: Shelf;
  /**
   * What is put on the shelf while it is decided is written together. Resolves once that is on disk, at the
   * latest after a second.
   */
  readonly settleIntents: (decide: () => Promise<void>) => Promise<void>;
  /** What the history wants to hear. */
  readonly listeners: readonly Partial<Diary>[];
  /** A configuration is in effect. */
  readonly configured: (targets: readonly Target[]) => void;
  readonly stop: () => Promise<void>;
};

export async function openKeeping(setting: string, { keeps, clock, journal }: World): Promise<Keeping> {
  const directory = await keeps.find(setting);
  if (directory === undefined || keeps.isRehearsal) {
    const kept = directory === undefined ? new Map() : rehearsed(await readStore(directory));
    return keepingOf(directory ?? 'memory only', kept, memoryStore(), undefined, clock);
  }
  const store = await openStore(directory, clock, journal);
  const count = [...store.kept].filter(([key, value]) => isUnreadable(key, value)).length;
  if (count > 0) journal.stateDropped({ count, text: unreadable(directory, count) });
  const history = openHistory(directory, clock, {
    ...journal,
    historyFailed: (failure) => {
      journal.historyFailed(failure);
      // While nothing changes, the history alone notices that the folder was taken away.
      void store.renew();
    },
  });
  return keepingOf(directory, store.kept, store, history, clock);
}

function keepingOf(
  place: string,
  kept: ReadonlyMap<string, unknown>,
  store: Store,
  history: History | undefined,
  clock: Clock,
): Keeping {
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
    place,
    kept,
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
    listeners: history ? [history] : [],
    configured: (targets) => history?.configured(targets),
    stop: async () => {
      await history?.stop();
      await store.stop();
    },
  };
}

/** A rehearsal writes on pages of its own: it begins with what was told in earnest. */
function rehearsed(kept: ReadonlyMap<string, unknown>): ReadonlyMap<string, unknown> {
  return new Map(
    [...kept].flatMap(([key, value]) => {
      const place = placeOf(key);
      if (!place || place.isRecord) return [];
      return [[placeKey(pageName(place.dashboard, true), place.targetKey), value]];
    }),
  );
}

function unreadable(directory: string, count: number): string {
  const what = count === 1 ? '1 record makes no sense and is' : `${count} records make no sense and are`;
  return `${join(directory, 'state')}: ${what} left out; incidents that are open may be opened again`;
}
