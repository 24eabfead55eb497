/**
 * Several order statistics at once, without sorting what lies between them.
 *
 * Quickselect whose pivots are taken from a sample, a little to the side of the wanted rank (as Floyd
 * and Rivest have it): most of what is not wanted falls away at once. After so many pivots the rest is
 * sorted: there is no order of values that makes it quadratic.
 */

/** By the documented rule. */
export function rankOf(percent: number, count: number): number {
  return Math.ceil((percent / 100) * (count - 1));
}

/** How many values are looked at before others may have their turn: less than a millisecond. */
const lookedAtOnce = 100_000;
/** Up to here sorting costs least. */
const sortedMax = 40;
const passesMax = 60;

/**
 * Moves the values until each rank holds what it would hold if all were sorted.
 *
 * @param values of which the first `count` are looked at; without NaN
 * @param ranks from 0, in ascending order
 * @returns pauses where others may have their turn
 */
export function* selectRanks(
  values: Float64Array,
  count: number,
  ranks: readonly number[],
): Generator<undefined, void> {
  let from = 0;
  for (const rank of ranks) {
    yield* selectRank(values, from, count - 1, rank);
    from = rank;
  }
}

function* selectRank(
  values: Float64Array,
  from: number,
  to: number,
  rank: number,
): Generator<undefined, void> {
  let low = from;
  let high = to;
  for (let pass = 0; high - low >= sortedMax && pass < passesMax; pass++) {
    const pivot = choosePivot(values, low, high, rank, pass);
    const middle = yield* partition(values, low, high, pivot, moveSmaller);
    if (rank < middle) high = middle - 1;
    else if (middle > low) low = middle;
    else {
      // Nothing is smaller: what is the same, perhaps very much, comes first.
      const end = yield* partition(values, low, high, pivot, moveSame);
      if (rank < end) return;
      low = end;
    }
  }
  if (high > low) sort(values, low, high);
}

type Move = (values: Float64Array, from: number, end: number, to: number, pivot: number) => number;

/** Moves some values to the front of the range: where the others begin. */
function* partition(
  values: Float64Array,
  low: number,
  high: number,
  pivot: number,
  move: Move,
): Generator<undefined, number> {
  let to = low;
  for (let from = low; from <= high; from += lookedAtOnce) {
    if (from > low) yield;
    to = move(values, from, Math.min(high + 1, from + lookedAtOnce), to, pivot);
  }
  return to;
}

/** Every value is moved, and what becomes of it is counted: a branch would be guessed wrong half the time. */
function moveSmaller(values: Float64Array, from: number, end: number, to: number, pivot: number): number {
  let middle = to;
  for (let at = from; at < end; at++) {
    const value = values[at] as number;
    values[at] = values[middle] as number;
    values[middle] = value;
    middle += Number(value < pivot);
  }
  return middle;
}

/** Of values that are not smaller than the pivot. */
function moveSame(values: Float64Array, from: number, end: number, to: number, pivot: number): number {
  let middle = to;
  for (let at = from; at < end; at++) {
    const value = values[at] as number;
    values[at] = values[middle] as number;
    values[middle] = value;
    middle += Number(value === pivot);
  }
  return middle;
}

/** @param pass each looks elsewhere, so that no order of the values misleads all of them */
function choosePivot(values: Float64Array, low: number, high: number, rank: number, pass: number): number {
  const count = high - low + 1;
  const size = Math.min(sampleMax, Math.max(5, Math.round(Math.sqrt(count))));
  const sample = new Float64Array(size);
  const step = count / size;
  let chance = (pass + 1) * 0x9e3779b1;
  for (let index = 0; index < size; index++) {
    chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
    sample[index] = values[low + Math.floor((index + chance / 2 ** 32) * step)] as number;
  }
  sortSmall(sample);
  const share = (rank - low + 0.5) / count;
  const aside = Math.sqrt(size * share * (1 - share));
  const at = Math.round(share * size - 0.5 + (share < 0.5 ? aside : -aside));
  return sample[Math.min(size - 1, Math.max(0, at))] as number;
}

const sampleMax = 24;

function sort(values: Float64Array, low: number, high: number): void {
  const part = values.subarray(low, high + 1);
  if (part.length <= sortedMax) sortSmall(part);
  else part.sort();
}

function sortSmall(values: Float64Array): void {
  for (let index = 1; index < values.length; index++) {
    const value = values[index] as number;
    let at = index;
    for (; at > 0 && (values[at - 1] as number) > value; at--) values[at] = values[at - 1] as number;
    values[at] = value;
  }
}
