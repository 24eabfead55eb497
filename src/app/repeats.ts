/** The same failure is logged once a minute, with how often it happened in between. */
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

type Repeat = { readonly sinceMs: number; suppressed: number };

export class Repeats {
  readonly #clock: Clock;
  /** By whom it concerns, then by what went wrong. */
  readonly #seen = new Map<string, Map<string, Repeat>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How often this happened since it was last logged, this time included; 0: do not log it now. */
  count(whom: string, what: string): number {
    const nowMs = this.#clock.monotonic();
    const failures = this.#seen.get(whom) ?? new Map<string, Repeat>();
    const repeat = failures.get(what);
    if (repeat && nowMs - repeat.sinceMs < limits.logRepeatMs) {
      repeat.suppressed++;
      return 0;
    }
    if (this.#seen.size >= limits.repeatsMax) this.#seen.clear();
    this.#seen.set(whom, failures.set(what, { sinceMs: nowMs, suppressed: 0 }));
    return 1 + (repeat?.suppressed ?? 0);
  }

  /** All is well with it: whatever comes next is news. */
  forget(whom: string): void {
    this.#seen.delete(whom);
  }
}
