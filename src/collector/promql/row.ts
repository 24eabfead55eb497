/** The values of one series of a vector, one place for each moment of the query. */
import type { Labels } from '../../exposition/family.ts';
import { labelKey, sortedNames } from '../series/labels.ts';
import type { Effort } from './effort.ts';
import { QueryError } from './query.ts';

/** What tells a series of a vector from the others. */
export type Identity = {
  /** Empty where it is no metric's own value any more. */
  readonly name: string;
  readonly labels: Labels;
};

export type Row = Identity & {
  readonly values: Float64Array;
  /** 1 where there is a value: any number may be one, NaN too. At least one place has one. */
  readonly has: Uint8Array;
};

export const noLabels: Labels = Object.freeze({});

function keyOf({ name, labels }: Identity): string {
  return `${name}\0${labelKey(labels)}`;
}

/** Texts that sort as Prometheus sorts labels: pairs of name and value, the metric's name among them. */
export function sortKey({ name, labels }: Identity): string {
  let key = '';
  let isNamed = name === '';
  for (const label of sortedNames(labels)) {
    if (!isNamed && label > '__name__') {
      key += `__name__\0${name}\0`;
      isNamed = true;
    }
    key += `${label}\0${labels[label]}\0`;
  }
  return isNamed ? key : `${key}__name__\0${name}\0`;
}

/** `{__name__="up", job="a"}`. */
export function printed({ name, labels }: Identity): string {
  const pairs = sortedNames(labels).map((label) => [label, labels[label]]);
  if (name !== '') pairs.push(['__name__', name]);
  pairs.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
  return `{${pairs.map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(', ')}}`;
}

function sameLabels(): QueryError {
  return new QueryError('execution', 'vector cannot contain metrics with the same labelset');
}

/** Rows of the same labels become one; two values of one moment are an error. */
export async function merged(rows: readonly Row[], effort: Effort): Promise<readonly Row[]> {
  const found = new Map<string, Row>();
  for (const row of rows) {
    const waiting = effort.pause();
    if (waiting) await waiting;
    const key = keyOf(row);
    const before = found.get(key);
    found.set(key, before ? joined(before, row) : row);
  }
  return [...found.values()];
}

function joined(into: Row, { values, has }: Row): Row {
  for (let step = 0; step < has.length; step++) {
    if (has[step] === 0) continue;
    if (into.has[step] === 1) throw sameLabels();
    into.values[step] = values[step] as number;
    into.has[step] = 1;
  }
  return into;
}

/** Throws where two rows have the same labels, whatever their moments. */
export async function expectDistinct(rows: readonly Row[], effort: Effort): Promise<void> {
  const keys = new Set<string>();
  for (const row of rows) {
    const waiting = effort.pause();
    if (waiting) await waiting;
    const key = keyOf(row);
    if (keys.has(key)) throw sameLabels();
    keys.add(key);
  }
}
