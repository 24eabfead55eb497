/** Sorts many texts as Go does, by their bytes, without holding up everything else. */
import type { Pause } from './query-turns.ts';

/** About a millisecond. */
const sortedAtOnce = 2_048;
const mergedAtOnce = 4_096;

export async function sortedTexts(texts: ReadonlySet<string>, pause: Pause): Promise<readonly string[]> {
  let runs: string[][] = [];
  for (const text of texts) {
    const last = runs.at(-1);
    if (last && last.length < sortedAtOnce) last.push(text);
    else runs.push([text]);
  }
  for (const run of runs) {
    run.sort(byBytes);
    await pause();
  }
  while (runs.length > 1) {
    const merged: string[][] = [];
    for (let at = 0; at < runs.length; at += 2) {
      merged.push(await mergedRuns(runs[at] ?? [], runs[at + 1] ?? [], pause));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergedRuns(one: readonly string[], other: readonly string[], pause: Pause): Promise<string[]> {
  const merged: string[] = [];
  let left = 0;
  let right = 0;
  while (left < one.length && right < other.length) {
    const isLeft = byBytes(one[left] as string, other[right] as string) <= 0;
    merged.push((isLeft ? one[left++] : other[right++]) as string);
    if (merged.length % mergedAtOnce === 0) await pause();
  }
  for (; left < one.length; left++) merged.push(one[left] as string);
  for (; right < other.length; right++) merged.push(other[right] as string);
  return merged;
}

/** Code units have another order where one of them is half a character. */
function byBytes(one: string, other: string): number {
  const end = Math.min(one.length, other.length);
  let at = 0;
  while (at < end && one.charCodeAt(at) === other.charCodeAt(at)) at++;
  if (at === end) return one.length - other.length;
  return rank(one.charCodeAt(at)) - rank(other.charCodeAt(at));
}

/** Characters that are written as two halves come after all others. */
function rank(code: number): number {
  return code >= 0xd800 && code < 0xe000 ? code + 0x1_0000 : code;
}
