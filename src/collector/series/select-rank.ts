/**
 * Several order statistics at once, without sorting what lies between them.
 *
 * Quickselect whose pivots are taken from a sample, a little to the side of the wanted rank (as Floyd
 * and Rivest have it): most of what is not wanted falls away at once. Whatever the order of the values,
 * so few parts are tried before the rest is sorted that nobody can make it quadratic.
 */

/** By the documented rule. */
export function rankOf(percent: number, count: number): number {
  return Math.ceil((percent / 100) * (count - 1));
}

/** How many values are moved before others may have their turn: less than a millisecond. */
const swapsAtOnce = 50_000;
/** Up to here sorting costs least. */
const sortedMax = 40;
const passesMax = 40;

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
    const range = { low: from, high: count - 1 };
    for (let pass = 0; range.high - range.low >= sortedMax && pass < passesMax; pass++) {
      const pivot = choosePivot(values, range.low, range.high, rank, pass);
      const part = { left: range.low, right: range.high };
      while (!partition(values, pivot, part)) yield;
      if (part.right < rank) range.low = part.left;
      if (part.left > rank) range.high = part.right;
    }
    if (range.high > range.low) sort(values, range.low, range.high);
    from = rank;
  }
}

type Part = { left: number; right: number };

/** Moves what is smaller to the left and what is larger to the right: whether that is done. */
function partition(values: Float64Array, pivot: number, part: Part): boolean {
  let { left, right } = part;
  let swaps = 0;
  while (left <= right && swaps < swapsAtOnce) {
    while ((values[left] as number) < pivot) left++;
    while ((values[right] as number) > pivot) right--;
    if (left > right) break;
    const held = values[left] as number;
    values[left++] = values[right] as number;
    values[right--] = held;
    swaps++;
  }
  part.left = left;
  part.right = right;
  return left > right;
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

const sampleMax = 64;

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
