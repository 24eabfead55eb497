/** What a query gave, for whoever asked. */
import type { Labels } from '../../exposition/family.ts';
import { sortedNames } from '../series/labels.ts';
import type { QueryResult, ResultSeries } from './query.ts';
import type { QueryRun } from './query-run.ts';
import { type Identity, noLabels, type Row, sortKey } from './row.ts';
import { sorted } from './sorting.ts';

export function scalarResult(values: Float64Array, run: QueryRun): QueryResult {
  const timesMs = Array.from(values, (_, step) => run.fromMs + step * run.stepMs);
  return { type: 'scalar', series: { labels: noLabels, timesMs, values: Array.from(values) } };
}

/** Over time in the order of labels, as Prometheus has it; at one moment in the order in which it was worked out. */
export async function resultOf(rows: readonly Row[], run: QueryRun): Promise<QueryResult> {
  const ordered = run.stepMs === 0 ? rows : await sorted(rows, sortKey, run.effort.pause);
  const series: ResultSeries[] = [];
  for (const row of ordered) {
    series.push(seriesOf(row, run));
    const waiting = run.effort.pause();
    if (waiting) await waiting;
  }
  return { type: 'vector', series };
}

function seriesOf(row: Row, { fromMs, stepMs }: QueryRun): ResultSeries {
  const timesMs: number[] = [];
  const values: number[] = [];
  for (let step = 0; step < row.has.length; step++) {
    if (row.has[step] === 0) continue;
    timesMs.push(fromMs + step * stepMs);
    values.push(row.values[step] as number);
  }
  return { labels: allLabels(row), timesMs, values };
}

/** The metric's name stands among them where its own name sorts. */
function allLabels({ name, labels }: Identity): Labels {
  if (name === '') return labels;
  const named = { __name__: name, ...labels };
  return Object.fromEntries(sortedNames(named).map((label) => [label, named[label as '__name__']]));
}
