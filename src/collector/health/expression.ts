/**
 * Health expressions: which flags make a service unwell, in the language of CloudMon's engine.
 *
 * Whatever the engine would refuse for some state of the flags is refused here, before it is ever asked.
 */
import { limits } from '../../model/limits.ts';
import { meaningOf, type Test, testOf } from './expression-meaning.ts';
import { isTooDeep, misplaced } from './expression-order.ts';
import { type Token, tokensOf } from './expression-tokens.ts';
import { flagNames } from './flag-names.ts';

export type Expression = {
  /** Of flags by their names as expressions call them; one that has no state is down. */
  readonly evaluate: Test;
};

/**
 * A text says why it is no expression.
 *
 * @param names of all flags that it may name, as the service lists them
 */
export function parseExpression(text: string, names: readonly string[]): Expression | string {
  if (text.length > limits.expressionCharactersMax) {
    return `it has more than ${limits.expressionCharactersMax} characters`;
  }
  const known = flagNames(names);
  const tokens = tokensOf(text, known);
  if (typeof tokens === 'string') return tokens;
  if (isTooDeep(tokens)) return `it is nested deeper than ${limits.expressionDepthMax}`;
  const trouble = misplaced(tokens);
  if (trouble !== undefined) return trouble;

  // Of several, parted by semicolons, the last one counts, and none may be wrong.
  let evaluate: Test | undefined;
  for (const part of parts(tokens)) {
    const meaning = meaningOf(part);
    if (typeof meaning === 'string') return meaning;
    evaluate = testOf(meaning);
  }
  return evaluate ? { evaluate } : 'it comes to a number, not to true or false';
}

function parts(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const found: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === ';') found.push([]);
    else found.at(-1)?.push(token);
  }
  return found;
}
