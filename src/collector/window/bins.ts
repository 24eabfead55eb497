/**
 * Counters of all sketches of one interval, in blocks that are dealt out as they are needed: a thousand
 * sketches come and go every few seconds and leave nothing to collect.
 */

export const binsPerBlock = 64;
const blocksPerSlab = 256;

export class Bins {
  readonly #slabs: Uint32Array[] = [];
  #used = 0;

  get byteLength(): number {
    return this.#slabs.reduce((sum, { byteLength }) => sum + byteLength, 0);
  }

  /** The number of a block of zeros, from 1. */
  take(): number {
    const block = this.#used++;
    const slab = Math.floor(block / blocksPerSlab);
    if (slab === this.#slabs.length) this.#slabs.push(new Uint32Array(blocksPerSlab * binsPerBlock));
    return block + 1;
  }

  add(block: number, bin: number): void {
    const slab = this.#slabs[(block - 1) >>> 8] as Uint32Array;
    const at = ((block - 1) & 255) * binsPerBlock + bin;
    slab[at] = (slab[at] as number) + 1;
  }

  at(block: number, bin: number): number {
    const slab = this.#slabs[(block - 1) >>> 8] as Uint32Array;
    return slab[((block - 1) & 255) * binsPerBlock + bin] as number;
  }

  /** All blocks are given back; memory is kept for as many as there were. */
  clear(): void {
    this.#slabs.length = Math.ceil(this.#used / blocksPerSlab);
    for (const slab of this.#slabs) slab.fill(0);
    this.#used = 0;
  }
}
