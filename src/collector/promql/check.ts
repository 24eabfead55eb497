/** What Prometheus checks before it works anything out: of which type each part is, and may be. */
import { aggregations, type Signature, signatures } from './functions.ts';
import type { Source } from './grammar.ts';
import type { Aggregation, Beyond, Binary, Call, Expression, Sign, ValueType } from './syntax.ts';
import { typeOf } from './tree.ts';

export const typeNames: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
};

export function checkTypes(source: Source, expression: Expression): void {
  if (expression.kind === 'sign') checkSign(source, expression);
  else if (expression.kind === 'binary') checkBinary(source, expression);
  else if (expression.kind === 'aggregation') checkAggregation(source, expression);
  else if (expression.kind === 'call') checkCall(source, expression);
  else if (expression.kind === 'beyond') checkBeyond(source, expression);
}

function checkSign(source: Source, { at, operand }: Sign): void {
  checkTypes(source, operand);
  const type = typeOf(operand);
  if (type === 'scalar' || type === 'vector') return;
  const rule = 'unary expression only allowed on expressions of type scalar or instant vector';
  throw source.error(at, `${rule}, got ${JSON.stringify(typeNames[type])}`);
}

function checkBeyond(source: Source, { at, what, inner }: Beyond): void {
  checkTypes(source, inner);
  const type = typeOf(inner);
  if (what !== 'a subquery' || type === 'vector') return;
  throw source.error(at, `subquery is only allowed on instant vector, got ${type} instead`);
}

function expectType(source: Source, expression: Expression, expected: ValueType, where: string): void {
  checkTypes(source, expression);
  const type = typeOf(expression);
  if (type === expected) return;
  const told = `expected type ${typeNames[expected]} in ${where}, got ${typeNames[type]}`;
  throw source.error(expression.at, told);
}

function checkAggregation(source: Source, { operator, parameter, operand }: Aggregation): void {
  expectType(source, operand, 'vector', 'aggregation expression');
  const expected = aggregations.get(operator)?.parameter;
  if (parameter && expected) expectType(source, parameter, expected, 'aggregation parameter');
}

function checkCall(source: Source, call: Call): void {
  const { name, args, at } = call;
  const { takes, optional } = signatures.get(name) as Signature;
  const least = optional === 0 ? takes.length : takes.length - 1;
  const most = least + optional;
  if (args.length < least || args.length > most) {
    const many = args.length < least ? 'at least ' : 'at most ';
    const bound = args.length < least ? least : most;
    const told = `expected ${optional === 0 ? '' : many}${bound} argument(s)`;
    throw source.error(at, `${told} in call to ${JSON.stringify(name)}, got ${args.length}`);
  }
  for (const [index, arg] of args.entries()) {
    const expected = takes[Math.min(index, takes.length - 1)] as ValueType;
    expectType(source, arg, expected, `call to function ${JSON.stringify(name)}`);
  }
}

function checkBinary(source: Source, binary: Binary): void {
  const { left, right, operatorAt, operator, isBool, matching } = binary;
  checkTypes(source, left);
  checkTypes(source, right);
  const types = [typeOf(left), typeOf(right)];
  const isComparison = /^(?:[<>]|[=!<>]=)$/.test(operator);
  const isScalar = types.every((type) => type === 'scalar');
  if (isBool && !isComparison) {
    throw source.error(operatorAt, 'bool modifier can only be used on comparison operators');
  }
  if (isComparison && !isBool && isScalar) {
    throw source.error(operatorAt, 'comparisons between scalars must use BOOL modifier');
  }
  const twice =
    matching?.grouping.isOnly && matching.included.find((name) => matching.grouping.labels.includes(name));
  if (twice !== undefined && twice !== false) {
    throw source.error(
      operatorAt,
      `label ${JSON.stringify(twice)} must not occur in ON and GROUP clause at once`,
    );
  }
  for (const side of [left, right]) {
    if (['scalar', 'vector'].includes(typeOf(side))) continue;
    throw source.error(side.at, 'binary expression must contain only scalar and instant vector types');
  }
  checkMatching(
    source,
    binary,
    types.every((type) => type === 'vector'),
  );
}

function checkMatching(source: Source, binary: Binary, areVectors: boolean): void {
  if (areVectors) return;
  const { at, operator, matching } = binary;
  if (matching && matching.grouping.labels.length > 0) {
    throw source.error(at, 'vector matching only allowed between instant vectors');
  }
  if (!['and', 'or', 'unless'].includes(operator)) return;
  throw source.error(at, `set operator ${JSON.stringify(operator)} not allowed in binary scalar expression`);
}
