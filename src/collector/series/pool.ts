/** The values of one window, of one series or of many, and what is said about them. */

import type { Segment } from './ring.ts';
import { rankOf, selectRanks } from './select-rank.ts';

export type Statistics = {
  readonly avg: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
};

/** Above so many values their memory is given back when they were looked at. */
const valuesKept = 65_536;

export class Pool {
  #values = new Float64Array(1_024);
  #count = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;
  #sum = 0;
  /** What `#sum` has lost to rounding. */
  #lost = 0;

  /** NaN is no value. */
  add({ values }: Segment): void {
    this.#makeRoom(values.length);
    const all = this.#values;
    let count = this.#count;
    let [min, max, sum, lost] = [this.#min, this.#max, this.#sum, this.#lost];
    for (let index = 0; index < values.length; index++) {
      const value = values[index] as number;
      // biome-ignore lint/suspicious/noSelfCompare: the cheapest way to see NaN.
      if (value !== value) continue;
      all[count++] = value;
      if (value < min) min = value;
      if (value > max) max = value;
      const next = sum + value;
      // What rounding has taken (Knuth): without a branch, which Neumaier's way to say it has.
      const added = next - sum;
      lost += sum - (next - added) + (value - added);
      sum = next;
    }
    this.#count = count;
    [this.#min, this.#max, this.#sum, this.#lost] = [min, max, sum, lost];
  }

  /**
   * Says it and is empty again; undefined where there is no value.
   *
   * @param pause see `pace`
   */
  async finish(pause: () => Promise<void> | undefined): Promise<Statistics | undefined> {
    const count = this.#count;
    if (count === 0) return undefined;
    const ranks = [50, 95, 99].map((percent) => rankOf(percent, count));
    // Many series never change.
    if (this.#min !== this.#max) {
      const selection = selectRanks(this.#values, count, ranks);
      while (!selection.next().done) await pause();
    }
    const [p50 = 0, p95 = 0, p99 = 0] = ranks.map((rank) => this.#values[rank] as number);
    const [sum, avg] = this.#sumAndMean();
    const statistics = { avg, min: this.#min, max: this.#max, sum, p50, p95, p99 };
    this.#clear();
    return statistics;
  }

  #sumAndMean(): readonly [number, number] {
    // Beyond the largest number, and with infinities, nothing can be made up for.
    if (!Number.isFinite(this.#lost)) return [this.#sum, this.#sum / this.#count];
    const sum = this.#sum + this.#lost;
    return [sum, quotient(sum, this.#lost - (sum - this.#sum), this.#count)];
  }

  #makeRoom(more: number): void {
    const wanted = this.#count + more;
    if (wanted <= this.#values.length) return;
    const values = new Float64Array(Math.max(wanted, 2 * this.#values.length));
    values.set(this.#values.subarray(0, this.#count));
    this.#values = values;
  }

  #clear(): void {
    if (this.#values.length > valuesKept) this.#values = new Float64Array(valuesKept);
    this.#count = 0;
    this.#min = Number.POSITIVE_INFINITY;
    this.#max = Number.NEGATIVE_INFINITY;
    this.#sum = 0;
    this.#lost = 0;
  }
}

/** `(high + low) / count`, rounded once: the mean of 0.1, 0.2 and 0.3 is 0.2. */
function quotient(high: number, low: number, count: number): number {
  const near = high / count;
  const rest = high - near * count - productError(near, count) + low;
  return Number.isFinite(rest) ? near + rest / count : near;
}

/** What `a * b` has lost to rounding (Dekker). */
function productError(a: number, b: number): number {
  const [aHigh, aLow] = split(a);
  const [bHigh, bLow] = split(b);
  return aLow * bLow - (a * b - aHigh * bHigh - aLow * bHigh - aHigh * bLow);
}

/** In two halves of at most 26 bits each. */
function split(value: number): readonly [number, number] {
  const scaled = 134_217_729 * value;
  const high = scaled - (scaled - value);
  return [high, value - high];
}
