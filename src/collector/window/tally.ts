/** How often each name is there. */
import type { Counted } from './largest.ts';
import { none } from './names.ts';

const idsAtFirst = 64;

export class Tally {
  #counts = new Uint32Array(idsAtFirst);
  #distinct = 0;

  /** Names that are there at all. */
  get distinct(): number {
    return this.#distinct;
  }

  get byteLength(): number {
    return this.#counts.byteLength;
  }

  add(id: number): void {
    if (id === none) return;
    if (id >= this.#counts.length) this.#grow(id);
    const count = this.#counts[id] as number;
    if (count === 0) this.#distinct++;
    this.#counts[id] = count + 1;
  }

  remove(id: number): void {
    if (id === none) return;
    const count = (this.#counts[id] as number) - 1;
    if (count === 0) this.#distinct--;
    this.#counts[id] = count;
  }

  counted(): Counted {
    const ids = new Uint16Array(this.#distinct);
    const counts = new Uint32Array(this.#distinct);
    let length = 0;
    for (let id = 0; length < ids.length; id++) {
      const count = this.#counts[id] as number;
      if (count === 0) continue;
      ids[length] = id;
      counts[length++] = count;
    }
    return { ids, counts };
  }

  clear(): void {
    this.#counts = new Uint32Array(idsAtFirst);
    this.#distinct = 0;
  }

  #grow(id: number): void {
    const counts = new Uint32Array(Math.max(id + 1, 2 * this.#counts.length));
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
