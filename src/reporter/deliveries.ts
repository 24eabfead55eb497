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
import { Delivery, type DeliveryParts } from './delivery.ts';

export class Deliveries {
  readonly parts: DeliveryParts;
  /** Under way and waiting, by lane. */
  readonly #open = new Map<string, Delivery>();
  /** The waiting ones' lanes, first come first served. */
  readonly #queue: string[] = [];
  /** Left alone until this monotonic time, because the dashboard asked for it. */
  readonly #heldUntilMs = new Map<string, number>();
  readonly #stop = new AbortController();
  #running = 0;
  #isDraining = false;
  /** Resolved once the deliveries that these replace have ended. */
  readonly #turn: Promise<void>;
  #isFree = false;
  #whenIdle: (() => void)[] = [];

  /** @param before deliveries to the same dashboard, which end first: one is under way for a target, never two */
  constructor(parts: DeliveryParts, before?: Deliveries) {
    this.parts = parts;
    this.#isFree = before === undefined;
    this.#turn = (before?.over() ?? Promise.resolve()).then(() => {
      this.#isFree = true;
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

  /** Everything that a cycle has for this dashboard. */
  offer(actions: readonly Action[]): void {
    const begun = new Map<string, Action[]>();
    for (const action of actions) {
      if (!this.accepts(action)) continue;
      const lane = this.#laneOf(action.reading.target);
      const delivery = this.#open.get(lane);
      if (delivery) delivery.replace(action);
      else begun.set(lane, [...(begun.get(lane) ?? []), action]);
    }
    for (const [lane, first] of begun) {
      this.#open.set(lane, new Delivery(this.parts, first));
      this.#queue.push(lane);
    }
    this.#startMore();
  }

  /** The target needs nothing any more. */
  withdraw(target: Target): void {
    this.#open.get(this.#laneOf(target))?.withdraw(target);
  }

  /** Resolves when nothing waits and nothing is under way. */
  idle(): Promise<void> {
    return this.#open.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#whenIdle.push(resolve));
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
    for (const key of this.#queue.splice(0)) this.#open.delete(key);
    this.#notifyIfIdle();
    const end = () => this.#stop.abort();
    deadline.addEventListener('abort', end, { once: true });
    if (deadline.aborted) end();
    await this.idle();
    deadline.removeEventListener('abort', end);
    end();
    this.parts.dashboard.stop();
  }

  /** What is told apart is told side by side. */
  #laneOf(target: Target): string {
    return this.parts.dashboard.tellsTogether ? '' : target.key;
  }

  #isHeld(key: string): boolean {
    const untilMs = this.#heldUntilMs.get(key) ?? 0;
    if (this.parts.clock.monotonic() < untilMs) return true;
    this.#heldUntilMs.delete(key);
    return false;
  }

  #startMore(): void {
    while (this.#isFree && this.#running < limits.deliveriesMax) {
      const key = this.#queue.shift();
      const delivery = key !== undefined && this.#open.get(key);
      if (!delivery) return;
      this.#running++;
      void delivery.run(this.#stop.signal).then((holdMs) => {
        if (holdMs > 0) this.#heldUntilMs.set(key, this.parts.clock.monotonic() + holdMs);
        this.#open.delete(key);
        this.#running--;
        this.#startMore();
        this.#notifyIfIdle();
      });
    }
  }

  #notifyIfIdle(): void {
    if (this.#open.size > 0) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}
