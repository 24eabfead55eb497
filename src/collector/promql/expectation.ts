/** What Prometheus would have expected where a query stops making sense, in its own words. */
import type { Token } from './tokens.ts';

/** To follow what is unexpected. @param before all tokens that made sense */
export function expectation(before: readonly Token[]): string {
  const last = before.at(-1);
  // Alone it is a metric's name.
  if (before.length === 1 && last?.kind === 'identifier') return '';
  const open = openBracket(before);
  const opening = before[open]?.text;
  if (opening === '{') return ` in label matching, expected ${inBraces(last)}`;
  if (last && isGrouping(last)) return ' in grouping opts, expected "("';
  const opener = before[open - 1];
  if (opening === '(' && opener && isGrouping(opener)) {
    const isDue = last?.text === '(' || last?.text === ',';
    return ` in grouping opts, expected ${isDue ? 'label' : '"," or ")"'}`;
  }
  if (opening === '[') return ' in subquery or range, expected ":" or "]"';
  if (last?.text === '@') return ' in @, expected timestamp';
  return isWord(last, /^offset$/i) ? ' in offset, expected duration' : '';
}

function inBraces(last: Token | undefined): string {
  if (last?.kind === 'identifier') return 'label matching operator';
  if (last?.kind === 'string') return '"," or "}"';
  return last?.text === '{' || last?.text === ',' ? 'identifier or "}"' : 'string';
}

function isGrouping(token: Token): boolean {
  return isWord(token, /^(?:by|without|on|ignoring|group_left|group_right)$/i);
}

function isWord(token: Token | undefined, pattern: RegExp): boolean {
  return token?.kind === 'identifier' && pattern.test(token.text);
}

/** Where the innermost one stands that is not closed. */
function openBracket(tokens: readonly Token[]): number {
  const open: number[] = [];
  for (const [index, { kind, text }] of tokens.entries()) {
    if (kind !== 'sign') continue;
    if (/^[([{]$/.test(text)) open.push(index);
    else if (/^[)\]}]$/.test(text)) open.pop();
  }
  return open.at(-1) ?? -1;
}
