/**
 * Queries are worked out one at a time, in slices, each within its time; only so many wait for their turn.
 *
 * Several at once would each take a slice before everything else in the process had its turn.
 */
import { type Clock, type Pause, pace } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { QueryError } from '../promql/query.ts';

export class QueryTurns {
  readonly #clock: Clock;
  readonly #slice: Pause;
  #last: Promise<unknown> = Promise.resolve();
  #waitingCount = 0;
  #isStopped = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#slice = pace(clock, limits.intakeSliceMs);
  }

  /**
   * Rejects with a `QueryError` where the time is up, the one for its turn included.
   *
   * @param work its pause throws where the time is up
   * @returns undefined where too many wait already
   */
  take<Result>(timeoutMs: number, work: (pause: Pause) => Promise<Result>): Promise<Result> | undefined {
    if (this.#waitingCount >= limits.queriesWaitingMax) return undefined;
    const deadlineMs = this.#clock.monotonic() + Math.min(timeoutMs, limits.queryAnswerMs);
    const turn = this.#turn(deadlineMs);
    const done = turn.then((isMine) => {
      if (!isMine) throw new QueryError('timeout', 'query timed out in query queue');
      return work(() => {
        if (this.#isStopped) throw new QueryError('timeout', 'the collector stops');
        if (this.#clock.monotonic() < deadlineMs) return this.#slice();
        throw new QueryError('timeout', 'query timed out in expression evaluation');
      });
    });
    const nothing = () => undefined;
    const before = this.#last;
    // Who gives up while it waits does not let those behind it pass the one that is under way.
    this.#last = done.then(nothing, nothing).then(() => before);
    return done;
  }

  /** What is under way is given up, and nothing is begun any more. */
  stop(): void {
    this.#isStopped = true;
  }

  /** Whether it came before the time was up. */
  #turn(deadlineMs: number): Promise<boolean> {
    const before = this.#last;
    this.#waitingCount++;
    return new Promise((resolve) => {
      let isWaiting = true;
      const settle = (isMine: boolean) => {
        if (!isWaiting) return;
        isWaiting = false;
        cancel();
        this.#waitingCount--;
        resolve(isMine);
      };
      const cancel = this.#clock.after(Math.max(0, deadlineMs - this.#clock.monotonic()), () =>
        settle(false),
      );
      void before.then(async () => {
        // Much that is short is together as long as something long.
        await this.#slice();
        settle(!this.#isStopped && this.#clock.monotonic() < deadlineMs);
      });
    });
  }
}
