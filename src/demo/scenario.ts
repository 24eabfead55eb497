/** Plays a story by the clock, again and again, and knows where it is. */
import type { Clock } from '../model/clock.ts';
import type { Change, Step, Story } from './story.ts';

export type Position = {
  /** Since the story began this time. */
  readonly atMs: number;
  /** How often it was told to its end. */
  readonly rounds: number;
  /** What happened last; undefined before the first step of the first round. */
  readonly last: Step | undefined;
  readonly next: Step | undefined;
};

export type Scenario = {
  readonly position: () => Position;
  readonly stop: () => void;
};

/** @param speed 1 as written; 10 ten times as fast */
export function startScenario(
  told: Story,
  {
    clock,
    speed,
    apply,
  }: { readonly clock: Clock; readonly speed: number; readonly apply: (change: Change) => void },
): Scenario {
  const startMs = clock.monotonic();
  let count = 0;
  let cancel = schedule();

  function stepAt(index: number): Step | undefined {
    return told.steps[index % told.steps.length];
  }

  function dueMs(index: number): number {
    const rounds = Math.floor(index / told.steps.length);
    return (rounds * told.durationMs + (stepAt(index)?.atMs ?? 0)) / speed;
  }

  function schedule(): () => void {
    const waitMs = Math.max(0, startMs + dueMs(count) - clock.monotonic());
    return clock.after(waitMs, () => {
      const step = stepAt(count);
      count++;
      cancel = schedule();
      if (step) apply(step.change);
    });
  }

  return {
    position: () => {
      const elapsedMs = (clock.monotonic() - startMs) * speed;
      return {
        atMs: elapsedMs % told.durationMs,
        rounds: Math.floor(elapsedMs / told.durationMs),
        last: count === 0 ? undefined : stepAt(count - 1),
        next: stepAt(count),
      };
    },
    stop: () => cancel(),
  };
}
