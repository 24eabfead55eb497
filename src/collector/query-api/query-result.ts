/** The result of a query as Prometheus prints it. */
import type { QueryResult, ResultSeries } from '../promql/query.ts';
import { pointText, pointTimeText, scalarText } from './go-text.ts';
import type { JsonAnswer } from './json-answer.ts';

/** Points that are written at once: a fraction of a millisecond. */
const pointsAtOnce = 256;

export type ResultShape = {
  /** Over time, where even a scalar is a series. */
  readonly isRange: boolean;
  /** Of series; 0: all of them. */
  readonly limit: number;
};

export async function writeResult(
  answer: JsonAnswer,
  result: QueryResult,
  { isRange, limit }: ResultShape,
): Promise<void> {
  if (result.type === 'scalar' && !isRange) {
    const [timeMs = 0] = result.series.timesMs;
    const [value = Number.NaN] = result.series.values;
    const text = `{"resultType":"scalar","result":[${timeMs / 1_000},"${scalarText(value)}"]}`;
    await answer.add(`{"status":"success","data":${text}}`);
    return;
  }
  const all = result.type === 'scalar' ? [result.series] : result.series;
  const isCut = limit > 0 && all.length > limit && result.type !== 'scalar';
  const shown = isCut ? all.slice(0, limit) : all;
  const isMatrix = isRange || result.type === 'matrix';
  await answer.add(`{"status":"success","data":{"resultType":"${isMatrix ? 'matrix' : 'vector'}","result":`);
  let before = '[';
  for (const series of shown) {
    await answer.add(`${before}{"metric":${JSON.stringify(series.labels)},`);
    if (isMatrix) await writePoints(answer, series);
    else await answer.add(`"value":${point(series, 0)}}`);
    before = ',';
  }
  await answer.add(`${before === '[' ? '[]' : ']'}}${isCut ? truncated : ''}}`);
}

/** What newer versions of Prometheus add to a list that has more than was asked for. */
export const truncated = ',"warnings":["results truncated due to limit"]';

async function writePoints(answer: JsonAnswer, series: ResultSeries): Promise<void> {
  const count = series.timesMs.length;
  for (let from = 0; from < count; from += pointsAtOnce) {
    const until = Math.min(count, from + pointsAtOnce);
    const texts: string[] = [];
    for (let at = from; at < until; at++) texts.push(point(series, at));
    await answer.add((from === 0 ? '"values":[' : ',') + texts.join(','));
  }
  await answer.add(']}');
}

function point({ timesMs, values }: ResultSeries, at: number): string {
  return `[${pointTimeText(timesMs[at] as number)},"${pointText(values[at] as number)}"]`;
}
