/**
 * Spares a source that is gone: after three failures in a row it is asked once a minute, and the
 * first answer brings it back.
 */
import type { Clock } from '../../model/clock.ts';
import type { Failure } from '../../model/failure.ts';
import { limits } from '../../model/limits.ts';

/** A collect may come a moment before the minute is over: it need not wait for the next one. */
const slackMs = 1_000;

export class Breaker {
  readonly #clock: Clock;
  #failuresInRow = 0;
  #askedMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get isOpen(): boolean {
    return this.#failuresInRow >= limits.sourceFailuresMax;
  }

  /** Whether it may be asked now; who is told so asks. */
  enter(): boolean {
    const nowMs = this.#clock.monotonic();
    if (this.isOpen && nowMs - this.#askedMs < limits.sourceProbeMs - slackMs) return false;
    this.#askedMs = nowMs;
    return true;
  }

  /** @param failure what it ended with; undefined when it was answered */
  record(failure: Failure | undefined): void {
    // That we stop is nothing the source did.
    if (failure?.reason === 'stopped') return;
    this.#failuresInRow = failure ? this.#failuresInRow + 1 : 0;
  }
}
