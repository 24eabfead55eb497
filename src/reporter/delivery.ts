/**
 * One delivery: tells a dashboard about one incident, or about several that it wants to hear of
 * together, with retries.
 *
 * A newer reading replaces what the next attempt sends and adds no attempt. When a target needs
 * nothing any more, no further attempt is made about it.
 */
import { retry } from '../http/retry.ts';
import type { Chance } from '../model/chance.ts';
import type { Clock } from '../model/clock.ts';
import { type Answer, type Beside, type Dashboard, isOvertaken, type Telling } from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Policy } from '../model/policy.ts';
import type { Target } from '../model/target.ts';
import { Agenda, keyOf } from './agenda.ts';
import type { Journal } from './journal.ts';
import { intendedOf, type Ledger } from './ledger.ts';
import { asksForPeace, restMs } from './next-attempt.ts';
import { mayRepeat, type Standing } from './standing.ts';
import type { Suspects } from './suspects.ts';
import { type Ends, tellTogether } from './telling-together.ts';
import { isMoot, nothingLeft, outcomeOf, whyUnsent } from './unsent.ts';

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

/** What goes on beside one delivery. */
export type Neighbours = {
  /** Whether the dashboard may show an incident of ours that the ledger does not know of. */
  readonly mayShowMore: () => boolean;
  /** What others still send about the target: they end first. */
  readonly about: (targetKey: string) => readonly Action[];
  readonly beside: Beside;
  readonly suspects: Suspects;
};

export class Delivery {
  readonly #parts: DeliveryParts;
  readonly #neighbours: Neighbours;
  readonly #agenda = new Agenda();
  /** Of thousands that wait for their turn, few are under way. */
  #wait: AbortController | undefined;
  #holdMs = 0;

  constructor(parts: DeliveryParts, first: readonly Action[], neighbours: Neighbours) {
    this.#parts = parts;
    this.#neighbours = neighbours;
    for (const action of first) this.#agenda.add(action);
  }

  replace(action: Action): void {
    this.#agenda.add(action);
    this.#retain(keyOf(action));
  }

