/** A query, or a selector alone, as a tree that may be worked out. */
import { checkTypes } from './check.ts';
import { readTree } from './grammar.ts';
import { QueryError } from './query.ts';
import { refuseBeyond } from './subset.ts';
import type { Expression, Selector } from './syntax.ts';
import { readExpression } from './tree.ts';

/** Throws a `QueryError` where Prometheus could not read it, or where it uses what this subset lacks. */
export function parseQuery(text: string): Expression {
  const { source, root } = readTree(text);
  const expression = readExpression(source, root);
  checkTypes(source, expression);
  // Of a text alone Prometheus asks first whether there is one moment or more.
  if (expression.kind !== 'string') refuseBeyond(expression);
  return expression;
}

/** Of `match[]`. */
export function parseSelector(text: string): Selector {
  const { source, root } = readTree(text);
  if (root.name !== 'VectorSelector') throw source.unexpected(root.from);
  const expression = readExpression(source, root);
  if (expression.kind !== 'instant') throw new QueryError('bad_data', 'a selector of series is expected');
  return expression.selector;
}
