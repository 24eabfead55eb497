/**
 * Percentiles of latencies that are not kept: each is off by 1 percent at most.
 *
 * Counts in bins that grow by 2 percent each (DDSketch, Masson and others 2019). From a nanosecond to
 * eleven days there are 1,728 of them; what is beyond counts as that, and zero counts by itself.
 */

const relativeAccuracy = 0.01;
const growth = (1 + relativeAccuracy) / (1 - relativeAccuracy);
const binsPerE = 1 / Math.log(growth);
const leastMs = 1e-6;
const firstBin = Math.ceil(Math.log(leastMs) * binsPerE);
const lastBin = Math.ceil(Math.log(1e9) * binsPerE);
/** Bins are added so many at once. */
const binsStep = 64;

export class Sketch {
  #bins = new Uint32Array(0);
  /** Which one is the first of `#bins`. */
  #offset = 0;
  #zeros = 0;
  #count = 0;
  #sum = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = 0;

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
    const bin = Math.min(Math.ceil(Math.log(value) * binsPerE), lastBin);
    let index = bin - this.#offset;
    if (index < 0 || index >= this.#bins.length) index = this.#reach(bin);
    this.#bins[index] = (this.#bins[index] as number) + 1;
  }

  /** @param share 0 to 1 */
  quantile(share: number): number {
    const rank = Math.floor(share * (this.#count - 1));
    let seen = this.#zeros;
    if (rank < seen) return this.#min;
    let index = -1;
    while (seen <= rank) seen += this.#bins[++index] as number;
    const middle = (2 * growth ** (this.#offset + index)) / (1 + growth);
    return Math.min(Math.max(middle, this.#min), this.#max);
  }

  /** Lets the bins reach so far; returns where this one stands. */
  #reach(bin: number): number {
    const before = this.#bins;
    const isEmpty = before.length === 0;
    const start = isEmpty ? bin - binsStep / 2 : Math.min(this.#offset, bin - binsStep);
    const end = isEmpty ? bin + binsStep / 2 : Math.max(this.#offset + before.length, bin + binsStep);
    const offset = Math.max(start, firstBin);
    this.#bins = new Uint32Array(Math.min(end, lastBin + 1) - offset);
    this.#bins.set(before, isEmpty ? 0 : this.#offset - offset);
    this.#offset = offset;
    return bin - offset;
  }
}
