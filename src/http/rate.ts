/**
 * Budgets: at most so many requests in such a time, whoever asks.
 *
 * A bucket of tokens, each of which comes back a fixed time after it was taken: so no window of that length,
 * wherever it begins, sees more requests than the budget has. At first, and after a rest, all may be taken at once.
 */
import type { Clock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

/** At most so many requests in such a time. */
export type Budget = { readonly requests: number; readonly perMs: number };

/** The budgets of those who ask: who shows the same credentials draws on the same one. */
export class Budgets {
  readonly #turns = new Map<string, Turns>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param credential kept in memory only */
  of(credential: string, budget: Budget): Rate {
    const turns = this.#turns.get(credential) ?? new Turns(this.#clock);
    this.#turns.delete(credential);
    this.#turns.set(credential, turns);
    const [oldest] = this.#turns.keys();
    // Secrets that are changed for new ones again and again.
    if (oldest !== undefined && this.#turns.size > limits.budgetsMax) this.#turns.delete(oldest);
    return new Rate(turns, budget);
  }
}

/** What one dashboard may take of the turns that its credentials have. */
export class Rate {
  readonly #turns: Turns;
  readonly #budget: Budget;

  constructor(turns: Turns, budget: Budget) {
    this.#turns = turns;
    this.#budget = budget;
  }

  /**
   * Waits for a turn; turns are given in the order of the calls. Who is aborted takes none.
   *
   * @param isWanted asked when the turn has come; who does not want it any more takes none either
   */
  take(signal: AbortSignal, isWanted: () => boolean = () => true): Promise<void> {
    return this.#turns.take(this.#budget, signal, isWanted);
  }
}

type Waiting = {
  readonly budget: Budget;
  readonly isWanted: () => boolean;
  readonly go: () => void;
};

/** Who has taken a turn, and who waits for one. */
class Turns {
  readonly #clock: Clock;
  /** When the newest turns were taken: monotonic, in order; as many as the largest budget has. */
  #takenMs: number[] = [];
  #keptMax = 0;
  #waiting: Waiting[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  take(budget: Budget, signal: AbortSignal, isWanted: () => boolean): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    this.#keptMax = Math.max(this.#keptMax, budget.requests);
    return new Promise((resolve) => {
      const go = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const waiting = { budget, isWanted, go };
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== waiting);
        resolve();
        this.#give();
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(waiting);
      this.#give();
    });
  }

  /** As many turns as there are by now, to those who wait, in their order. */
  #give(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const nowMs = this.#clock.monotonic();
    for (const { budget, isWanted, go } of [...this.#waiting]) {
      const leftMs = this.#freeMs(budget) - nowMs;
      if (leftMs > 0) {
        this.#cancel = this.#clock.after(Math.ceil(leftMs), () => this.#give());
        return;
      }
      this.#waiting.shift();
      if (!isWanted()) {
        go();
        continue;
      }
      this.#takenMs.push(nowMs);
      if (this.#takenMs.length > 2 * this.#keptMax) this.#takenMs = this.#takenMs.slice(-this.#keptMax);
      go();
    }
  }

  /** From when on this budget has a turn. */
  #freeMs({ requests, perMs }: Budget): number {
    const takenMs = this.#takenMs.at(-requests);
    return this.#takenMs.length < requests || takenMs === undefined ? 0 : takenMs + perMs;
  }
}
