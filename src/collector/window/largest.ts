/** The names that were counted most; what is left is counted as `other`. */
import { type Names, other } from './names.ts';

/** Names and how often each was counted, beside each other. */
export type Counted = { readonly ids: Uint16Array; readonly counts: Uint32Array };

/**
 * The most first, then by name. Of equals that do not all fit, those that were known first.
 *
 * @param nameless what was counted without a name: it counts as `other` too
 */
export function largest(all: Counted, shownMax: number, names: Names, nameless: number): Counted {
  const { least, leastCount } = threshold(all, shownMax);
  const keys = new Float64Array(Math.min(all.ids.length, shownMax) + 1);
  let length = 0;
  let room = leastCount;
  let rest = nameless;
  for (let i = 0; i < all.ids.length; i++) {
    const id = all.ids[i] as number;
    const count = all.counts[i] as number;
    const isShown = id !== other && (count > least || (count === least && room-- > 0));
    if (isShown) keys[length++] = keyOf(id, count);
    else rest += count;
  }
  if (rest > 0) keys[length++] = keyOf(other, rest);
  return sorted(keys.subarray(0, length).sort(), names);
}

/** The smallest count that is shown, and how many with exactly this count; all are, where it is 0. */
function threshold({ ids, counts }: Counted, shownMax: number): { least: number; leastCount: number } {
  if (shownMax === 0) return { least: Number.POSITIVE_INFINITY, leastCount: 0 };
  if (ids.length <= shownMax) return { least: 0, leastCount: 0 };
  const heap = new Uint32Array(shownMax);
  for (let i = 0; i < ids.length; i++) {
    const count = counts[i] as number;
    if (ids[i] !== other && count > (heap[0] as number)) replaceLeast(heap, count);
  }
  const least = heap[0] as number;
  return { least, leastCount: heap.reduce((sum, count) => (count === least ? sum + 1 : sum), 0) };
}

/** The first is the least, and none is less than the one at half its place. */
function replaceLeast(heap: Uint32Array, count: number): void {
  const { length } = heap;
  let place = 0;
  for (let child = 1; child < length; child = 2 * place + 1) {
    if (child + 1 < length && (heap[child + 1] as number) < (heap[child] as number)) child++;
    if ((heap[child] as number) >= count) break;
    heap[place] = heap[child] as number;
    place = child;
  }
  heap[place] = count;
}

/** One number that sorts by count, the most first: sorting numbers needs no function of ours. */
function keyOf(id: number, count: number): number {
  return (0xffff_ffff - count) * 65_536 + id;
}

function sorted(keys: Float64Array, names: Names): Counted {
  const ids = new Uint16Array(keys.length);
  const counts = new Uint32Array(keys.length);
  let start = 0;
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    const inverse = Math.floor(key / 65_536);
    ids[i] = key - inverse * 65_536;
    counts[i] = 0xffff_ffff - inverse;
    if (counts[i] === counts[start]) continue;
    sortByName(ids, start, i, names);
    start = i;
  }
  sortByName(ids, start, ids.length, names);
  return { ids, counts };
}

/** Most often there are few with the same count. */
const fewMax = 16;

function sortByName(ids: Uint16Array, start: number, end: number, names: Names): void {
  if (end - start > fewMax) {
    ids.subarray(start, end).sort((one, two) => names.compare(one, two));
    return;
  }
  for (let i = start + 1; i < end; i++) {
    const id = ids[i] as number;
    let to = i;
    for (; to > start && names.compare(ids[to - 1] as number, id) > 0; to--) ids[to] = ids[to - 1] as number;
    ids[to] = id;
  }
}
