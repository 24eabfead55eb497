/** Operators between two numbers, with IEEE's rules. */

export type Operator = {
  readonly isComparison: boolean;
  /** Of a comparison: 1 where it holds. */
  readonly of: (left: number, right: number) => number;
};

const arithmetic = (of: Operator['of']): Operator => ({ isComparison: false, of });
const comparison = (holds: (left: number, right: number) => boolean): Operator => ({
  isComparison: true,
  of: (left, right) => (holds(left, right) ? 1 : 0),
});

const operators: ReadonlyMap<string, Operator> = new Map([
  ['+', arithmetic((left, right) => left + right)],
  ['-', arithmetic((left, right) => left - right)],
  ['*', arithmetic((left, right) => left * right)],
  ['/', arithmetic((left, right) => left / right)],
  ['%', arithmetic((left, right) => left % right)],
  ['==', comparison((left, right) => left === right)],
  ['!=', comparison((left, right) => left !== right)],
  ['<', comparison((left, right) => left < right)],
  ['<=', comparison((left, right) => left <= right)],
  ['>', comparison((left, right) => left > right)],
  ['>=', comparison((left, right) => left >= right)],
]);

export function operatorOf(text: string): Operator {
  const operator = operators.get(text);
  if (!operator) throw new Error(`no operator ${text}`);
  return operator;
}
