/** Queries at one moment and over time, with Prometheus's checks of their parameters. */
import type { Clock } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { typeNames } from '../promql/check.ts';
import { evaluate } from '../promql/evaluate.ts';
import { parseQuery } from '../promql/parse.ts';
import { type Moments, QueryError } from '../promql/query.ts';
import type { Expression } from '../promql/syntax.ts';
import { typeOf } from '../promql/tree.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Endpoint, Work } from './endpoint.ts';
import { quoted } from './go-text.ts';
import { invalid, naming } from './invalid.ts';
import type { Parameters } from './parameters.ts';
import { type ResultShape, writeResult } from './query-result.ts';
import { durationMs, limitOf, optionalTimeMs, requiredTimeMs } from './times.ts';

type World = { readonly store: SeriesStore; readonly clock: Clock };

export function queryEndpoint(world: World): Endpoint {
  return (parameters) => {
    const timeMs = optionalTimeMs('time', parameters.first('time'), world.clock.now());
    const timeoutMs = timeoutOf(parameters);
    const moments = { fromMs: timeMs, toMs: timeMs, stepMs: 0 };
    const read = () => naming('query', () => parseQuery(parameters.first('query')));
    return { timeoutMs, write: writer(world, read, moments, shapeOf(parameters, false)) };
  };
}

export function queryRangeEndpoint(world: World): Endpoint {
  return (parameters) => {
    const fromMs = requiredTimeMs('start', parameters.first('start'));
    const toMs = requiredTimeMs('end', parameters.first('end'));
    if (toMs < fromMs) throw invalid('end', 'end timestamp must not be before start time');
    const stepMs = durationMs('step', parameters.first('step'));
    if (stepMs <= 0) throw invalid('step', noStep);
    if (Math.floor((toMs - fromMs) / stepMs) > limits.queryStepsMax) {
      throw new QueryError('bad_data', tooFine);
    }
    const timeoutMs = timeoutOf(parameters);
    const moments = { fromMs, toMs, stepMs: Math.max(1, Math.floor(stepMs)) };
    const read = () => readRange(parameters.first('query'));
    return { timeoutMs, write: writer(world, read, moments, shapeOf(parameters, true)) };
  };
}

const noStep = 'zero or negative query resolution step widths are not accepted. Try a positive integer';
const tooFine =
  'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)';

function timeoutOf(parameters: Parameters): number {
  const text = parameters.first('timeout');
  return text === '' ? limits.queryAnswerMs : durationMs('timeout', text);
}

function shapeOf(parameters: Parameters, isRange: boolean): ResultShape {
  return { isRange, limit: limitOf(parameters.first('limit')) };
}

function writer(
  { store, clock }: World,
  read: () => Expression,
  moments: Moments,
  shape: ResultShape,
): Work['write'] {
  return async (answer, pause) =>
    writeResult(answer, await evaluate(read(), moments, { store, clock, pause }), shape);
}

/** Prometheus does not name the parameter here. */
function readRange(text: string): Expression {
  const expression = parseQuery(text);
  const type = typeOf(expression);
  if (type === 'scalar' || type === 'vector') return expression;
  const told = `invalid expression type ${quoted(typeNames[type])} for range query`;
  throw new QueryError('bad_data', `${told}, must be Scalar or instant Vector`);
}
