/**
 * What one delivery has to tell, by target: the newest actions that no attempt has carried yet, and what the
 * newest attempt carried and nobody has settled.
 */
import type { Action } from '../model/incident.ts';

export class Agenda {
  readonly #waiting = new Map<string, Action>();
  readonly #carried = new Map<string, Action>();
  /** The newest reading under which an action is what is to be told. */
  #seenMs: WeakMap<Action, number> | undefined;
  /** Targets that need nothing any more, although an attempt carried something about them. */
  readonly #withdrawn = new Set<string>();

  get hasWaiting(): boolean {
    return this.#waiting.size > 0;
  }

  get waiting(): readonly Action[] {
    return [...this.#waiting.values()];
  }

  get carried(): readonly Action[] {
    return [...this.#carried.values()];
  }

  /** Nothing that was carried is wanted any more. */
  get isWithdrawn(): boolean {
    return this.#withdrawn.size === this.#carried.size;
  }

  about(key: string): readonly Action[] {
    return [this.#carried.get(key), this.#waiting.get(key)].filter((action) => action !== undefined);
  }

  isCarried(action: Action): boolean {
    return this.#carried.get(keyOf(action)) === action;
  }

  /** Replaces what waits about the same target. */
  add(action: Action): void {
    const key = keyOf(action);
    const known = this.#waiting.get(key) ?? this.#carried.get(key);
    if (known?.idempotencyKey !== action.idempotencyKey) {
      this.#waiting.set(key, action);
      return;
    }
    // The same message again, byte for byte, is on its way already.
    this.#withdrawn.delete(key);
    this.#seenMs ??= new WeakMap();
    this.#seenMs.set(known, Math.max(this.seenMs(known), action.reading.timeMs));
  }

  /** The time of the newest reading that says so. */
  seenMs(action: Action): number {
    return this.#seenMs?.get(action) ?? action.reading.timeMs;
  }

  /**
   * Carried, neither withdrawn nor overtaken. Where only the degree has changed since it is told
   * nevertheless: else who changes faster than its turn comes would never be told.
   */
  isWanted(action: Action): boolean {
    const key = keyOf(action);
    if (!this.isCarried(action)) return false;
    const next = this.#waiting.get(key);
    return next ? isClose(next) === isClose(action) : !this.#withdrawn.has(key);
  }

  /** What waits is dropped, what is carried goes on. */
  withdraw(key: string): void {
    this.#waiting.delete(key);
    if (this.#carried.has(key)) this.#withdrawn.add(key);
  }

  /** What was carried and is not wanted any more, nor replaced. */
  get outdated(): readonly Action[] {
    return this.carried.filter((action) => {
      const key = keyOf(action);
      return this.#withdrawn.has(key) && !this.#waiting.has(key);
    });
  }

  /** The next attempt carries what waits, and what is left of the one before it. */
  carry(): void {
    for (const [key, action] of this.#waiting) this.#carried.set(key, action);
    this.#waiting.clear();
    this.#withdrawn.clear();
  }

  /** Returns whether it was still wanted. */
  settle(action: Action): boolean {
    const key = keyOf(action);
    this.#carried.delete(key);
    return !this.#withdrawn.delete(key);
  }

  /** Returns it. */
  dropWaiting(): readonly Action[] {
    const dropped = this.waiting;
    this.#waiting.clear();
    return dropped;
  }
}

function isClose({ type }: Action): boolean {
  return type === 'close';
}

export function keyOf({ reading }: Action): string {
  return reading.target.key;
}
