/** A token bucket: at most so many attempts in so much time, a burst of them at first. */
import { type Clock, sleep } from '../model/clock.ts';

/** At most so many requests in such a time. */
export type Budget = { readonly requests: number; readonly perMs: number };

/** The budgets of those who ask: who shows the same credentials draws on the same one. */
export class Budgets {
  readonly #rates = new Map<string, Rate>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param credential kept in memory only */
  of(credential: string, budget: Budget): Rate {
    const key = JSON.stringify([credential, budget.requests, budget.perMs]);
    const rate = this.#rates.get(key) ?? new Rate(budget, this.#clock);
    this.#rates.set(key, rate);
    return rate;
  }
}

export class Rate {
  readonly #requests: number;
  readonly #perMs: number;
  readonly #clock: Clock;
  #tokens: number;
  #filledMs: number;

  constructor(rate: Budget, clock: Clock) {
    this.#requests = rate.requests;
    this.#perMs = rate.perMs;
    this.#clock = clock;
    this.#tokens = rate.requests;
    this.#filledMs = clock.monotonic();
  }

  /** Waits for a turn; turns are given in the order of the calls. */
  async take(signal: AbortSignal): Promise<void> {
    const nowMs = this.#clock.monotonic();
    const gained = ((nowMs - this.#filledMs) * this.#requests) / this.#perMs;
    this.#tokens = Math.min(this.#requests, this.#tokens + gained) - 1;
    this.#filledMs = nowMs;
    if (this.#tokens >= 0) return;
    await sleep(this.#clock, (-this.#tokens * this.#perMs) / this.#requests, signal);
  }
}
