/**
 * One delivery: tells a dashboard about one incident, or about several that it wants to hear of
 * together, with retries.
 *
 * A newer reading replaces what the next attempt sends and adds no attempt. When a target needs
 * nothing any more, no further attempt is made about it.
 */
import assert from 'node:assert';
import { retry } from '../http/retry.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import type { Answer, Dashboard, SharedDashboard, Telling } from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Outcome } from '../model/outcome.ts';
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import type { Journal } from './journal.ts';
import type { Ledger } from './ledger.ts';

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
  /** The newest actions that no attempt has carried yet, by target. */
  readonly #waiting = new Map<string, Action>();
  /** What the newest attempt carried and nobody has settled. */
  readonly #left = new Map<string, Action>();
  /** The newest actions that may have arrived although they were not answered so. */
  readonly #doubted = new Map<string, Action>();
  readonly #withdrawn = new Set<string>();
  #wait = new AbortController();
  #holdMs = 0;

  constructor(parts: DeliveryParts, first: readonly Action[]) {
    this.#parts = parts;
    for (const action of first) this.#waiting.set(keyOf(action), action);
  }

  replace(action: Action): void {
    const key = keyOf(action);
    const isSame = (this.#waiting.get(key) ?? this.#left.get(key))?.idempotencyKey === action.idempotencyKey;
    // The same message again, byte for byte, is on its way already.
    if (isSame) this.#withdrawn.delete(key);
    else this.#waiting.set(key, action);
  }

  /** What waits is dropped; an attempt under way goes on. */
  withdraw({ key }: Target): void {
    this.#waiting.delete(key);
    if (this.#left.has(key)) this.#withdrawn.add(key);
    if (this.#isEmpty()) this.#wait.abort();
  }

  withdrawAll(): void {
    for (const action of [...this.#waiting.values(), ...this.#left.values()]) {
      this.withdraw(action.reading.target);
    }
  }

  /** Resolves with how long this is to be left alone, in milliseconds. `stop` ends everything. */
  async run(stop: AbortSignal): Promise<number> {
    // What came while older actions were being answered is a delivery of its own.
    while (this.#waiting.size > 0 && !stop.aborted && (await this.#deliver(stop)));
    return this.#holdMs;
  }

  #isEmpty(): boolean {
    return this.#waiting.size === 0 && [...this.#left.keys()].every((key) => this.#withdrawn.has(key));
  }

  async #deliver(stop: AbortSignal): Promise<boolean> {
    const { policy, clock } = this.#parts;
    this.#wait = new AbortController();
    const endWait = () => this.#wait.abort();
    stop.addEventListener('abort', endWait, { once: true });
    let mayRenew = true;
    try {
      await retry(() => this.#attempt(stop), {
        retries: policy.retries,
        clock,
        signal: this.#wait.signal,
        delayMs: async (failure, attempt) => {
          const isRenewed = mayRenew && (await this.#renewSecrets(failure));
          mayRenew &&= failure.reason !== 'unauthorized';
          const delayMs = isRenewed ? limits.retryAfterMsMin : this.#delayMs(failure, attempt);
          const [first] = this.#left.values();
          if (first) this.#parts.journal.attemptFailed(first, failure, delayMs);
          return delayMs;
        },
      });
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Without retries nobody has asked for it yet; the next cycle profits.
      if (mayRenew) await this.#renewSecrets(error);
      // What came after a withdrawal is a delivery of its own.
      const isWithdrawn = [...this.#left.keys()].every((key) => this.#withdrawn.has(key));
      for (const action of this.#left.values()) this.#giveUp(action, error);
      return isWithdrawn;
    } finally {
      stop.removeEventListener('abort', endWait);
    }
  }

  async #attempt(stop: AbortSignal): Promise<void> {
    this.#takeNewest();
    const tellings = Array.from(this.#left.values(), (action) => this.#tellingOf(action));
    const [first] = tellings;
    if (!first) return;
    const { dashboard, clock, journal } = this.#parts;
    const startedMs = clock.monotonic();
    const attempted = ({ action }: Telling, failure?: Failure) => {
      journal.attempted(action, clock.monotonic() - startedMs, failure, this.#mayRepeat(action));
      if (failure?.isAmbiguous) this.#doubted.set(keyOf(action), action);
    };
    if (dashboard.tellsTogether) return this.#tellAll(dashboard, tellings, attempted, stop);
    try {
      const answer = await dashboard.tell(first, stop);
      attempted(first);
      this.#acknowledge(first.action, answer);
    } catch (error) {
      if (error instanceof Failure) attempted(first, error);
      throw error;
    }
  }

  /** What may work a little later stays, and so does what other secrets may help; the first failure of these is thrown. */
  async #tellAll(
    dashboard: SharedDashboard,
    tellings: readonly Telling[],
    attempted: (telling: Telling, failure?: Failure) => void,
    stop: AbortSignal,
  ): Promise<void> {
    let again: Failure | undefined;
    const settle = (telling: Telling, result: Answer | Failure) => {
      if (!(result instanceof Failure)) {
        attempted(telling);
        return this.#acknowledge(telling.action, result);
      }
      attempted(telling, result);
      if (result.retryable || result.reason === 'unauthorized') again ??= result;
      else this.#giveUp(telling.action, result);
    };
    try {
      await dashboard.tellAll(tellings, settle, stop);
    } catch (error) {
      const [next] = tellings.filter(({ action }) => this.#left.has(keyOf(action)));
      // One that was settled with it has counted.
      if (error instanceof Failure && error !== again && next) attempted(next, error);
      throw error;
    }
    if (again) throw again;
    assert(this.#left.size === 0, `the kind ${dashboard.kind} has not settled what it was told to tell`);
  }

  #takeNewest(): void {
    const { policy, ledger, clock, maxDataAgeMs } = this.#parts;
    for (const key of this.#withdrawn) {
      const action = this.#left.get(key);
      if (action && !this.#waiting.has(key)) this.#giveUp(action, nothingLeft());
    }
    this.#withdrawn.clear();
    for (const [key, action] of this.#waiting) this.#left.set(key, action);
    this.#waiting.clear();
    for (const [key, action] of this.#left) {
      const standing = ledger.get(policy, key);
      if (clock.now() - action.reading.timeMs > maxDataAgeMs) {
        this.#giveUp(action, new Failure('dashboard', 'stale', 'the reading has become too old to be sent'));
      } else if (standing.incident?.id !== action.incident.id) {
        this.#giveUp(action, nothingLeft());
      } else if (action.type === 'close' && !standing.told && !this.#isDoubted(action)) {
        // It was over before anybody heard of it.
        ledger.acknowledge(policy, action, clock.now());
        this.#giveUp(action, nothingLeft());
      }
    }
  }

  #tellingOf(action: Action): Telling {
    const { ledger, policy } = this.#parts;
    const { told, reference } = ledger.get(policy, keyOf(action));
    return { action, told: told?.status, reference, isDoubted: this.#isDoubted(action) };
  }

  /** Whether any message about this incident may have arrived. */
  #isDoubted(action: Action): boolean {
    const { ledger, policy } = this.#parts;
    return this.#doubted.has(keyOf(action)) || ledger.get(policy, keyOf(action)).doubtedKey !== undefined;
  }

  /** An earlier attempt with the same message may have arrived, although it was not answered so. */
  #mayRepeat(action: Action): boolean {
    const { ledger, policy } = this.#parts;
    const doubted = this.#doubted.get(keyOf(action));
    return doubted ? doubted.idempotencyKey === action.idempotencyKey : ledger.isDoubted(policy, action);
  }

  #acknowledge(action: Action, answer: Answer): void {
    const { ledger, policy, clock, journal } = this.#parts;
    this.#left.delete(keyOf(action));
    this.#doubted.delete(keyOf(action));
    ledger.acknowledge(policy, action, clock.now(), answer);
    journal.delivered(action, answer.outcome, undefined, answer);
  }

  #giveUp(action: Action, failure: Failure): void {
    const { ledger, policy, journal, clock } = this.#parts;
    const key = keyOf(action);
    const doubted = this.#doubted.get(key);
    const outcome = this.#withdrawn.has(key) ? 'superseded' : outcomeOf(failure);
    this.#left.delete(key);
    this.#doubted.delete(key);
    if (doubted) ledger.doubt(policy, doubted);
    const { reason, message: text } = failure;
    const trouble = outcome === 'superseded' ? undefined : { reason, text, sinceMs: clock.now() };
    ledger.giveUp(policy, action, trouble);
    journal.delivered(action, outcome, failure, undefined);
  }

  async #renewSecrets(failure: Failure): Promise<boolean> {
    const [first] = this.#left.values();
    if (failure.reason !== 'unauthorized' || !first) return false;
    return this.#parts.dashboard.renewSecrets(first);
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

function keyOf({ reading }: Action): string {
  return reading.target.key;
}

function nothingLeft(): Failure {
  return new Failure('dashboard', 'stopped', 'nothing is left to tell');
}

function outcomeOf(failure: Failure): Outcome {
  if (failure.reason === 'stale') return 'superseded';
  return failure.retryable || failure.reason === 'stopped' ? 'failed' : 'rejected';
}
