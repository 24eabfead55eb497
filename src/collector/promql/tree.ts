/** The grammar's tree turned into our own, with what Prometheus finds wrong on the way. */
import { aggregations, signatures } from './functions.ts';
import type { Node, Source } from './grammar.ts';
import { bind } from './infix.ts';
import { decodeDuration, decodeNumber } from './number-literal.ts';
import { readGroupingLabels, readSelector } from './selector-tree.ts';
import type {
  Aggregation,
  Beyond,
  Binary,
  Expression,
  Grouping,
  InstantSelector,
  Matching,
  RangeSelector,
  ValueType,
} from './syntax.ts';

/** Also knows what type each expression has: see `typeOf`. */
export function readExpression(source: Source, root: Node): Expression {
  return bind<Expression>(root, {
    operand: (node) => operand(source, node),
    postfix: (node, inner) => postfix(source, node, inner),
    sign: (node, inner) => {
      const operator = source.token(node.from).text === '-' ? '-' : '+';
      if (inner.kind !== 'number') return { kind: 'sign', at: node.from, operator, operand: inner };
      return { ...inner, at: node.from, value: operator === '-' ? -inner.value : inner.value };
    },
    binary: (node, left, right) => binary(source, node, left, right),
    operator: (node) => operatorOf(source, node).text,
  });
}

function operand(source: Source, node: Node): Expression {
  const at = node.from;
  switch (node.name) {
    case 'NumberDurationLiteral':
      return { kind: 'number', at, value: numberAt(source, at) };
    case 'StringLiteral':
      return { kind: 'string', at };
    case 'VectorSelector':
      return { kind: 'instant', at, selector: readSelector(source, node), offsetMs: 0 };
    case 'ParenExpr':
      return { ...readExpression(source, node.getChild('Expr') as Node), at };
    case 'AggregateExpr':
      return aggregation(source, node);
    case 'FunctionCall':
      return call(source, node);
    default:
      throw source.unexpected(at);
  }
}

/** A sign may stand before it. */
function numberAt(source: Source, at: number): number {
  const token = source.token(at);
  if (token.kind === 'sign') {
    const unsigned = numberAt(source, source.tokenAfter(at).at);
    return token.text === '-' ? -unsigned : unsigned;
  }
  if (token.kind !== 'number') throw source.unexpected(at);
  const value = decodeNumber(token.text);
  if (value !== undefined) return value;
  const parsed = JSON.stringify(token.text);
  throw source.error(at, `error parsing number: strconv.ParseFloat: parsing ${parsed}: invalid syntax`);
}

function postfix(source: Source, node: Node, inner: Expression): Expression {
  const isBracketed = source.token(inner.at).text === '(';
  const sign = source.tokenAfter((node.firstChild as Node).to - 1);
  switch (node.name) {
    case 'OffsetExpr':
      return offset(source, node, inner, isBracketed);
    case 'MatrixSelector':
      return range(source, sign.at, inner, isBracketed);
    case 'SubqueryExpr':
      return subquery(source, node, inner);
    case 'StepInvariantExpr':
      if (isBracketed || !isSelection(inner)) throw source.error(inner.at, `@ modifier ${mustFollow}`);
      return {
        kind: 'beyond',
        at: inner.at,
        what: 'the modifier @',
        type: typeOf(inner),
        offsetMs: inner.offsetMs,
        inner,
      };
    default:
      throw source.unexpected(sign.at);
  }
}

function subquery(source: Source, node: Node, inner: Expression): Expression {
  const [range, step] = node.getChildren('NumberDurationLiteralInDurationContext');
  if (range) durationAt(source, range.from, '');
  if (step) durationAt(source, step.from, ' in subquery selector, expected duration or "]"');
  return { kind: 'beyond', at: inner.at, what: 'a subquery', type: 'matrix', offsetMs: 0, inner };
}

const mustFollow = 'must be preceded by an instant vector selector or range vector selector or a subquery';

function isSelection(expression: Expression): expression is InstantSelector | RangeSelector | Beyond {
  return expression.kind === 'instant' || expression.kind === 'range' || expression.kind === 'beyond';
}

function offset(source: Source, node: Node, inner: Expression, isBracketed: boolean): Expression {
  const { from } = node.getChild('NumberDurationLiteralInDurationContext') as Node;
  const isNegative = source.token(from).text === '-';
  const ms = durationAt(
    source,
    isNegative ? source.tokenAfter(from).at : from,
    ' in offset, expected duration',
  );
  const offsetMs = isNegative ? -ms : ms;
  if (isBracketed || !isSelection(inner)) {
    throw source.error(inner.at, `offset modifier ${mustFollow}`);
  }
  if (inner.offsetMs !== 0) throw source.error(inner.at, 'offset may not be set multiple times');
  return { ...inner, offsetMs };
}

