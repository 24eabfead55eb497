/**
 * All deliveries to one dashboard: one at a time for a target, sixteen at once in all.
 *
 * There is no outbox: what waits for its turn is replaced by the newest reading and
 * dropped when it no longer holds; what failed is decided again by a later cycle.
 */
import { setMaxListeners } from 'node:events';
import type { Action } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Target } from '../model/target.ts';
import { Delivery, type DeliveryParts, type Neighbours } from './delivery.ts';
import { Lookout } from './lookout.ts';
import { Suspects } from './suspects.ts';

/** Deliveries to the same dashboard, which end before others begin. */
export type Before = {
  readonly over: () => Promise<void>;
  /** What of theirs is still to be sent about the target, or under way. */
  readonly about: (targetKey: string) => readonly Action[];
  readonly holds: Holds | undefined;
};

/** Lanes that are left alone until a monotonic time, because the dashboard asked for it. */
type Holds = Map<string, number>;

export class Deliveries {
  readonly parts: DeliveryParts;
  /** Under way and waiting, by lane. */
  readonly #open = new Map<string, Delivery>();
  /** The waiting ones' lanes, first come first served. */
  readonly #queue: string[] = [];
  /** Shared with those that these replace: it is the dashboard that asked. */
  readonly holds: Holds;
  readonly #lookout: Lookout;
  /** Those of the newest cycle. */
  #targets: readonly Target[] = [];
  /** What is looked for as soon as nothing is being told. */
  #toLookFor: readonly Target[] | undefined;
  #isLooking = false;
  readonly #stop = new AbortController();
  readonly #stopLooking = new AbortController();
  #running = 0;
  #isDraining = false;
  /** Resolved once the deliveries that these replace have ended. */
  readonly #turn: Promise<void>;
  #before: Before | undefined;
  #whenIdle: (() => void)[] = [];
  readonly #neighbours: Neighbours = {
    mayShowMore: () => this.#lookout.mayBeSurprised,
    about: (targetKey) => this.#before?.about(targetKey) ?? [],
    suspects: new Suspects(),
    beside: {
      told: () => this.parts.ledger.told(this.parts.policy, this.#targets),
      moved: (target, reference) => this.parts.ledger.moved(this.parts.policy, target, reference),
    },
  };

