/** The same failure is logged once a minute, with how often it happened in between. */
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

type Repeat = { readonly sinceMs: number; suppressed: number };

export class Repeats {
  readonly #clock: Clock;
  readonly #seen = new Map<string, Repeat>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often this happened since it was last logged, this time included; 0: do not log it now. */
  count(key: string): number {
    const nowMs = this.#clock.monotonic();
    const repeat = this.#seen.get(key);
    if (repeat && nowMs - repeat.sinceMs < limits.logRepeatMs) {
      repeat.suppressed++;
      return 0;
    }
    if (this.#seen.size >= limits.repeatsMax) this.#seen.clear();
    this.#seen.set(key, { sinceMs: nowMs, suppressed: 0 });
    return 1 + (repeat?.suppressed ?? 0);
  }

  /** It is over: the next one is news again. */
  forget(key: string): void {
    this.#seen.delete(key);
  }
}
