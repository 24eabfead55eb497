/** A clock that stands still until a test moves it. */
import type { Clock } from '../src/model/clock.ts';

type Timer = { readonly atMs: number; readonly task: () => void };

export class FakeClock implements Clock {
  #nowMs = 0;
  readonly #startMs: number;
  #timers: Timer[] = [];
  #whenAsked: (() => void)[] = [];

  constructor(startMs = Date.parse('2026-01-20T12:00:00Z')) {
    this.#startMs = startMs;
  }

  readonly now = (): number => this.#startMs + this.#nowMs;
  readonly monotonic = (): number => this.#nowMs;
  readonly after = (ms: number, task: () => void): (() => void) => {
    const timer = { atMs: this.#nowMs + ms, task };
    this.#timers.push(timer);
    for (const tell of this.#whenAsked.splice(0)) tell();
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer);
    };
  };

  readonly soon = (task: () => void): void => void setImmediate(task);

  /** Milliseconds until each timer that waits. */
  get waiting(): number[] {
    return this.#timers.map((timer) => timer.atMs - this.#nowMs);
  }

  /** Resolves when the next timer begins to wait. */
  asked(): Promise<void> {
    return new Promise((resolve) => this.#whenAsked.push(resolve));
  }

  /** Moves on by `ms`, running the timers on the way in their order, each with all that follows from it. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.atMs <= endMs).sort((a, b) => a.atMs - b.atMs);
      if (!next) break;
      this.#timers = this.#timers.filter((other) => other !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.task();
      await settle();
    }
    this.#nowMs = endMs;
    await settle();
  }
}

/** Lets everything run that waits for nothing but promises. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}
