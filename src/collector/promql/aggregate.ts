/** Many series made one, for each group of labels. */
import { sieveOf } from './grouping.ts';
import { staysInfinite } from './over-time.ts';
import { quantileOf } from './quantile.ts';
import { numbers, type QueryRun } from './query-run.ts';
import type { Row } from './row.ts';
import type { Grouping } from './syntax.ts';

/** What becomes of the value so far when another one comes. @param count with the other one */
type Fold = (sofar: number, value: number, count: number) => number;

const folds: ReadonlyMap<string, Fold> = new Map<string, Fold>([
  ['sum', (sofar, value) => sofar + value],
  ['min', (sofar, value) => (sofar > value || Number.isNaN(sofar) ? value : sofar)],
  ['max', (sofar, value) => (sofar < value || Number.isNaN(sofar) ? value : sofar)],
  ['count', (_sofar, _value, count) => count],
  [
    'avg',
    (mean, value, count) => (staysInfinite(mean, value) ? mean : mean + (value / count - mean / count)),
  ],
]);

type Group = { readonly row: Row; readonly members: Row[] };

/** @param shares of `quantile`, one for each moment */
export async function aggregated(
  operator: string,
  grouping: Grouping,
  rows: readonly Row[],
  shares: Float64Array | undefined,
  run: QueryRun,
): Promise<readonly Row[]> {
  const groups = await grouped(grouping, rows, run);
  const fold = folds.get(operator);
  for (const { row, members } of groups) {
    if (fold) await foldAll(row, members, fold, operator === 'count', run);
    else if (shares) await rank(row, members, shares, run);
  }
  return groups.map(({ row }) => row);
}

async function grouped(grouping: Grouping, rows: readonly Row[], run: QueryRun): Promise<readonly Group[]> {
  const sieve = sieveOf(grouping);
  const groups = new Map<string, Group>();
  for (const member of rows) {
    const key = sieve.keyOf(member);
    const group = groups.get(key);
    if (group) group.members.push(member);
    else {
      const row = { ...sieve.rest(member), values: numbers(run), has: new Uint8Array(run.steps) };
      groups.set(key, { row, members: [member] });
    }
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  return [...groups.values()];
}

async function foldAll(
  into: Row,
  members: readonly Row[],
  fold: Fold,
  isCount: boolean,
  run: QueryRun,
): Promise<void> {
  const counts = new Uint32Array(run.steps);
  for (const { values, has } of members) {
    for (let step = 0; step < has.length; step++) {
      if (has[step] === 0) continue;
      const count = (counts[step] as number) + 1;
      counts[step] = count;
      const value = values[step] as number;
      // Nothing is added to the first, so that -0 stays what it is.
      if (count === 1) into.values[step] = isCount ? 1 : value;
      else into.values[step] = fold(into.values[step] as number, value, count);
      into.has[step] = 1;
    }
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
}

async function rank(into: Row, members: readonly Row[], shares: Float64Array, run: QueryRun): Promise<void> {
  const gathered = new Float64Array(members.length);
  for (let step = 0; step < run.steps; step++) {
    let count = 0;
    for (const { values, has } of members) if (has[step] === 1) gathered[count++] = values[step] as number;
    const waiting = run.effort.touch(members.length);
    if (waiting) await waiting;
    if (count === 0) continue;
    into.values[step] = quantileOf(shares[step] as number, gathered.subarray(0, count).sort());
    into.has[step] = 1;
  }
}
