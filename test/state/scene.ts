/** A directory, a clock whose timers a test fires, and what a journal was told. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Clock, systemClock } from '../../src/model/clock.ts';
import { openStore, type StateJournal, type Store } from '../../src/state/store.ts';
import { temporaryFolder } from '../process/program.ts';

export type Scene = {
  readonly directory: string;
  readonly clock: Clock;
  /** What was told, in order: `dropped …`, `failed: …`, `recovered`. */
  readonly told: string[];
  readonly open: () => Promise<Store>;
  /** The names in the directory, without the claim's. */
  readonly names: () => string[];
  readonly lines: () => string[];
  /** Fires the timers that run after so long. */
  readonly fire: (ms: number) => void;
};

export function scene(directory = temporaryFolder()): Scene {
  const told: string[] = [];
  const timers = new Set<{ readonly ms: number; readonly task: () => void }>();
  const clock: Clock = {
    ...systemClock,
    after: (ms, task) => {
      const timer = { ms, task };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const journal: StateJournal = {
    stateDropped: ({ text }) => told.push(`dropped: ${text.replaceAll(directory, '…')}`),
    stateFailed: ({ message, reason }) => told.push(`${reason}: ${message.replaceAll(directory, '…')}`),
    stateRecovered: () => told.push('recovered'),
  };
  return {
    directory,
    clock,
    told,
    open: async () => {
      const store = await openStore(directory, clock, journal);
      onTestFinished(() => store.stop());
      return store;
    },
    names: () =>
      readdirSync(directory)
        .filter((name) => !name.startsWith('lock-'))
        .sort(),
    lines: () => readFileSync(join(directory, 'state'), 'utf8').split('\n').slice(0, -1),
    fire: (ms) => {
      for (const timer of [...timers]) {
        if (timer.ms !== ms) continue;
        timers.delete(timer);
        timer.task();
      }
    },
  };
}
