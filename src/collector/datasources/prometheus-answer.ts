/** Reads what query_range of Prometheus's API answers, and why it answers nothing. */
import type { HttpAnswer } from '../../http/ask.ts';
import { parseJsonAnswer } from '../../http/json-answer.ts';
import { readable } from '../../http/readable.ts';
import { refusalOf } from '../../http/token-asker.ts';
import { Failure, type FailureReason } from '../../model/failure.ts';
import type { Secret } from '../../model/secret.ts';
import { garbled, type Track } from './datasource.ts';
import { checkSeriesCount, isObject, kindOf, TrackBuilder } from './tracks.ts';

/** The evaluation times that were asked for. */
type Steps = { readonly fromMs: number; readonly toMs: number; readonly stepMs: number };

type Secrets = readonly (Secret | undefined)[];

/** Prometheus's own words for kinds of errors; others keep the reason that their status has. */
const reasons: Readonly<Record<string, FailureReason>> = {
  bad_data: 'rejected',
  execution: 'rejected',
  timeout: 'timeout',
  unavailable: 'failed',
  internal: 'failed',
};

/** Undefined where the answer is one. */
export function prometheusRefusal(answer: HttpAnswer, secrets: Secrets, nowMs: number): Failure | undefined {
  if (answer.status === 200) return undefined;
  const error = errorIn(answer.body);
  const said = () => readable(error ? Buffer.from(error.said) : answer.body, ...secrets);
  const refusal = refusalOf('datasource', answer, said, nowMs);
  const reason = error && reasons[error.kind];
  // Who we are comes before what we ask.
  if (!refusal || !reason || !['rejected', 'failed'].includes(refusal.reason)) return refusal;
  const { httpStatus, retryAfterMs } = refusal;
  return new Failure('datasource', reason, refusal.message, {
    ...(httpStatus !== undefined && { httpStatus }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

function errorIn(body: Buffer): { readonly kind: string; readonly said: string } | undefined {
  try {
    const answer = parseJsonAnswer('datasource', body);
    if (!isObject(answer) || typeof answer['error'] !== 'string') return undefined;
    return { kind: String(answer['errorType']), said: answer['error'] };
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}

export function prometheusTracks(body: Buffer, steps: Steps, secrets: Secrets): readonly Track[] {
  const answer = parseJsonAnswer('datasource', body);
  if (!isObject(answer)) throw garbled(`the answer is ${kindOf(answer)}, not an object`);
  if (answer['status'] === 'error') throw errorOf(answer, secrets);
  if (answer['status'] !== 'success') throw garbled('the answer has no status "success"');
  checkWhole(answer, secrets);
  const { data } = answer;
  if (!isObject(data)) throw garbled(`the data of the answer is ${kindOf(data)}, not an object`);
  const { resultType, result } = data;
  if (resultType !== 'matrix') throw garbled('the result is no matrix');
  if (!Array.isArray(result)) throw garbled(`the result is ${kindOf(result)}, not a list of series`);
  checkSeriesCount(result.length);
  return (result as readonly unknown[]).flatMap((series) => trackOf(series, steps) ?? []);
}

function errorOf(answer: Readonly<Record<string, unknown>>, secrets: Secrets): Failure {
  const said = readable(Buffer.from(String(answer['error'] ?? 'an error')), ...secrets);
  const reason = reasons[String(answer['errorType'])] ?? 'failed';
  return new Failure('datasource', reason, `answered 200 with an error: ${said}`, { httpStatus: 200 });
}

/** Some of the stores that a Thanos or a VictoriaMetrics asks may not have answered. */
function checkWhole({ warnings, isPartial }: Readonly<Record<string, unknown>>, secrets: Secrets): void {
  // What begins so is a remark about the query, which has nothing to do with what is missing.
  const all: readonly unknown[] = Array.isArray(warnings) ? warnings : [];
  const warning = all.find((text) => !String(text).startsWith('PromQL info:'));
  if (warning === undefined && isPartial !== true) return;
  const said = warning === undefined ? '' : `: ${readable(Buffer.from(String(warning)), ...secrets)}`;
  throw new Failure('datasource', 'failed', `the answer is not the whole truth${said}`);
}

function trackOf(series: unknown, { fromMs, toMs, stepMs }: Steps): Track | undefined {
  if (!isObject(series)) throw garbled(`a series is ${kindOf(series)}, not an object`);
  const { values } = series;
  if (!Array.isArray(values)) throw garbled(`the values of a series are ${kindOf(values)}, not a list`);
  const track = new TrackBuilder();
  for (const point of values as readonly unknown[]) {
    if (!Array.isArray(point)) throw garbled(`a point is ${kindOf(point)}, not a time with its value`);
    const [time, value] = point as readonly unknown[];
    if (typeof time !== 'number') throw garbled(`the time of a point is ${kindOf(time)}, not a number`);
    const timeMs = Math.round(time * 1_000);
    if (timeMs < fromMs || timeMs > toMs || timeMs % stepMs !== 0) {
      throw garbled('a point has a time that was not asked for');
    }
    track.add(timeMs, numberOf(value));
  }
  return track.build();
}

const decimal = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i;
const infinity = /^[+-]?Inf$/;

/** NaN is no value. */
function numberOf(value: unknown): number | undefined {
  if (typeof value !== 'string') throw garbled(`the value of a point is ${kindOf(value)}, not a text`);
  if (decimal.test(value)) return Number(value);
  if (value === 'NaN') return undefined;
  if (!infinity.test(value)) throw garbled('the value of a point is no number');
  return value.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
