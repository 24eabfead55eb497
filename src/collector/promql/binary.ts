/** Operators between scalars and vectors. */
import { type Operator, operatorOf } from './operators.ts';
import { numbers, type QueryRun } from './query-run.ts';
import { merged, type Row } from './row.ts';

export function scalarByScalar(
  text: string,
  left: Float64Array,
  right: Float64Array,
  run: QueryRun,
): Float64Array {
  const operator = operatorOf(text);
  const values = numbers(run);
  for (let step = 0; step < values.length; step++) {
    values[step] = operator.of(left[step] as number, right[step] as number);
  }
  return values;
}

export type Sided = {
  readonly operator: string;
  readonly isBool: boolean;
  /** Whether the scalar stands on the left. */
  readonly isSwapped: boolean;
};

export async function vectorByScalar(
  { operator: text, isBool, isSwapped }: Sided,
  rows: readonly Row[],
  scalar: Float64Array,
  run: QueryRun,
): Promise<readonly Row[]> {
  const operator = operatorOf(text);
  const made: Row[] = [];
  for (const row of rows) {
    const waiting = run.effort.pause();
    if (waiting) await waiting;
    const next = {
      ...row,
      name: keepsName(operator, isBool) ? row.name : '',
      values: numbers(run),
      has: row.has.slice(),
    };
    const work = { operator, isFilter: operator.isComparison && !isBool };
    if (fill(next, work, row, isSwapped ? scalar : row.values, isSwapped ? row.values : scalar))
      made.push(next);
  }
  return merged(made, run.effort);
}

/** Whether a result still is the metric's own value. */
export function keepsName(operator: Operator, isBool: boolean): boolean {
  return operator.isComparison && !isBool;
}

type Work = {
  readonly operator: Operator;
  /** A filter leaves the vector's own value where it holds, and nothing elsewhere. */
  readonly isFilter: boolean;
};

function fill(
  into: Row,
  { operator, isFilter }: Work,
  row: Row,
  left: Float64Array,
  right: Float64Array,
): boolean {
  let isFilled = false;
  for (let step = 0; step < into.has.length; step++) {
    if (into.has[step] === 0) continue;
    const value = operator.of(left[step] as number, right[step] as number);
    if (isFilter && value === 0) {
      into.has[step] = 0;
      continue;
    }
    into.values[step] = isFilter ? (row.values[step] as number) : value;
    isFilled = true;
  }
  return isFilled;
}

/** What an instrument of one number makes of each value. */
export async function mapped(
  rows: readonly Row[],
  of: (value: number, step: number) => number,
  run: QueryRun,
): Promise<readonly Row[]> {
  const made: Row[] = [];
  for (const row of rows) {
    const waiting = run.effort.pause();
    if (waiting) await waiting;
    const values = numbers(run);
    for (let step = 0; step < values.length; step++) {
      if (row.has[step] === 1) values[step] = of(row.values[step] as number, step);
    }
    made.push({ ...row, name: '', values });
  }
  return made;
}
