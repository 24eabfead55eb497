/**
 * Whoever is told: a dashboard, or one of kind `auto` that is still finding out what it is.
 *
 * As long as it does not know it is told nothing; it looks again with every cycle, and no cycle waits.
 */
import { setMaxListeners } from 'node:events';
import type { Action } from '../model/incident.ts';
import type { Before, Deliveries } from '../reporter/deliveries.ts';
import type { Reachable } from '../reporter/reachable.ts';

export class Addressee {
  readonly #find: ((signal: AbortSignal) => Promise<Deliveries | undefined>) | undefined;
  readonly #stop = new AbortController();
  #deliveries: Deliveries | undefined;
  #finding: Promise<void> | undefined;
  #before: Before | undefined;

  /**
   * @param find one attempt; undefined is to be said why by whoever tries
   * @param before whoever was told by this name until now
   */
  constructor(
    known: Deliveries | undefined,
    find?: (signal: AbortSignal) => Promise<Deliveries | undefined>,
    before?: Before,
  ) {
    this.#deliveries = known;
    this.#before = before;
    void before?.over().then(() => {
      this.#before = undefined;
    });
    this.#find = find;
    setMaxListeners(0, this.#stop.signal);
  }

  readonly reach: Reachable = (use) => {
    if (this.#deliveries) return use(this.#deliveries);
    void this.ready().then(() => {
      if (this.#deliveries) use(this.#deliveries);
    });
  };

  /** Resolves when it is known what it is, or one attempt to find out has ended. */
  ready(): Promise<void> {
    if (this.#deliveries || !this.#find || this.#stop.signal.aborted) return Promise.resolve();
    this.#finding ??= this.#find(this.#stop.signal).then((found) => {
      this.#finding = undefined;
      if (this.#stop.signal.aborted) found?.parts.dashboard.stop();
      else this.#deliveries = found;
    });
    return this.#finding;
  }

  get inFlight(): number {
    return this.#deliveries?.inFlight ?? 0;
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
    await this.#deliveries?.drain(deadline);
  }

  async handOver(deadline: AbortSignal): Promise<void> {
    this.#stop.abort();
    await this.#finding;
    await this.#deliveries?.handOver(deadline);
  }
}
