/**
 * How many bytes of pages were made lately: so much may still wait for connections that read nothing.
 *
 * A page is held by who asked for it until that connection is cut.
 */
import type { Clock } from '../../model/clock.ts';

/** Coarse, so that many small pages take no more memory than a large one. */
const slotMs = 1_000;

export class PageBudget {
  readonly #clock: Clock;
  readonly #heldMs: number;
  readonly #bytesMax: number;
  /** Bytes by the number of the slot in which they were made. */
  readonly #slots = new Map<number, number>();

  /** @param heldMs how long a page may be held once it is made */
  constructor(clock: Clock, bytesMax: number, heldMs: number) {
    this.#clock = clock;
    this.#bytesMax = bytesMax;
    this.#heldMs = heldMs;
  }

  /** Whether so many more may be made now. */
  hasRoomFor(bytes: number): boolean {
    const goneMs = this.#clock.monotonic() - this.#heldMs;
    let held = 0;
    for (const [slot, made] of this.#slots) {
      if ((slot + 1) * slotMs <= goneMs) this.#slots.delete(slot);
      else held += made;
    }
    return held + bytes <= this.#bytesMax;
  }

  made(bytes: number): void {
    const slot = Math.floor(this.#clock.monotonic() / slotMs);
    this.#slots.set(slot, (this.#slots.get(slot) ?? 0) + bytes);
  }
}
