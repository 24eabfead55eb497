/** Works out a query over the series, with what Prometheus would answer. */
import type { Clock, Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import type { SeriesStore } from '../series/store.ts';
import { aggregated } from './aggregate.ts';
import { mapped, scalarByScalar, vectorByScalar } from './binary.ts';
import { absent, elementwiseRows, isElementwise, scalarOf, vectorOf } from './call.ts';
import { typeNames } from './check.ts';
import { Effort } from './effort.ts';
import { vectorByVector } from './matching.ts';
import { overTime } from './over-time.ts';
import { beyondSubset } from './parse-error.ts';
import { type Moments, QueryError, type QueryResult } from './query.ts';
import { numbers, type QueryRun } from './query-run.ts';
import { resultOf, scalarResult } from './result.ts';
import { expectDistinct, type Row } from './row.ts';
import { instantRows, pointsOf, windowRows } from './selection.ts';
import type { Binary, Call, Expression, RangeSelector } from './syntax.ts';
import { typeOf } from './tree.ts';

export type QueryWorld = {
  readonly store: SeriesStore;
  readonly clock: Clock;
  readonly pause: Pause;
} & Pick<QueryRun, 'remembered'>;

/** Throws a `QueryError` where there is no answer, or where it would take too much. */
export async function evaluate(
  expression: Expression,
  moments: Moments,
  world: QueryWorld,
): Promise<QueryResult> {
  const run = runOf(moments, world);
  const type = typeOf(expression);
  if (type === 'scalar') return scalarResult(await scalars(expression, run), run);
  if (type === 'vector') return resultOf(await vector(expression, run), run);
  if (expression.kind === 'range' && moments.stepMs === 0) {
    return { type: 'matrix', series: await pointsOf(expression, run) };
  }
  if (moments.stepMs === 0) throw beyondSubset('a text as a value');
  const told = JSON.stringify(typeNames[type]);
  const rule = 'must be Scalar or instant Vector';
  throw new QueryError('bad_data', `invalid expression type ${told} for range query, ${rule}`);
}

function runOf({ fromMs, toMs, stepMs }: Moments, { clock, pause, ...world }: QueryWorld): QueryRun {
  const between = stepMs === 0 ? 0 : Math.floor((toMs - fromMs) / stepMs);
  if (!(between <= limits.queryStepsMax)) {
    throw new QueryError(
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    );
  }
  return { ...world, effort: new Effort(clock, pause), fromMs, stepMs, steps: between + 1 };
}

async function scalars(expression: Expression, run: QueryRun): Promise<Float64Array> {
  const waiting = run.effort.pause();
  if (waiting) await waiting;
  switch (expression.kind) {
    case 'number':
      return numbers(run).fill(expression.value);
    case 'sign': {
      const values = await scalars(expression.operand, run);
      return expression.operator === '-' ? values.map((value) => -value) : values;
    }
    case 'binary': {
      const left = await scalars(expression.left, run);
      return scalarByScalar(expression.operator, left, await scalars(expression.right, run), run);
    }
    case 'call':
      return scalarOf(await vector(expression.args[0] as Expression, run), run);
    default:
      throw new Error(`no scalar: ${expression.kind}`);
  }
}

async function vector(expression: Expression, run: QueryRun): Promise<readonly Row[]> {
  switch (expression.kind) {
    case 'instant':
      return instantRows(expression, run);
    case 'sign': {
      const rows = await vector(expression.operand, run);
      if (expression.operator === '+') return rows;
      const negated = await mapped(rows, (value) => -value, run);
      await expectDistinct(negated, run.effort);
      return negated;
    }
    case 'binary':
      return binary(expression, run);
    case 'aggregation': {
      const { operator, grouping, operand, parameter } = expression;
      const shares = parameter && (await scalars(parameter, run));
      return aggregated(operator, grouping, await vector(operand, run), shares, run);
    }
    case 'call':
      return call(expression, run);
    default:
      throw new Error(`no vector: ${expression.kind}`);
  }
}

async function binary(expression: Binary, run: QueryRun): Promise<readonly Row[]> {
  const { left, right } = expression;
  if (typeOf(left) === 'scalar') {
    const scalar = await scalars(left, run);
    return vectorByScalar({ ...expression, isSwapped: true }, await vector(right, run), scalar, run);
  }
  const rows = await vector(left, run);
  if (typeOf(right) === 'vector') return vectorByVector(expression, rows, await vector(right, run), run);
  return vectorByScalar({ ...expression, isSwapped: false }, rows, await scalars(right, run), run);
}

async function call({ name, args }: Call, run: QueryRun): Promise<readonly Row[]> {
  const [first, second] = args as [Expression, Expression | undefined];
  const over = overTime.get(name);
  if (over) {
    const shares = second && (await scalars(first, run));
    const rows = await windowRows((second ?? first) as RangeSelector, over, shares, run);
    await expectDistinct(rows, run.effort);
    return rows;
  }
  if (name === 'vector') return vectorOf(await scalars(first, run), run);
  const rows = await vector(first, run);
  if (name === 'absent') return absent(first, rows, run);
  if (!isElementwise(name)) throw new Error(`no function ${name}`);
  return elementwiseRows(name, rows, second && (await scalars(second, run)), run);
}
