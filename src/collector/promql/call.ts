/** Functions of vectors and scalars. */
import { mapped } from './binary.ts';
import { numbers, type QueryRun } from './query-run.ts';
import { merged, noLabels, type Row } from './row.ts';
import type { Expression } from './syntax.ts';

/** Of one number; a second one is there where the function takes a scalar. */
type Elementwise = (value: number, second: number) => number;

const elementwise: ReadonlyMap<string, Elementwise> = new Map<string, Elementwise>([
  ['abs', (value) => Math.abs(value)],
  ['ceil', (value) => Math.ceil(value)],
  ['floor', (value) => Math.floor(value)],
  ['clamp_min', (value, least) => larger(value, least)],
  ['clamp_max', (value, most) => -larger(-value, -most)],
  ['round', round],
]);

export function isElementwise(name: string): boolean {
  return elementwise.has(name);
}

export async function elementwiseRows(
  name: string,
  rows: readonly Row[],
  seconds: Float64Array | undefined,
  run: QueryRun,
): Promise<readonly Row[]> {
  const of = elementwise.get(name) as Elementwise;
  const made = await mapped(rows, (value, step) => of(value, seconds?.[step] ?? 1), run);
  return merged(made, run.effort);
}

/** As in Go infinity is larger than what is no number. */
function larger(a: number, b: number): number {
  const infinite = Number.POSITIVE_INFINITY;
  return a === infinite || b === infinite ? infinite : Math.max(a, b);
}

function round(value: number, nearest: number): number {
  const inverse = 1 / nearest;
  return Math.floor(value * inverse + 0.5) / inverse;
}

/** The value of a vector that has exactly one, else NaN. */
export async function scalarOf(rows: readonly Row[], run: QueryRun): Promise<Float64Array> {
  const values = numbers(run);
  const counts = new Uint32Array(run.steps);
  for (const row of rows) {
    for (let step = 0; step < run.steps; step++) {
      if (row.has[step] === 0) continue;
      const count = (counts[step] as number) + 1;
      counts[step] = count;
      values[step] = count === 1 ? (row.values[step] as number) : Number.NaN;
    }
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  for (let step = 0; step < run.steps; step++) if (counts[step] === 0) values[step] = Number.NaN;
  return values;
}

export function vectorOf(values: Float64Array, run: QueryRun): readonly Row[] {
  return [{ name: '', labels: noLabels, values, has: new Uint8Array(run.steps).fill(1) }];
}

/** 1 at the moments at which there is nothing. */
export async function absent(
  asked: Expression,
  rows: readonly Row[],
  run: QueryRun,
): Promise<readonly Row[]> {
  const has = new Uint8Array(run.steps).fill(1);
  for (const row of rows) {
    for (let step = 0; step < run.steps; step++) if (row.has[step] === 1) has[step] = 0;
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  if (!has.includes(1)) return [];
  return [{ name: '', labels: absentLabels(asked), values: numbers(run).fill(1), has }];
}

/** What the selector says that they are, where it says it once. */
function absentLabels(asked: Expression): Readonly<Record<string, string>> {
  if (asked.kind !== 'instant') return noLabels;
  const said = new Map<string, string>();
  const unclear = new Set<string>();
  for (const { name, operator, value } of asked.selector.matchers) {
    if (name === '__name__') continue;
    if (operator === '=' && !said.has(name)) said.set(name, value);
    else unclear.add(name);
  }
  const clear = [...said].filter(([name, value]) => !unclear.has(name) && value !== '');
  return Object.fromEntries(clear.sort(([a], [b]) => (a < b ? -1 : 1)));
}
