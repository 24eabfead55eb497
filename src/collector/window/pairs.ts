/**
 * How often each pair of ids is there: of a service and an address, or of a service and a path.
 *
 * An open hash table whose slots are a key and a count beside each other; a count of 0 is an empty slot.
 */
import { systemChance } from '../../model/chance.ts';

const slotsAtFirst = 64;

/** What became of a pair that was added. */
export const refused = 0;
export const known = 1;
export const fresh = 2;

export class Pairs {
  readonly #pairsMax: number;
  readonly #seed = Math.floor(systemChance() * 2 ** 32);
  #slots = new Uint32Array(2 * slotsAtFirst);
  #count = 0;

  /** @param pairsMax above it a pair that is not there is refused */
  constructor(pairsMax: number) {
    this.#pairsMax = pairsMax;
  }

  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    return this.#slots.byteLength;
  }

  /** Both below 65,536. Whether it was `fresh`, `known` or `refused`. */
  add(one: number, two: number): number {
    const key = ((one << 16) | two) >>> 0;
    const slots = this.#slots;
    const slot = this.#find(key);
    const count = slots[slot + 1] as number;
    if (count > 0) {
      slots[slot + 1] = count + 1;
      return known;
    }
    if (this.#count >= this.#pairsMax) return refused;
    slots[slot] = key;
    slots[slot + 1] = 1;
    this.#count++;
    // Three quarters of the slots are used at most.
    if (8 * this.#count > 3 * slots.length) this.#resize(2 * slots.length);
    return fresh;
  }

  /** One of those that were added; whether it was the last one of its pair. */
  remove(one: number, two: number): boolean {
    const slots = this.#slots;
    const slot = this.#find(((one << 16) | two) >>> 0);
    const count = (slots[slot + 1] as number) - 1;
    slots[slot + 1] = count;
    if (count > 0) return false;
    this.#count--;
    this.#closeGap(slot);
    // An eighth at least, or they are too many.
    if (slots.length > 2 * slotsAtFirst && 16 * this.#count < slots.length) this.#resize(slots.length / 2);
    return true;
  }

  each(visit: (one: number, two: number, count: number) => void): void {
    const slots = this.#slots;
    for (let slot = 0; slot < slots.length; slot += 2) {
      const count = slots[slot + 1] as number;
      const key = slots[slot] as number;
      if (count > 0) visit(key >>> 16, key & 0xffff, count);
    }
  }

  /** Memory is kept for as many as there were. */
  clear(): void {
    if (16 * this.#count < this.#slots.length) this.#slots = new Uint32Array(2 * slotsAtFirst);
    else this.#slots.fill(0);
    this.#count = 0;
  }

  /** Where the key stands, or else could stand. */
  #find(key: number): number {
    const slots = this.#slots;
    const mask = slots.length - 2;
    let slot = this.#home(key, mask);
    while (slots[slot + 1] !== 0 && slots[slot] !== key) slot = (slot + 2) & mask;
    return slot;
  }

  #home(key: number, mask: number): number {
    let hash = Math.imul(key ^ this.#seed, 0x9e37_79b1);
    hash ^= hash >>> 15;
    hash = Math.imul(hash, 0x85eb_ca6b);
    return ((hash ^ (hash >>> 16)) << 1) & mask;
  }

  /** Those behind it move up, so that no search ends too early. */
  #closeGap(empty: number): void {
    const slots = this.#slots;
    const mask = slots.length - 2;
    let gap = empty;
    for (let slot = (gap + 2) & mask; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      const home = this.#home(slots[slot] as number, mask);
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot] as number;
      slots[gap + 1] = slots[slot + 1] as number;
      slots[slot + 1] = 0;
      gap = slot;
    }
  }

  #resize(length: number): void {
    const before = this.#slots;
    this.#slots = new Uint32Array(length);
    for (let slot = 0; slot < before.length; slot += 2) {
      if (before[slot + 1] === 0) continue;
      const to = this.#find(before[slot] as number);
      this.#slots[to] = before[slot] as number;
      this.#slots[to + 1] = before[slot + 1] as number;
    }
  }
}
