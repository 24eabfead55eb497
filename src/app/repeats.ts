/** The same failure is logged once a minute, with how often it happened in between. */
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

type Repeat = { readonly sinceMs: number; suppressed: number };

/** What finds no room is counted together. */
const others = '';

export class Repeats {
  readonly #clock: Clock;
  /** By whom it concerns, then by what went wrong. */
  readonly #seen = new Map<string, Map<string, Repeat>>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * How often this happened since it was last logged, this time included; 0: do not log it now.
   *
   * @param what a word, or a sentence that says the same each time
   */
  count(whom: string, what: string): number {
    const nowMs = this.#clock.monotonic();
    const isRecent = ({ sinceMs }: Repeat) => nowMs - sinceMs < limits.logRepeatMs;
    const failures = this.#seen.get(whom) ?? new Map<string, Repeat>();
    const [oldest] = failures.values();
    const isFull = failures.size >= limits.repeatsOfOneMax && oldest !== undefined && isRecent(oldest);
    const name = isFull && !failures.has(what) ? others : what;
    const repeat = failures.get(name);
    if (repeat && isRecent(repeat)) {
      repeat.suppressed++;
      return 0;
    }
    putLast(failures, name, { sinceMs: nowMs, suppressed: 0 }, limits.repeatsOfOneMax);
    putLast(this.#seen, whom, failures, limits.repeatsMax);
    return 1 + (repeat?.suppressed ?? 0);
  }

  /** All is well with it: whatever comes next is news. */
  forget(whom: string): void {
    this.#seen.delete(whom);
  }
}

/** Where there is no room, what was logged longest ago goes. */
function putLast<T>(map: Map<string, T>, key: string, value: T, max: number): void {
  map.delete(key);
  for (const oldest of map.keys()) {
    if (map.size < max) break;
    map.delete(oldest);
  }
  map.set(key, value);
}