  /** @param before deliveries to the same dashboard, which end first: one is under way for a target, never two */
  constructor(parts: DeliveryParts, before?: Before) {
    this.parts = parts;
    this.#lookout = new Lookout(parts);
    this.holds = before?.holds ?? new Map();
    // Those of targets that nobody asks about any more are over some day, too.
    for (const lane of this.holds.keys()) this.#isHeld(lane);
    this.#before = before;
    this.#turn = (before?.over() ?? Promise.resolve()).then(() => {
      this.#before = undefined;
      this.#startMore();
    });
    // Every delivery under way listens to it; node warns at eleven.
    setMaxListeners(0, this.#stop.signal);
  }

  /** How many are under way. */
  get inFlight(): number {
    return this.#running;
  }

  /** Whether something may be told about it now: the dashboard may have asked to be left alone. */
  accepts(action: Action): boolean {
    return !this.#isDraining && !this.#isHeld(this.#laneOf(action.reading.target));
  }

  /** Looks what is open on the dashboard, if it is time for that: before what is offered next, after what is being told. */
  look(targets: readonly Target[]): void {
    this.#targets = targets;
    if (!this.#lookout.isDue(targets) || this.#isDraining || this.#isLooking || this.#isHeld('')) return;
    this.#toLookFor = targets;
    this.#startMore();
  }

  /** Everything that a cycle has for this dashboard. */
  offer(actions: readonly Action[]): void {
    const begun = new Map<string, Action[]>();
    for (const action of actions) {
      if (!this.accepts(action)) {
        this.release(action);
        continue;
      }
      if (!this.#isIntended(action)) continue;
      const lane = this.#laneOf(action.reading.target);
      const delivery = this.#open.get(lane);
      if (delivery) delivery.replace(action);
      else if (!begun.get(lane)?.push(action)) begun.set(lane, [action]);
    }
    for (const [lane, first] of begun) {
      this.#open.set(lane, new Delivery(this.parts, first, this.#neighbours));
      this.#queue.push(lane);
    }
    this.#startMore();
  }

  /** The target needs nothing any more. */
  withdraw(target: Target): void {
    const delivery = this.#open.get(this.#laneOf(target));
    if (delivery) delivery.withdraw(target);
    else this.parts.ledger.retain(this.parts.policy, target.key, this.about(target.key));
  }

  /** What was intended is not offered after all. */
  release(action: Action): void {
    const { ledger, policy } = this.parts;
    const isSame = ({ idempotencyKey }: Action) => idempotencyKey === action.idempotencyKey;
    if (!this.about(action.reading.target.key).some(isSame)) ledger.giveUp(policy, action, undefined);
  }

  /** What is still to be sent about the target, or under way; with what those do that these replace. */
  about(targetKey: string): readonly Action[] {
    const own = this.#open.get(this.#laneOf({ key: targetKey }))?.about(targetKey) ?? [];
    return [...own, ...(this.#before?.about(targetKey) ?? [])];
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    return this.#isIdle ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** Like `idle`, and what they replaced has ended too. */
  async over(): Promise<void> {
    await this.#turn;
    await this.idle();
  }

  /** Others take over: an attempt under way ends, nothing is tried again. */
  handOver(deadline: AbortSignal): Promise<void> {
    for (const delivery of this.#open.values()) delivery.withdrawAll();
    return this.drain(deadline);
  }

  /** Drops what has not begun and takes nothing more; what is under way has until `deadline` is aborted. */
  async drain(deadline: AbortSignal): Promise<void> {
    this.#isDraining = true;
    for (const lane of this.#queue.splice(0)) this.#drop(lane);
    this.#toLookFor = undefined;
    this.#stopLooking.abort();
    this.#notifyIfIdle();
    const end = () => this.#stop.abort();
    deadline.addEventListener('abort', end, { once: true });
    if (deadline.aborted) end();
    await this.idle();
    deadline.removeEventListener('abort', end);
    end();
    this.parts.dashboard.stop();
  }

  get #isIdle(): boolean {
    return this.#open.size === 0 && !this.#isLooking && this.#toLookFor === undefined;
  }

  /** What is told apart is told side by side. */
  #laneOf(target: Pick<Target, 'key'>): string {
    return this.parts.dashboard.tellsTogether ? '' : target.key;
  }

  #isHeld(lane: string): boolean {
    const untilMs = this.holds.get(lane) ?? 0;
    if (this.parts.clock.monotonic() < untilMs) return true;
    this.holds.delete(lane);
    return false;
  }

  #startMore(): void {
    if (this.#before || this.#isLooking) return;
    if (this.#toLookFor && this.#running === 0) {
      this.#startLooking(this.#toLookFor);
      return;
    }
    while (this.#running < limits.deliveriesMax) {
      const lane = this.#queue.shift();
      const delivery = lane !== undefined && this.#open.get(lane);
      if (!delivery) return;
      if (this.#isHeld(lane)) {
        // Those that this replaces were asked for it at last.
        this.#drop(lane);
        this.#notifyIfIdle();
        continue;
      }
      this.#running++;
      void delivery.run(this.#stop.signal).then((holdMs) => {
        if (holdMs > 0) this.holds.set(lane, this.parts.clock.monotonic() + holdMs);
        this.#open.delete(lane);
        this.#running--;
        this.#startMore();
        this.#notifyIfIdle();
      });
    }
  }

  #drop(lane: string): void {
    this.#open.get(lane)?.withdrawAll();
    this.#open.delete(lane);
  }

  #startLooking(targets: readonly Target[]): void {
    this.#toLookFor = undefined;
    this.#isLooking = true;
    void this.#lookout.look(targets, this.#stopLooking.signal).then(() => {
      this.#isLooking = false;
      this.#startMore();
      this.#notifyIfIdle();
    });
  }

  /** Whoever gave up the same message meanwhile has released it: what is sent is on disk, so a later cycle decides. */
  #isIntended({ idempotencyKey, reading }: Action): boolean {
    const { ledger, policy } = this.parts;
    return ledger.get(policy, reading.target.key).intended.some(({ key }) => key === idempotencyKey);
  }

  #notifyIfIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
