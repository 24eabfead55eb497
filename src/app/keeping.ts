/**
 * What is kept over a restart: the state that says what dashboards know, and the history.
 *
 * A write never holds a report back for long: who reports late has failed as well.
 */
import { join } from 'node:path';
import { type History, type HistoryJournal, openHistory } from '../history/history.ts';
import type { Clock } from '../model/clock.ts';
import type { Target } from '../model/target.ts';
import { isUnreadable } from '../reporter/ledger.ts';
import { pageName, placeKey, placeOf } from '../reporter/place.ts';
import { memoryStore, openStore, readStore, type Store } from '../state/store.ts';
import { openShelving, type Shelving } from './shelving.ts';
import type { Diary, World } from './world.ts';

export type Keeping = Shelving & {
  /** Where it lies, or `memory only`. */
  readonly place: string;
  /** What was kept when the program started. */
  readonly kept: ReadonlyMap<string, unknown>;
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
  let history: History | undefined;
  const store = await openStore(directory, clock, {
    ...journal,
    stateFailed: (failure) => {
      journal.stateFailed(failure);
      if (failure.reason === 'rejected') history?.leave();
    },
  });
  const count = [...store.kept].filter(([key, value]) => isUnreadable(key, value)).length;
  if (count > 0) journal.stateDropped({ count, text: unreadable(directory, count) });
  const historyJournal: HistoryJournal = {
    ...journal,
    historyFailed: (failure) => {
      journal.historyFailed(failure);
      // While nothing changes, the history alone notices that the folder was taken away.
      void store.renew();
    },
  };
  history = openHistory(directory, clock, historyJournal, async () => {
    await store.renew();
    return store.isOurs();
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
  return {
    place,
    kept,
    ...openShelving(store, clock),
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
      const page = pageName({ name: place.dashboard, mark: place.mark }, true);
      return [[placeKey(page, place.targetKey), value]];
    }),
  );
}

function unreadable(directory: string, count: number): string {
  const what = count === 1 ? '1 record makes no sense and is' : `${count} records make no sense and are`;
  return `${join(directory, 'state')}: ${what} left out; incidents that are open may be opened again`;
}
