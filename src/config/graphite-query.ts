/**
 * Whether a text can stand as one argument of a Graphite function.
 *
 * A query is sent inside `alias(…)`: one that closes a bracket too many, or has a comma outside of
 * all brackets, would say something else there, and Graphite would answer it with nothing at all.
 */

const closing: Readonly<Record<string, string>> = { '(': ')', '{': '}', '[': ']' };

/** What is wrong with it; undefined where nothing is. */
export function wrongInGraphite(query: string): string | undefined {
  const open: string[] = [];
  for (let at = 0; at < query.length; at += 1) {
    const sign = query.charAt(at);
    if (sign === '"' || sign === "'") {
      at = endOfText(query, at, sign);
      if (at < 0) return `has a ${sign} without another`;
    } else {
      const wrong = wrongWith(sign, open);
      if (wrong !== undefined) return wrong;
    }
  }
  const missing = open.pop();
  return missing === undefined ? undefined : `lacks a ${missing}`;
}

/** @param open grows and shrinks by what closes the brackets that are open */
function wrongWith(sign: string, open: string[]): string | undefined {
  const close = closing[sign];
  if (close !== undefined) open.push(close);
  else if (')]}'.includes(sign) && open.pop() !== sign) return `has a ${sign} too many`;
  return sign === ',' && open.length === 0 ? 'has a comma outside of brackets' : undefined;
}

/** Where the quotes end that begin there; -1 where they do not. */
function endOfText(query: string, start: number, sign: string): number {
  for (let at = start + 1; at < query.length; at += 1) {
    if (query.charAt(at) === '\\') at += 1;
    else if (query.charAt(at) === sign) return at;
  }
  return -1;
}
