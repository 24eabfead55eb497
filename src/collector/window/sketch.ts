/**
 * Percentiles of latencies that are not kept: each is off by 1 percent at most.
 *
 * Counts in bins that grow by 2 percent each (DDSketch, Masson and others 2019). From a nanosecond to
 * eleven days there are 1,728 of them; what is beyond counts as that, and zero counts by itself.
 */
import { type Bins, binsPerBlock } from './bins.ts';

const relativeAccuracy = 0.01;
const growth = (1 + relativeAccuracy) / (1 - relativeAccuracy);
const binsPerE = 1 / Math.log(growth);
const leastMs = 1e-6;
const firstBin = Math.ceil(Math.log(leastMs) * binsPerE);
const lastBin = Math.ceil(Math.log(1e9) * binsPerE);
const blocksMax = Math.ceil((lastBin - firstBin + 1) / binsPerBlock);

export class Sketch {
  readonly #bins: Bins;
  /** Numbers of the blocks that its bins stand in; 0 where none was needed. */
  readonly #blocks = new Uint16Array(blocksMax);
  #zeros = 0;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

  constructor(bins: Bins) {
    this.#bins = bins;
  }

  get mean(): number {
    return this.#sum / this.#count;
  }

  add(value: number): void {
    this.#count++;
    this.#sum += value;
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
    if (value < leastMs) {
      this.#zeros++;
      return;
    }
    const bin = (Math.min(Math.ceil(Math.log(value) * binsPerE), lastBin) - firstBin) | 0;
    const at = (bin / binsPerBlock) | 0;
    let block = this.#blocks[at] as number;
    if (block === 0) {
      block = this.#bins.take();
      this.#blocks[at] = block;
    }
    this.#bins.add(block, bin & (binsPerBlock - 1));
  }

  /** By seed 002's rule. @param share 0 to 1 */
  quantile(share: number): number {
    const rank = Math.ceil(share * (this.#count - 1));
    if (rank < this.#zeros) return this.#min;
    const middle = (2 * growth ** this.#binAt(rank)) / (1 + growth);
    return Math.min(Math.max(middle, this.#min), this.#max);
  }

  #binAt(rank: number): number {
    let seen = this.#zeros;
    for (let at = 0; at < blocksMax; at++) {
      const block = this.#blocks[at] as number;
      for (let bin = 0; block > 0 && bin < binsPerBlock; bin++) {
        seen += this.#bins.at(block, bin);
        if (seen > rank) return firstBin + at * binsPerBlock + bin;
      }
    }
    return lastBin;
  }
}
