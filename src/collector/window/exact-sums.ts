/**
 * Sums that stay exact while numbers come and go: what has come and gone leaves exactly nothing.
 *
 * A sum is kept as parts that do not overlap (Shewchuk 1997, as in Python's math.fsum). Two parts hold
 * 106 bits, enough for every honest latency; the few sums that need more keep theirs in a list.
 */

export class ExactSums {
  #parts: Float64Array;
  /** All parts of those sums that need more than two, the smallest first. */
  readonly #long = new Map<number, number[]>();

  /** @param idsAtFirst so many need no growing */
  constructor(idsAtFirst: number) {
    this.#parts = new Float64Array(2 * idsAtFirst);
  }

  get byteLength(): number {
    let long = 0;
    for (const parts of this.#long.values()) long += 8 * parts.length;
    return this.#parts.byteLength + long;
  }

  /** Taking away is adding the negative. */
  add(id: number, value: number): void {
    if (2 * id >= this.#parts.length) this.#grow(id);
    const parts = this.#parts;
    const at = 2 * id;
    if (this.#long.size > 0 && this.#long.has(id)) {
      this.#addLong(id, value);
      return;
    }
    const high = parts[at] as number;
    const low = parts[at + 1] as number;

    // Each pair of lines adds two numbers: what is rounded off is found exactly (Knuth's two-sum).
    const middle = low + value;
    const fromLow = middle - low;
    const lowest = low - (middle - fromLow) + (value - fromLow);

    const sum = high + middle;
    const fromHigh = sum - high;
    const lower = high - (sum - fromHigh) + (middle - fromHigh);

    const rest = lower + lowest;
    const fromLower = rest - lower;
    const lost = lower - (rest - fromLower) + (lowest - fromLower);
    if (lost !== 0) {
      this.#addLong(id, value);
      return;
    }
    const newHigh = sum + rest;
    const fromSum = newHigh - sum;
    parts[at] = newHigh;
    parts[at + 1] = sum - (newHigh - fromSum) + (rest - fromSum);
  }

  /** The sum of these, rounded once. */
  total(ids: ArrayLike<number>): number {
    const sum = new ExactSums(1);
    for (let i = 0; i < ids.length; i++) this.#addTo(sum, ids[i] as number);
    return rounded(sum.#partsOf(0));
  }

  #addTo(sum: ExactSums, id: number): void {
    const long = this.#long.get(id);
    if (long) {
      for (const part of long) sum.add(0, part);
    } else if (2 * id < this.#parts.length) {
      sum.add(0, this.#parts[2 * id] as number);
      sum.add(0, this.#parts[2 * id + 1] as number);
    }
  }

  #partsOf(id: number): readonly number[] {
    return this.#long.get(id) ?? [this.#parts[2 * id + 1] as number, this.#parts[2 * id] as number];
  }

  #addLong(id: number, value: number): void {
    const parts = [...this.#partsOf(id)];
    grow(parts, value);
    if (parts.length > 2) {
      this.#long.set(id, parts);
      return;
    }
    this.#long.delete(id);
    this.#parts[2 * id] = parts.at(-1) ?? 0;
    this.#parts[2 * id + 1] = parts.length === 2 ? (parts[0] as number) : 0;
  }

  #grow(id: number): void {
    const parts = new Float64Array(Math.max(2 * (id + 1), 2 * this.#parts.length));
    parts.set(this.#parts);
    this.#parts = parts;
  }
}

/** Adds a number to parts that do not overlap, the smallest first. */
function grow(parts: number[], value: number): void {
  let sum = value;
  let kept = 0;
  for (const part of parts) {
    const next = sum + part;
    const fromSum = next - sum;
    const lost = sum - (next - fromSum) + (part - fromSum);
    if (lost !== 0) parts[kept++] = lost;
    sum = next;
  }
  if (sum !== 0) parts[kept++] = sum;
  parts.length = kept;
}

/** The parts as one number: half to even, as if all had been added without rounding. */
function rounded(parts: readonly number[]): number {
  let at = parts.length - 1;
  let sum = parts[at] ?? 0;
  let lost = 0;
  while (at > 0 && lost === 0) {
    const before = sum;
    const part = parts[--at] as number;
    sum = before + part;
    lost = part - (sum - before);
  }
  const next = at > 0 ? (parts[at - 1] as number) : 0;
  const isTie = (lost < 0 && next < 0) || (lost > 0 && next > 0);
  const doubled = 2 * lost;
  return isTie && sum + doubled - sum === doubled ? sum + doubled : sum;
}
