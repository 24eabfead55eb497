/**
 * What the words of an expression come to, by the rules of CloudMon's engine.
 *
 * Flags are true or false, so whatever else there is does not depend on them and is worked out here, once:
 * what the engine would only find out while it evaluates is found out now.
 */
import jsep from 'jsep';
import { type Constant, compare, functions, isNumber, reckon } from './constant.ts';
import type { Token } from './expression-tokens.ts';

export type Test = (states: ReadonlyMap<string, boolean>) => boolean;

export type Meaning = { readonly constant: Constant } | { readonly test: Test };

// To the engine equality and order bind alike. This is no state: nobody else parses by jsep.
for (const operator of ['<', '>', '<=', '>=']) jsep.addBinaryOp(operator, 6);
jsep.addBinaryOp('^', 12);

/** @param tokens in an order that makes sense */
export function meaningOf(tokens: readonly Token[]): Meaning | string {
  // The parser has words of its own for what a name may be: it gets numbered ones.
  const text = tokens.map(({ kind, text }, index) => (isOperand(kind) ? `$${index}` : text)).join(' ');
  return read(jsep(text), tokens);
}

function isOperand(kind: Token['kind']): boolean {
  return kind === 'flag' || kind === 'constant' || kind === 'function';
}

function read(node: jsep.Expression, tokens: readonly Token[]): Meaning | string {
  switch (node.type) {
    case 'Identifier':
      return operand(tokenOf(node, tokens));
    case 'UnaryExpression':
      return negation(read((node as jsep.UnaryExpression).argument, tokens));
    case 'BinaryExpression': {
      const { operator, left, right } = node as jsep.BinaryExpression;
      return binary(operator, read(left, tokens), read(right, tokens));
    }
    default: {
      const { callee, arguments: given } = node as jsep.CallExpression;
      return call(
        tokenOf(callee, tokens).text,
        given.map((each) => read(each, tokens)),
      );
    }
  }
}

function tokenOf(node: jsep.Expression, tokens: readonly Token[]): Token {
  const { name } = node as jsep.Identifier;
  return tokens[Number(name.slice(1))] as Token;
}

function operand({ text, value }: Token): Meaning {
  return value === undefined ? { test: (states) => states.get(text) ?? false } : { constant: value };
}

export function testOf(meaning: Meaning): Test | undefined {
  if ('test' in meaning) return meaning.test;
  const { constant } = meaning;
  return typeof constant === 'boolean' ? () => constant : undefined;
}

function numberOf(meaning: Meaning): bigint | number | undefined {
  return 'constant' in meaning && isNumber(meaning.constant) ? meaning.constant : undefined;
}

function negation(of: Meaning | string): Meaning | string {
  if (typeof of === 'string') return of;
  const test = testOf(of);
  return test ? { test: (states) => !test(states) } : '! turns true and false around, not numbers';
}

function binary(operator: string, left: Meaning | string, right: Meaning | string): Meaning | string {
  if (typeof left === 'string') return left;
  if (typeof right === 'string') return right;
  if (operator === '==') return equality(left, right);
  if (operator === '!=') return negation(equality(left, right));
  if (operator === '&&' || operator === '||') return logic(operator, testOf(left), testOf(right));
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return noNumber(operator);
  if (/[<>]/.test(operator)) return { constant: compare(operator, a, b) };
  const result = reckon(operator, a, b);
  return typeof result === 'string' ? result : { constant: result };
}

/** Of different kinds nothing is equal, not even 1 and 1.0. */
function equality(left: Meaning, right: Meaning): Meaning {
  const [a, b] = [testOf(left), testOf(right)];
  if (a && b) return { test: (states) => a(states) === b(states) };
  return { constant: 'constant' in left && 'constant' in right && left.constant === right.constant };
}

function logic(operator: string, a: Test | undefined, b: Test | undefined): Meaning | string {
  if (!a || !b) return `${operator} takes flags, true and false, not numbers`;
  return {
    test: operator === '&&' ? (states) => a(states) && b(states) : (states) => a(states) || b(states),
  };
}

function noNumber(operator: string): string {
  if (operator === '+') return '+ adds numbers, and flags are none: use || for "or"';
  const subtracts = ', unless the metrics of the service list a name with it';
  return `${operator} takes numbers, and flags are none${operator === '-' ? subtracts : ''}`;
}

function call(name: string, given: readonly (Meaning | string)[]): Meaning | string {
  const numbers: (bigint | number)[] = [];
  const called = functions[name];
  for (const each of given) {
    if (typeof each === 'string') return each;
    const number = numberOf(each);
    if (number === undefined) return `${name} takes numbers, and flags are none`;
    numbers.push(number);
  }
  if (!called?.isGiven(numbers.length)) return `${name} takes ${called?.takes}`;
  return { constant: called.result(numbers) };
}
