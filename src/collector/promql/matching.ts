/** Operators between two vectors: each series of one side meets at most one of the other. */
import { keepsName } from './binary.ts';
import { type Sieve, sieveOf } from './grouping.ts';
import { type Operator, operatorOf } from './operators.ts';
import { QueryError } from './query.ts';
import { numbers, type QueryRun } from './query-run.ts';
import { type Identity, merged, printed, type Row } from './row.ts';
import type { Binary, Grouping } from './syntax.ts';

const allLabels: Grouping = { isOnly: false, labels: [] };

export async function vectorByVector(
  { operator: text, isBool, matching }: Binary,
  left: readonly Row[],
  right: readonly Row[],
  run: QueryRun,
): Promise<readonly Row[]> {
  const operator = operatorOf(text);
  const grouping = matching?.grouping ?? allLabels;
  const sieve = sieveOf(grouping);
  const others = await grouped(right, sieve, run);
  await expectUnique(others, left, sieve, run);
  const identify = identifying(operator, isBool, grouping, sieve);
  const made: Row[] = [];
  const taken = new Map<string, Uint8Array>();
  for (const row of left) {
    const key = sieve.keyOf(row);
    for (const other of others.get(key) ?? []) {
      const next = { ...identify(row), values: numbers(run), has: new Uint8Array(run.steps) };
      const met = taken.get(key) ?? new Uint8Array(run.steps);
      taken.set(key, met);
      if (meet(next, { operator, isBool, met }, row, other)) made.push(next);
      const waiting = run.effort.pause();
      if (waiting) await waiting;
    }
  }
  return merged(made, run.effort);
}

async function grouped(
  rows: readonly Row[],
  sieve: Sieve,
  { effort }: QueryRun,
): Promise<Map<string, Row[]>> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = sieve.keyOf(row);
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
    const waiting = effort.pause();
    if (waiting) await waiting;
  }
  return groups;
}

/** Two series of the right side that would meet the same one are an error where the left side has anything. */
async function expectUnique(
  groups: ReadonlyMap<string, readonly Row[]>,
  left: readonly Row[],
  sieve: Sieve,
  run: QueryRun,
): Promise<void> {
  if ([...groups.values()].every(({ length }) => length === 1)) return;
  const isAsked = new Uint8Array(run.steps);
  for (const { has } of left) {
    for (let step = 0; step < has.length; step++)
      isAsked[step] = (isAsked[step] as number) | (has[step] as number);
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  for (const rows of groups.values()) {
    if (rows.length === 1) continue;
    const seen: (Row | undefined)[] = [];
    for (const row of rows) {
      expectFirst(seen, row, isAsked, sieve);
      const waiting = run.effort.pause();
      if (waiting) await waiting;
    }
  }
}

function expectFirst(seen: (Row | undefined)[], row: Row, isAsked: Uint8Array, sieve: Sieve): void {
  for (let step = 0; step < isAsked.length; step++) {
    if (row.has[step] === 0 || isAsked[step] === 0) continue;
    const before = seen[step];
    if (before) {
      throw new QueryError(
        'execution',
        `found duplicate series for the match group ${printed(sieve.rest(row))} on the right hand-side of the ` +
          `operation: [${printed(row)}, ${printed(before)}];many-to-many matching not allowed: matching labels ` +
          'must be unique on one side',
      );
    }
    seen[step] = row;
  }
}

function identifying(
  operator: Operator,
  isBool: boolean,
  grouping: Grouping,
  sieve: Sieve,
): (row: Row) => Identity {
  return (row) => {
    const { name, labels } = sieve.rest(row);
    if (!keepsName(operator, isBool)) return { name: '', labels };
    // A filter keeps the name, unless it is told which labels are to stay.
    return { name: grouping.isOnly ? name : row.name, labels };
  };
}

type Meeting = {
  readonly operator: Operator;
  readonly isBool: boolean;
  /** 1 where a series of this group has met another one. */
  readonly met: Uint8Array;
};

function meet(into: Row, { operator, isBool, met }: Meeting, left: Row, right: Row): boolean {
  let isFilled = false;
  const isFilter = operator.isComparison && !isBool;
  for (let step = 0; step < into.has.length; step++) {
    if (left.has[step] === 0 || right.has[step] === 0) continue;
    const value = operator.of(left.values[step] as number, right.values[step] as number);
    if (isFilter && value === 0) continue;
    if (met[step] === 1) {
      const remedy = 'many-to-one matching must be explicit (group_left/group_right)';
      throw new QueryError('execution', `multiple matches for labels: ${remedy}`);
    }
    met[step] = 1;
    into.values[step] = isFilter ? (left.values[step] as number) : value;
    into.has[step] = 1;
    isFilled = true;
  }
  return isFilled;
}
