/** Finds the word that was meant: for "did you mean" after a misspelt key. */

const lengthMax = 60;

/** The nearest of the known words, if it is near enough to have been meant. */
export function nearest(written: string, known: Iterable<string>): string | undefined {
  if (written.length > lengthMax) return undefined;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(written.length / 3)) + 1;
  for (const word of known) {
    if (Math.abs(word.length - written.length) >= bestDistance) continue;
    const distance = editDistance(written, word);
    // What has no letter in common was not meant.
    if (distance < bestDistance && distance < written.length) [best, bestDistance] = [word, distance];
  }
  return best;
}

/** Damerau and Levenshtein: letters added, left out, replaced, and neighbours in the wrong order. */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replaced = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? (beforeLast[j - 2] ?? 0) + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, swapped));
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
