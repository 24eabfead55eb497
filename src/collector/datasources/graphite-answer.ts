/** Reads what a Graphite renders as JSON: `[{"target": "0", "datapoints": [[value, seconds], …]}, …]`. */
import { parseJsonAnswer } from '../../http/json-answer.ts';
import { Failure } from '../../model/failure.ts';
import { type DatasourceQuestion, garbled, type Track } from './datasource.ts';
import { checkSeriesCount, isObject, kindOf, TrackBuilder } from './tracks.ts';

/**
 * The series of each question are those that are named by its number: several, or none where Graphite knows
 * nothing of it.
 */
export function graphiteTracks(
  body: Buffer,
  questions: readonly DatasourceQuestion[],
): readonly (readonly Track[] | Failure)[] {
  const answer = parseJsonAnswer('datasource', body);
  if (!Array.isArray(answer)) throw garbled(`the answer is ${kindOf(answer)}, not a list of series`);
  const lists = questions.map((): unknown[] => []);
  for (const series of answer as readonly unknown[]) {
    if (!isObject(series)) throw garbled(`a series is ${kindOf(series)}, not an object`);
    const { target, datapoints } = series;
    const list = typeof target === 'string' && /^\d+$/.test(target) ? lists[Number(target)] : undefined;
    if (!list) throw garbled('the answer has a series that was not asked for');
    list.push(datapoints);
  }
  return questions.map((question, index) => tracksOf(lists[index] ?? [], question));
}

function tracksOf(
  lists: readonly unknown[],
  { fromMs, toMs }: DatasourceQuestion,
): readonly Track[] | Failure {
  try {
    checkSeriesCount(lists.length);
    return lists.flatMap((datapoints) => trackOf(datapoints, fromMs, toMs) ?? []);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

function trackOf(datapoints: unknown, fromMs: number, toMs: number): Track | undefined {
  if (!Array.isArray(datapoints))
    throw garbled(`the points of a series are ${kindOf(datapoints)}, not a list`);
  const track = new TrackBuilder();
  for (const point of datapoints as readonly unknown[]) {
    if (!Array.isArray(point)) throw garbled(`a point is ${kindOf(point)}, not a value with its time`);
    const timeMs = timeOf(point[1]);
    const value = numberOf(point[0]);
    track.add(timeMs, timeMs < fromMs || timeMs > toMs ? undefined : value);
  }
  return track.build();
}

function timeOf(seconds: unknown): number {
  if (typeof seconds !== 'number') throw garbled(`the time of a point is ${kindOf(seconds)}, not a number`);
  if (!Number.isSafeInteger(seconds)) throw garbled('the time of a point is no whole number');
  return seconds * 1_000;
}

/** Null is no value; where Graphite writes 1e9999 it means an infinity, which is one. */
function numberOf(value: unknown): number | undefined {
  if (value === null) return undefined;
  if (typeof value !== 'number') throw garbled(`the value of a point is ${kindOf(value)}, not a number`);
  return value;
}
