/**
 * Whoever is told: a dashboard, or one of kind `auto` that is still finding out what it is.
 *
 * As long as it does not know it is told nothing; it looks again with every cycle, and no cycle waits. It also
 * looks again where what it became is not there any more: as long as that is all that is known, it is told as before.
 */
import { setMaxListeners } from 'node:events';
import type { Action } from '../model/incident.ts';
import type { Before, Deliveries } from '../reporter/deliveries.ts';
import type { Reachable } from '../reporter/reachable.ts';

export type Finding = {
  /**
   * One attempt.
   *
   * @param current as it is told by now
   * @returns `current` where it is still that; undefined is to be said why by whoever tries
   */
  readonly find: (signal: AbortSignal, current: Deliveries | undefined) => Promise<Deliveries | undefined>;
  /** What was found does not seem to be there any more. */
  readonly isDoubted: () => boolean;
};

export class Addressee {
  readonly #looking: Finding | undefined;
  readonly #stop = new AbortController();
  #deliveries: Deliveries | undefined;
  /** What it was told by before it became another kind, until that has ended. */
  #replaced: Deliveries | undefined;
  #finding: Promise<void> | undefined;
  #before: Before | undefined;

  /** @param before whoever was told by this name until now */
  constructor(known: Deliveries | undefined, looking?: Finding, before?: Before) {
    this.#deliveries = known;
    this.#before = before;
    void before?.over().then(() => {
      this.#before = undefined;
    });
    this.#looking = looking;
    setMaxListeners(0, this.#stop.signal);
  }

  readonly reach: Reachable = (use) => {
    if (this.#deliveries && !this.#looking?.isDoubted()) return use(this.#deliveries);
    void this.#look().then(() => {
      if (this.#deliveries) use(this.#deliveries);
    });
  };

  /** Resolves when it is known what it is, or one attempt to find out has ended. */
  ready(): Promise<void> {
    return this.#deliveries ? Promise.resolve() : this.#look();
  }

  #look(): Promise<void> {
    if (!this.#looking || this.#stop.signal.aborted) return Promise.resolve();
    const current = this.#deliveries;
    this.#finding ??= this.#looking.find(this.#stop.signal, current).then((found) => {
      this.#finding = undefined;
      if (!found || found === current) return;
      if (this.#stop.signal.aborted) found.parts.dashboard.stop();
      else this.#become(found);
    });
    return this.#finding;
  }

  #become(found: Deliveries): void {
    const before = this.#deliveries;
    this.#deliveries = found;
    this.#replaced = before;
    // Its attempts have their own deadlines, and end earlier where everything is stopped.
    void before?.handOver(new AbortController().signal).then(() => {
      if (this.#replaced === before) this.#replaced = undefined;
    });
  }

  get inFlight(): number {
    return (this.#deliveries?.inFlight ?? 0) + (this.#replaced?.inFlight ?? 0);
  }

  get holds(): Before['holds'] {
    return (this.#deliveries ?? this.#before)?.holds;
  }

  about(targetKey: string): readonly Action[] {
    return (this.#deliveries ?? this.#before)?.about(targetKey) ?? [];
  }

  async idle(): Promise<void> {
    await this.#deliveries?.idle();
  }

  async over(): Promise<void> {
    await this.#finding;
    await (this.#deliveries ?? this.#before)?.over();
  }

  async drain(deadline: AbortSignal): Promise<void> {
    this.#stop.abort();
    await this.#finding;
    await Promise.all([this.#replaced?.drain(deadline), this.#deliveries?.drain(deadline)]);
  }

  async handOver(deadline: AbortSignal): Promise<void> {
    this.#stop.abort();
    await this.#finding;
    await Promise.all([this.#replaced?.handOver(deadline), this.#deliveries?.handOver(deadline)]);
  }
}
