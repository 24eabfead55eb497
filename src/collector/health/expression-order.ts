/** Whether the words of an expression stand where they may: what is left to a parser is which bind closer. */
import { limits } from '../../model/limits.ts';
import type { Token } from './expression-tokens.ts';

/** Around what: an argument of a function, or anything. */
type Bracket = 'call' | 'group';

/** Why they are no expression, or undefined. */
export function misplaced(tokens: readonly Token[]): string | undefined {
  const brackets: Bracket[] = [];
  let wantsValue = true;
  let before: Token | undefined;
  for (const token of tokens) {
    const trouble = wantsValue ? noValue(token) : noSequel(token, brackets.at(-1));
    if (trouble !== undefined) return trouble;
    if (token.kind === '(') brackets.push(before?.kind === 'function' ? 'call' : 'group');
    else if (token.kind === ')') brackets.pop();
    wantsValue = !endsValue(token);
    before = token;
  }
  if (!before) return 'it is empty';
  if (wantsValue) return `a flag is missing after ${before.text}`;
  return brackets.length > 0 ? 'a bracket is not closed' : undefined;
}

/** Whether there are more brackets and negations around a value than a parser should stand. */
export function isTooDeep(tokens: readonly Token[]): boolean {
  const insideBrackets: number[] = [];
  let depth = 0;
  for (const token of tokens) {
    if (token.kind === 'not' || token.kind === '(') depth++;
    if (depth > limits.expressionDepthMax) return true;
    if (token.kind === '(') insideBrackets.push(depth);
    if (token.kind === ')') insideBrackets.pop();
    if (endsValue(token)) depth = insideBrackets.at(-1) ?? 0;
  }
  return false;
}

function endsValue({ kind }: Token): boolean {
  return kind === 'flag' || kind === 'constant' || kind === ')';
}

function noValue({ kind, text }: Token): string | undefined {
  if (kind === 'operator' && text === '-') return 'a minus has no place before a value';
  const isValue = kind !== 'operator' && kind !== ')' && kind !== ',' && kind !== ';';
  return isValue ? undefined : `a flag is missing before ${text}`;
}

/** @param bracket the innermost that is open */
function noSequel({ kind, text }: Token, bracket: Bracket | undefined): string | undefined {
  if (kind === 'operator') return undefined;
  if (kind === ')') return bracket ? undefined : 'a bracket is closed that was not opened';
  if (kind === ',') return bracket === 'call' ? undefined : 'a comma has no place here';
  if (kind === ';') return bracket ? 'a semicolon has no place between brackets' : undefined;
  return `an operator is missing before ${text}`;
}