  /** What waits is dropped; an attempt under way goes on. */
  withdraw({ key }: Target): void {
    this.#agenda.withdraw(key);
    this.#retain(key);
    if (!this.#agenda.hasWaiting && this.#agenda.isWithdrawn) this.#wait?.abort();
  }

  /** What is still to be sent about the target, or under way. */
  about(targetKey: string): readonly Action[] {
    return this.#agenda.about(targetKey);
  }

  withdrawAll(): void {
    for (const { reading } of [...this.#agenda.waiting, ...this.#agenda.carried]) {
      this.withdraw(reading.target);
    }
  }

  /** Resolves with how long this is to be left alone, in milliseconds. `stop` ends everything. */
  async run(stop: AbortSignal): Promise<number> {
    // What came while older actions were being answered is a delivery of its own.
    while (this.#agenda.hasWaiting && !stop.aborted && (await this.#deliver(stop)));
    for (const action of this.#agenda.dropWaiting()) this.#retain(keyOf(action));
    return this.#holdMs;
  }

  /** The ledger forgets what was replaced before it was sent. */
  #retain(key: string): void {
    const live = [...this.#agenda.about(key), ...this.#neighbours.about(key)];
    this.#parts.ledger.retain(this.#parts.policy, key, live);
  }

  /** Returns whether what waits by now may follow at once. */
  async #deliver(stop: AbortSignal): Promise<boolean> {
    const { policy, clock } = this.#parts;
    const wait = new AbortController();
    this.#wait = wait;
    const endWait = () => wait.abort();
    stop.addEventListener('abort', endWait, { once: true });
    let mayRenew = true;
    try {
      await retry(() => this.#attempt(stop), {
        retries: policy.retries,
        clock,
        signal: wait.signal,
        delayMs: async (failure, attempt) => {
          const isRenewed = mayRenew && (await this.#renewSecrets(failure));
          mayRenew &&= failure.reason !== 'unauthorized';
          const delayMs = isRenewed ? limits.retryAfterMsMin : restMs(failure, attempt, this.#parts.chance);
          const [first] = this.#agenda.carried;
          if (first) this.#parts.journal.attemptFailed(first, failure, delayMs);
          return delayMs;
        },
      });
      return true;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Without retries nobody has asked for it yet; the next cycle profits.
      if (mayRenew) await this.#renewSecrets(error);
      if (asksForPeace(error)) this.#holdMs = limits.retryAfterMsMax;
      // What came after a withdrawal is a delivery of its own.
      const mayFollow = this.#agenda.isWithdrawn && this.#holdMs === 0;
      for (const action of this.#agenda.carried) this.#giveUp(action, error);
      return mayFollow;
    } finally {
      stop.removeEventListener('abort', endWait);
    }
  }

  async #attempt(stop: AbortSignal): Promise<void> {
    this.#takeNewest();
    const { dashboard, clock } = this.#parts;
    const tellings = this.#agenda.carried.map((action) => this.#tellingOf(action));
    const [first] = tellings;
    if (!first) return;
    let sinceMs = clock.monotonic();
    const attempted = (telling: Telling, failure?: Failure) => {
      const nowMs = clock.monotonic();
      this.#attempted(telling.action, nowMs - sinceMs, failure);
      sinceMs = nowMs;
    };
    if (dashboard.tellsTogether) {
      const { suspects, beside } = this.#neighbours;
      const ends: Ends = {
        attempted,
        doubt: ({ action }) => this.#parts.ledger.doubt(this.#parts.policy, action),
        acknowledge: (telling, answer) => {
          suspects.over(telling);
          this.#acknowledge(telling.action, answer);
        },
        giveUp: (telling, failure) => {
          suspects.over(telling);
          this.#giveUp(telling.action, failure);
        },
        fail: (telling, failure) => suspects.failed(telling, failure),
        drop: ({ action }) => this.#drop(action, this.#whyUnwanted(action) ?? nothingLeft()),
        isLeft: ({ action }) => this.#agenda.isCarried(action),
      };
      await tellTogether(dashboard, suspects.groups(tellings), stop, ends, beside);
      return;
    }
    try {
      const answer = await dashboard.tell(first, stop);
      attempted(first);
      this.#acknowledge(first.action, answer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (!isOvertaken(error, first)) {
        attempted(first, error);
        throw error;
      }
      this.#drop(first.action, this.#whyUnwanted(first.action) ?? nothingLeft());
    }
  }

  #takeNewest(): void {
    for (const action of this.#agenda.outdated) this.#giveUp(action, nothingLeft());
    this.#agenda.carry();
    for (const action of this.#agenda.carried) {
      const why = this.#whyUnwanted(action);
      if (why) this.#drop(action, why);
    }
  }

  #whyUnwanted(action: Action): Failure | undefined {
    if (!this.#agenda.isWanted(action)) return nothingLeft();
    const { policy, clock, maxDataAgeMs } = this.#parts;
    const isTooOld = clock.now() - this.#agenda.seenMs(action) > maxDataAgeMs;
    return whyUnsent(action, this.#standing(action), policy.send, isTooOld);
  }

  #standing(action: Action): Standing {
    return this.#parts.ledger.get(this.#parts.policy, keyOf(action));
  }

  #tellingOf(action: Action): Telling {
    const { told, reference, doubts } = this.#standing(action);
    const isDoubted = doubts.length > 0 || (told === undefined && this.#neighbours.mayShowMore());
    const isWanted = () => this.#whyUnwanted(action) === undefined;
    return { action, told: told?.status, reference, isDoubted, isWanted };
  }

  #attempted(action: Action, durationMs: number, failure: Failure | undefined): void {
    const { ledger, policy, journal } = this.#parts;
    const repeats = mayRepeat(this.#standing(action), intendedOf(action), policy.send);
    journal.attempted(action, durationMs, failure, repeats);
    // At once: the program may end before the delivery does.
    if (failure?.isAmbiguous) ledger.doubt(policy, action);
  }

  #acknowledge(action: Action, answer: Answer): void {
    const { ledger, policy, clock, journal } = this.#parts;
    this.#agenda.settle(action);
    ledger.acknowledge(policy, action, clock.now(), answer);
    journal.delivered(action, answer.outcome, undefined, answer);
  }

  /** What was attempted failed. */
  #giveUp(action: Action, failure: Failure): void {
    const { ledger, policy, journal, clock } = this.#parts;
    const isWanted = this.#agenda.settle(action);
    const { reason, message: text } = failure;
    ledger.giveUp(policy, action, isWanted ? { reason, text, sinceMs: clock.now() } : undefined);
    journal.delivered(action, isWanted ? outcomeOf(failure) : 'superseded', failure, undefined);
  }

  /** Not to be sent any more. */
  #drop(action: Action, why: Failure): void {
    const { ledger, policy, journal, clock } = this.#parts;
    this.#agenda.settle(action);
    if (isMoot(action, this.#standing(action))) ledger.acknowledge(policy, action, clock.now());
    ledger.giveUp(policy, action, undefined);
    journal.delivered(action, 'superseded', why, undefined);
  }

  async #renewSecrets(failure: Failure): Promise<boolean> {
    const [first] = this.#agenda.carried;
    if (failure.reason !== 'unauthorized' || !first) return false;
    return this.#parts.dashboard.renewSecrets(first);
  }
}
