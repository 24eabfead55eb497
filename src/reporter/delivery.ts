/**
 * One delivery: tells a dashboard about one incident, with retries.
 *
 * A newer reading replaces what the next attempt sends and adds no attempt. When the
 * target needs nothing any more, no further attempt is made.
 */
import { retry } from '../http/retry.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import type { Dashboard } from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Policy } from '../model/policy.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';
import type { Rate } from './rate.ts';

export type DeliveryParts = {
  readonly dashboard: Dashboard;
  readonly policy: Policy;
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly chance: Chance;
  /** A reading older than this is not sent any more. */
  readonly maxDataAgeMs: number;
};

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #rate: Rate | undefined;
  /** The newest action that no attempt has carried yet. */
  #next: Action | undefined;
  /** What the newest attempt carried. */
  #carried: Action;
  #wait = new AbortController();
  #isWithdrawn = false;
  /** The newest action that may have arrived although it was not answered so. */
  #doubted: Action | undefined;
  #holdMs = 0;

  constructor(parts: DeliveryParts, rate: Rate | undefined, first: Action) {
    this.#parts = parts;
    this.#rate = rate;
    this.#next = first;
    this.#carried = first;
  }

  replace(action: Action): void {
    // The same message again, byte for byte, is on its way already.
    if ((this.#next ?? this.#carried).idempotencyKey === action.idempotencyKey) return;
    this.#next = action;
  }

  /** What waits is dropped; an attempt under way goes on. */
  withdraw(): void {
    this.#next = undefined;
    this.#isWithdrawn = true;
    this.#wait.abort();
  }

  /** Resolves with how long this target is to be left alone, in milliseconds. `stop` ends everything. */
  async run(stop: AbortSignal): Promise<number> {
    // What came while an older action was being answered is a delivery of its own.
    while (this.#next && !stop.aborted && (await this.#deliver(stop)));
    return this.#holdMs;
  }

  async #deliver(stop: AbortSignal): Promise<boolean> {
    const { policy, clock } = this.#parts;
    this.#wait = new AbortController();
    this.#isWithdrawn = false;
    this.#doubted = undefined;
    const endWait = () => this.#wait.abort();
    stop.addEventListener('abort', endWait, { once: true });
    let mayRenew = true;
    try {
      const answer = await retry(() => this.#attempt(stop), {
        retries: policy.retries,
        clock,
        signal: this.#wait.signal,
        delayMs: async (failure, attempt) => {
          const isRenewed = mayRenew && (await this.#renewSecrets(failure));
          mayRenew &&= failure.reason !== 'unauthorized';
          const delayMs = isRenewed ? limits.retryAfterMsMin : this.#delayMs(failure, attempt);
          this.#parts.journal.attemptFailed(this.#carried, failure, delayMs);
          return delayMs;
        },
      });
      this.#parts.ledger.acknowledge(policy, this.#carried, clock.now());
      this.#parts.journal.delivered(this.#carried, answer, undefined);
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Without retries nobody has asked for it yet; the next cycle profits.
      if (mayRenew) await this.#renewSecrets(error);
      this.#giveUp(error);
      // What came after a withdrawal is a delivery of its own.
      return this.#isWithdrawn;
    } finally {
      stop.removeEventListener('abort', endWait);
    }
  }

  async #attempt(stop: AbortSignal) {
    const { clock, dashboard, journal, maxDataAgeMs } = this.#parts;
    await this.#rate?.take(this.#wait.signal);
    if (this.#isWithdrawn && !this.#next)
      throw new Failure('dashboard', 'stopped', 'nothing is left to tell');
    this.#carried = this.#next ?? this.#carried;
    this.#next = undefined;
    if (clock.now() - this.#carried.reading.timeMs > maxDataAgeMs) {
      throw new Failure('dashboard', 'stale', 'the reading has become too old to be sent');
    }
    const told = this.#carried;
    const mayRepeat = this.#mayRepeat(told);
    const startedMs = clock.monotonic();
    const ended = (failure?: Failure) =>
      journal.attempted(told, clock.monotonic() - startedMs, failure, mayRepeat);
    try {
      const answer = await dashboard.tell(told, stop);
      ended();
      return answer;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.isAmbiguous) this.#doubted = told;
      ended(error);
      throw error;
    }
  }

  /** An earlier attempt with the same message may have arrived, although it was not answered so. */
  #mayRepeat(action: Action): boolean {
    const { ledger, policy } = this.#parts;
    if (this.#doubted) return this.#doubted.idempotencyKey === action.idempotencyKey;
    return ledger.isDoubted(policy, action);
  }

  #giveUp(failure: Failure): void {
    const { ledger, policy, journal } = this.#parts;
    if (this.#doubted) ledger.doubt(policy, this.#doubted);
    journal.delivered(this.#carried, this.#isWithdrawn ? 'superseded' : outcomeOf(failure), failure);
  }

  async #renewSecrets(failure: Failure): Promise<boolean> {
    return failure.reason === 'unauthorized' && (await this.#parts.dashboard.renewSecrets(this.#carried));
  }

  /** 1 s, 2 s, 4 s … up to 30 s, plus up to a quarter, or what the dashboard asks for; undefined: no further attempt. */
  #delayMs(failure: Failure, attempt: number): number | undefined {
    if (!failure.retryable) return undefined;
    const askedMs = failure.retryAfterMs ?? 0;
    if (askedMs > limits.retryAfterMsMax) {
      this.#holdMs = limits.retryAfterMsMax;
      return undefined;
    }
    const backoffMs = Math.min(1000 * 2 ** (attempt - 1), limits.retryAfterMsMax);
    return Math.max(backoffMs * (1 + this.#parts.chance() / 4), askedMs);
  }
}

function outcomeOf(failure: Failure): Outcome {
  if (failure.reason === 'stale') return 'superseded';
  return failure.retryable || failure.reason === 'stopped' ? 'failed' : 'rejected';
}
