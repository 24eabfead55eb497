/** What a query may cost: it ends where it would take more, and lets others have their turn on the way. */
import type { Clock, Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { QueryError } from './query.ts';

/** Points of which a fraction of a millisecond is made, whatever is done with them. */
export const pointsAtOnce = 16_384;

export class Effort {
  readonly #clock: Clock;
  readonly #pause: Pause;
  readonly #endMs: number;
  #pointsRead = 0;
  #valuesHeld = 0;
  #touched = 0;

  constructor(clock: Clock, pause: Pause) {
    this.#clock = clock;
    this.#pause = pause;
    this.#endMs = clock.monotonic() + limits.queryMs;
  }

  /** To be called before points are read: each is touched at least once. */
  read(points: number): void {
    this.#pointsRead += points;
    expectFew(this.#pointsRead, 'read');
  }

  /** To be called before values are made. */
  hold(values: number): void {
    this.#valuesHeld += values;
    expectFew(this.#valuesHeld, 'make');
  }

  /** To be called for each series and whatever else takes longer than looking at the clock; see `pace`. */
  readonly pause: Pause = () => {
    if (this.#clock.monotonic() > this.#endMs) {
      throw new QueryError(
        'timeout',
        `query timed out in expression evaluation after ${limits.queryMs / 1_000} s`,
      );
    }
    return this.#pause();
  };

  /** The same for what is done so often that looking at the clock each time would be most of it. */
  touch(points: number): Promise<void> | undefined {
    this.#touched += points;
    if (this.#touched < pointsAtOnce) return undefined;
    this.#touched = 0;
    return this.pause();
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
