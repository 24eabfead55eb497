/** What a query may cost: it ends where it would take more, and lets others have their turn on the way. */
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { QueryError } from './query.ts';

/** About 50 µs of looking at points. */
const workPerLook = 16_384;

export class Effort {
  readonly #clock: Clock;
  readonly #pause: () => Promise<void> | undefined;
  readonly #endMs: number;
  #points = 0;
  #work = 0;

  constructor(clock: Clock, pause: () => Promise<void> | undefined) {
    this.#clock = clock;
    this.#pause = pause;
    this.#endMs = clock.monotonic() + limits.queryMs;
  }

  /** To be called before points are read, or made. */
  hold(points: number): void {
    this.#points += points;
    if (this.#points <= limits.queryPointsMax) return;
    const most = `a query may read and make ${limits.queryPointsMax} points`;
    const remedy = 'select fewer series, a shorter time or a longer step';
    throw new QueryError(
      'execution',
      `query processing would load too many samples into memory: ${most}; ${remedy}`,
    );
  }

  /** To be called often; where it returns a promise, wait for it. */
  spend(work: number): Promise<void> | undefined {
    this.#work += work;
    if (this.#work < workPerLook) return undefined;
    this.#work = 0;
    if (this.#clock.monotonic() > this.#endMs) {
      throw new QueryError(
        'timeout',
        `query timed out in expression evaluation after ${limits.queryMs / 1_000} s`,
      );
    }
    return this.#pause();
  }
}