function range(source: Source, at: number, inner: Expression, isBracketed: boolean): Expression {
  const rangeMs = durationAt(source, source.tokenAfter(at).at, '');
  if (inner.kind === 'beyond' && inner.what === 'the modifier @' && !isBracketed) {
    throw source.error(at, 'no @ modifiers allowed before range');
  }
  if (inner.kind !== 'instant' || isBracketed)
    throw source.error(at, 'ranges only allowed for vector selectors');
  if (inner.offsetMs !== 0) throw source.error(at, 'no offset modifiers allowed before range');
  return { ...inner, kind: 'range', rangeMs };
}

function durationAt(source: Source, at: number, context: string): number {
  const token = source.token(at);
  if (token.kind !== 'duration') throw source.unexpected(at, context);
  const ms = decodeDuration(token.text);
  if (typeof ms === 'string') throw source.error(at, ms);
  return ms;
}

function operatorOf(source: Source, node: Node): { readonly at: number; readonly text: string } {
  const { at, text } = source.tokenAfter((node.firstChild as Node).to - 1);
  return { at, text: text.toLowerCase() };
}

function binary(source: Source, node: Node, left: Expression, right: Expression): Binary {
  const { at: operatorAt, text: operator } = operatorOf(source, node);
  const name = node.firstChild?.nextSibling?.name;
  if (name === 'TrimUpper' || name === 'TrimLower') throw source.unexpected(operatorAt + 1);
  const modifiers = modifiersOf(node);
  const fill = modifiers.get('FillModifier');
  if (fill) throw source.unexpected(fill.from);
  const isBool = modifiers.has('BoolModifier');
  const clause = modifiers.get('MatchingModifierClause');
  const matching = clause ? readMatching(source, clause) : undefined;
  return { kind: 'binary', at: left.at, operator, operatorAt, left, right, isBool, matching };
}

/** What stands between the operands, by its name. */
function modifiersOf(node: Node): ReadonlyMap<string, Node> {
  const found = new Map<string, Node>();
  for (let child = node.firstChild; child; child = child.nextSibling) found.set(child.name, child);
  return found;
}

function readMatching(source: Source, clause: Node): Matching {
  const [labels, included] = clause.getChildren('GroupingLabels');
  const group = clause.getChild('GroupLeft') ?? clause.getChild('GroupRight');
  return {
    grouping: {
      isOnly: clause.getChild('On') !== null,
      labels: labels ? readGroupingLabels(source, labels) : [],
    },
    group: group ? source.token(group.from).text.toLowerCase() : undefined,
    included: included ? readGroupingLabels(source, included) : [],
  };
}

function aggregation(source: Source, node: Node): Aggregation {
  const at = node.from;
  const operator = source.token(at).text.toLowerCase();
  const known = aggregations.get(operator);
  // Newer versions have more of them.
  if (!known) throw source.error(at, `unknown function with name ${JSON.stringify(operator)}`);
  const args = argsOf(source, node);
  const count = known.parameter ? 2 : 1;
  if (args.length === 0) throw source.error(at, 'no arguments for aggregate expression provided');
  if (args.length !== count) {
    const told = `expected ${count}, got ${args.length}`;
    throw source.error(at, `wrong number of arguments for aggregate expression provided, ${told}`);
  }
  const operand = args[count - 1] as Expression;
  const parameter = known.parameter ? args[0] : undefined;
  return { kind: 'aggregation', at, operator, grouping: readGrouping(source, node), parameter, operand };
}

function readGrouping(source: Source, node: Node): Grouping {
  const modifier = node.getChild('AggregateModifier');
  const labels = modifier?.getChild('GroupingLabels');
  if (!modifier || !labels) return { isOnly: true, labels: [] };
  return { isOnly: modifier.getChild('By') !== null, labels: readGroupingLabels(source, labels) };
}

function call(source: Source, node: Node): Expression {
  const at = node.from;
  const name = source.token(at).text;
  if (name === 'start' || name === 'end') throw source.unexpected(source.tokenAfter(at).at);
  if (!signatures.has(name)) throw source.error(at, `unknown function with name ${JSON.stringify(name)}`);
  return { kind: 'call', at, name, args: argsOf(source, node) };
}

function argsOf(source: Source, node: Node): readonly Expression[] {
  const body = node.getChild('FunctionCallBody');
  return body ? body.getChildren('Expr').map((arg) => readExpression(source, arg)) : [];
}

export function typeOf(expression: Expression): ValueType {
  switch (expression.kind) {
    case 'number':
      return 'scalar';
    case 'string':
      return 'string';
    case 'instant':
    case 'aggregation':
      return 'vector';
    case 'range':
      return 'matrix';
    case 'sign':
      return typeOf(expression.operand);
    case 'binary': {
      const types = [typeOf(expression.left), typeOf(expression.right)];
      return types.every((type) => type === 'scalar') ? 'scalar' : 'vector';
    }
    case 'call':
      return signatures.get(expression.name)?.gives ?? 'vector';
    case 'beyond':
      return expression.type;
  }
}
