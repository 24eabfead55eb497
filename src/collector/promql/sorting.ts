/** Many things in the order of their keys, a few at a time so that nobody waits long. */
import type { Effort } from './effort.ts';

type Ranked<Thing> = { readonly key: string; readonly thing: Thing };

const runLength = 256;

export async function sorted<Thing>(
  things: readonly Thing[],
  keyOf: (thing: Thing) => string,
  effort: Effort,
): Promise<readonly Thing[]> {
  let runs: (readonly Ranked<Thing>[])[] = [];
  for (let from = 0; from < things.length; from += runLength) {
    const run = things.slice(from, from + runLength).map((thing) => ({ key: keyOf(thing), thing }));
    runs.push(run.sort((a, b) => compare(a.key, b.key)));
    await effort.spend(300 * run.length);
  }
  while (runs.length > 1) {
    const longer: (readonly Ranked<Thing>[])[] = [];
    for (let index = 0; index < runs.length; index += 2) {
      longer.push(await mergedRuns(runs[index] ?? [], runs[index + 1] ?? [], effort));
    }
    runs = longer;
  }
  return (runs[0] ?? []).map(({ thing }) => thing);
}

async function mergedRuns<Thing>(
  left: readonly Ranked<Thing>[],
  right: readonly Ranked<Thing>[],
  effort: Effort,
): Promise<readonly Ranked<Thing>[]> {
  const all: Ranked<Thing>[] = [];
  for (let [at, to] = [0, 0]; at < left.length || to < right.length; ) {
    const [first, second] = [left[at], right[to]];
    const isFirst = first !== undefined && (second === undefined || first.key <= second.key);
    all.push((isFirst ? first : second) as Ranked<Thing>);
    if (isFirst) at++;
    else to++;
    const waiting = effort.spend(50);
    if (waiting) await waiting;
  }
  return all;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
