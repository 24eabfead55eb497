/** What Prometheus has and this subset lacks: each is refused by its name. */
import { beyondSubset } from './parse-error.ts';
import type { Binary, Expression } from './syntax.ts';

const operators: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=']);

const aggregations: ReadonlySet<string> = new Set(['sum', 'avg', 'min', 'max', 'count', 'quantile']);

const functions: ReadonlySet<string> = new Set(
  [
    'abs absent ceil clamp_max clamp_min floor round scalar vector',
    'avg_over_time count_over_time last_over_time max_over_time min_over_time quantile_over_time sum_over_time',
    'delta increase rate',
  ].flatMap((names) => names.split(' ')),
);

export function refuseBeyond(expression: Expression): void {
  switch (expression.kind) {
    case 'string':
      throw beyondSubset('a text as a value');
    case 'beyond':
      throw beyondSubset(expression.what);
    case 'sign':
      refuseBeyond(expression.operand);
      break;
    case 'binary':
      refuseBinary(expression);
      break;
    case 'aggregation':
      if (!aggregations.has(expression.operator)) {
        throw beyondSubset(`the aggregation ${expression.operator}`);
      }
      if (expression.parameter) refuseBeyond(expression.parameter);
      refuseBeyond(expression.operand);
      break;
    case 'call':
      if (!functions.has(expression.name)) throw beyondSubset(`the function ${expression.name}`);
      for (const arg of expression.args) refuseBeyond(arg);
  }
}

function refuseBinary({ operator, matching, left, right }: Binary): void {
  if (!operators.has(operator)) throw beyondSubset(`the operator ${operator}`);
  if (matching?.group) throw beyondSubset(`the modifier ${matching.group}`);
  refuseBeyond(left);
  refuseBeyond(right);
}
