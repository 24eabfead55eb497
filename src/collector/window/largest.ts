/** The names that were counted most; what is left is counted as `other`. */
import { type Names, other } from './names.ts';

/** Names and how often each was counted, beside each other. */
export type Counted = { readonly ids: Uint16Array; readonly counts: Uint32Array };

/** The most first, then by name. Of equals that do not all fit, those that were known first. */
export function largest(all: Counted, shownMax: number, names: Names): Counted {
  const [least, leastCount] = threshold(all, shownMax);
  const keys = new Float64Array(Math.min(all.ids.length, shownMax + 1) + 1);
  let length = 0;
  let room = leastCount;
  let rest = 0;
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

/** The smallest count that is shown, and how many with exactly this count. */
function threshold({ ids, counts }: Counted, shownMax: number): readonly [number, number] {
  if (ids.length <= shownMax) return [0, 0];
  const ascending = counts.filter((_, i) => ids[i] !== other).sort();
  if (ascending.length <= shownMax) return [0, 0];
  const least = ascending[ascending.length - shownMax] as number;
  let more = 0;
  while (more < shownMax && (ascending[ascending.length - 1 - more] as number) > least) more++;
  return [least, shownMax - more];
}

/** One number that sorts by count, the most first: sorting numbers needs no function of ours. */
function keyOf(id: number, count: number): number {
  return (0xffff_ffff - count) * 65_536 + id;
}

function sorted(keys: Float64Array, names: Names): Counted {
  const ids = new Uint16Array(keys.length);
  const counts = new Uint32Array(keys.length);
  for (let i = 0; i < keys.length; i++) {
    const key = keys[i] as number;
    ids[i] = key % 65_536;
    counts[i] = 0xffff_ffff - Math.floor(key / 65_536);
  }
  for (let start = 0; start < ids.length; ) {
    let end = start + 1;
    while (end < ids.length && counts[end] === counts[start]) end++;
    if (end - start > 1) ids.subarray(start, end).sort((one, two) => names.compare(one, two));
    start = end;
  }
  return { ids, counts };
}
