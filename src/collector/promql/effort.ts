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
  #pointsRead = 0;
  #valuesHeld = 0;
  #work = 0;

  constructor(clock: Clock, pause: () => Promise<void> | undefined) {
    this.#clock = clock;
    this.#pause = pause;
    this.#endMs = clock.monotonic() + limits.queryMs;
  }

  /** To be called as points are read: each is touched at least once. */
  read(points: number): void {
    this.#pointsRead += points;
    expectFew(this.#pointsRead, 'read');
  }

  /** To be called before values are made. */
  hold(values: number): void {
    this.#valuesHeld += values;
    expectFew(this.#valuesHeld, 'make');
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

function expectFew(points: number, verb: string): void {
  if (points <= limits.queryPointsMax) return;
  const most = `a query may ${verb} ${limits.queryPointsMax} points`;
  const remedy = 'select fewer series, a shorter time or a longer step';
  throw new QueryError(
    'execution',
    `query processing would load too many samples into memory: ${most}; ${remedy}`,
  );
}
