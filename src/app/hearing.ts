/** Lets several hear of the work: the log, the telemetry, the history. */
import type { Diary } from './world.ts';

/** The diary, and before it each listener for what it listens to, in their order. */
export function heardBy(diary: Diary, listeners: readonly Partial<Diary>[]): Diary {
  if (listeners.length === 0) return diary;
  const all = [...listeners, diary];
  const entries = Object.keys(diary).map((event) => {
    const hearing = all.flatMap((one) => (one as Record<string, Event | undefined>)[event] ?? []);
    const tell: Event = (...told) => {
      for (const hear of hearing) hear(...told);
    };
    return [event, hearing.length === 1 ? hearing[0] : tell];
  });
  return Object.fromEntries(entries) as Diary;
}

type Event = (...told: readonly unknown[]) => void;
