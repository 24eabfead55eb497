/** Many things in the order of their keys' bytes, as Go sorts texts, a few at a time so that nobody waits long. */
import type { Pause } from '../../model/clock.ts';

type Ranked<Thing> = { readonly key: string; readonly thing: Thing };

const runLength = 128;

export async function sorted<Thing>(
  things: Iterable<Thing>,
  keyOf: (thing: Thing) => string,
  pause: Pause,
): Promise<readonly Thing[]> {
  let runs: (readonly Ranked<Thing>[])[] = [];
  let run: Ranked<Thing>[] = [];
  for (const thing of things) {
    if (run.length === 0) runs.push(run);
    run.push({ key: inOrderOfBytes(keyOf(thing)), thing });
    if (run.length < runLength) continue;
    run.sort((a, b) => compare(a.key, b.key));
    run = [];
    const waiting = pause();
    if (waiting) await waiting;
  }
  run.sort((a, b) => compare(a.key, b.key));
  while (runs.length > 1) {
    const longer: (readonly Ranked<Thing>[])[] = [];
    for (let index = 0; index < runs.length; index += 2) {
      longer.push(await mergedRuns(runs[index] ?? [], runs[index + 1] ?? [], pause));
    }
    runs = longer;
  }
  return (runs[0] ?? []).map(({ thing }) => thing);
}

async function mergedRuns<Thing>(
  left: readonly Ranked<Thing>[],
  right: readonly Ranked<Thing>[],
  pause: Pause,
): Promise<readonly Ranked<Thing>[]> {
  const all: Ranked<Thing>[] = [];
  for (let [at, to] = [0, 0]; at < left.length || to < right.length; ) {
    const [first, second] = [left[at], right[to]];
    const isFirst = first !== undefined && (second === undefined || first.key <= second.key);
    all.push((isFirst ? first : second) as Ranked<Thing>);
    if (isFirst) at++;
    else to++;
    if (all.length % runLength !== 0) continue;
    const waiting = pause();
    if (waiting) await waiting;
  }
  return all;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The language sorts by units of 16 bits: half a character is made a larger one than all whole characters. */
function inOrderOfBytes(text: string): string {
  return text.replace(/[\ud800-\uffff]/g, (unit) => {
    const code = unit.charCodeAt(0);
    return String.fromCharCode(code < 0xe000 ? code + 0x2000 : code - 0x800);
  });
}
