/**
 * Operators between operands, bound as Prometheus binds them.
 *
 * The grammar of the tree gives `offset` and `[…]` all that stands left of them (`a + b offset 5m` is
 * `(a + b) offset 5m` to it): its operands and operators are taken in their order and put together anew.
 */
import type { Node } from './grammar.ts';

/** What stands behind its operand: `offset 5m`, `[5m]`, `@ 0`. */
const postfixes: ReadonlySet<string> = new Set([
  'OffsetExpr',
  'MatrixSelector',
  'SubqueryExpr',
  'StepInvariantExpr',
  'AnchoredExpr',
  'SmoothedExpr',
]);

const levels: readonly (readonly string[])[] = [
  ['or'],
  ['and', 'unless'],
  ['==', '!=', '<=', '<', '>=', '>'],
  ['+', '-'],
  ['*', '/', '%', 'atan2'],
  ['^'],
];

/** Signs bind as strongly as `*`. */
const signLevel = 4;

/** How the parts become what they stand for. */
export type Build<Built> = {
  readonly operand: (node: Node) => Built;
  readonly postfix: (node: Node, operand: Built) => Built;
  readonly sign: (node: Node, operand: Built) => Built;
  readonly binary: (node: Node, left: Built, right: Built) => Built;
  /** `+`, `and` … of a `BinaryExpr`. */
  readonly operator: (node: Node) => string;
};

type Pending = { readonly node: Node; readonly level: number };

export function bind<Built>(root: Node, build: Build<Built>): Built {
  const operands: Built[] = [];
  const pending: Pending[] = [];
  const reduce = () => {
    const { node } = pending.pop() as Pending;
    const right = operands.pop() as Built;
    if (node.name === 'UnaryExpr') operands.push(build.sign(node, right));
    else operands.push(build.binary(node, operands.pop() as Built, right));
  };
  for (const node of inOrder(root)) {
    if (postfixes.has(node.name)) operands.push(build.postfix(node, operands.pop() as Built));
    else if (node.name === 'UnaryExpr') pending.push({ node, level: signLevel });
    else if (node.name === 'BinaryExpr') {
      const level = levelOf(build.operator(node));
      while (bindsFirst(pending.at(-1), level)) reduce();
      pending.push({ node, level });
    } else operands.push(build.operand(node));
  }
  while (pending.length > 0) reduce();
  return operands[0] as Built;
}

function levelOf(operator: string): number {
  return levels.findIndex((operators) => operators.includes(operator));
}

/** Of equals the left one comes first, except for powers. */
function bindsFirst(left: Pending | undefined, level: number): boolean {
  if (!left) return false;
  return level === levels.length - 1 ? left.level > level : left.level >= level;
}

/** Operands and operators from left to right, as deep as there are no brackets. */
function inOrder(root: Node): readonly Node[] {
  const ordered: Node[] = [];
  const waiting: { readonly node: Node; readonly isOpened: boolean }[] = [{ node: root, isOpened: false }];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { node, isOpened } = next;
    const parts = isOpened ? [] : opened(node);
    if (parts.length === 0) ordered.push(node);
    for (const part of parts.toReversed()) waiting.push({ node: part, isOpened: part === node });
  }
  return ordered;
}

function opened(node: Node): readonly Node[] {
  if (postfixes.has(node.name)) return [node.firstChild as Node, node];
  if (node.name === 'UnaryExpr') return [node, node.lastChild as Node];
  return node.name === 'BinaryExpr' ? [node.firstChild as Node, node, node.lastChild as Node] : [];
}
