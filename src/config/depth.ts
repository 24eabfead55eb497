/**
 * How deep a YAML text nests, and of how many tokens it is made, found without recursion.
 *
 * The parser and whoever walks its result are recursive: a text that nests without end would end
 * the process. The lexer knows which brackets and dashes are only text.
 */
import { CST, Lexer } from 'yaml';

export type DepthLimits = { readonly depthMax: number; readonly tokensMax: number };

type TooMuch = { readonly reason: 'depth' | 'tokens'; readonly offset: number };
export type Measure = { readonly tokens: number; readonly tooMuch?: TooMuch };

/** A block collection that is open: where it is indented, and whether it is a list or a map. */
type Level = { readonly column: number; readonly list: boolean };

export function measureDepth(text: string, limits: DepthLimits): Measure {
  const nesting = new Nesting();
  let tokens = 0;
  let offset = 0;
  for (const token of new Lexer().lex(text)) {
    tokens += 1;
    if (tokens > limits.tokensMax) return { tokens, tooMuch: { reason: 'tokens', offset } };
    if (nesting.take(token) > limits.depthMax) return { tokens, tooMuch: { reason: 'depth', offset } };
    if (isWritten(token)) offset += token.length;
  }
  return { tokens };
}

/** The lexer marks a document, a scalar and an error by tokens of its own, which are not in the text. */
function isWritten(token: string): boolean {
  return token !== CST.DOCUMENT && token !== CST.SCALAR && token !== CST.FLOW_END;
}

class Nesting {
  readonly #levels: Level[] = [];
  #brackets = 0;
  #column = 0;
  /** Where the content of the line, or of the last dash in it, begins: the column of a map's key. */
  #content: number | undefined;
  #scalarFollows = false;

  /** Takes the next token; the depth after it. */
  take(token: string): number {
    const type = this.#scalarFollows ? 'scalar' : CST.tokenType(token);
    this.#scalarFollows = type === 'scalar' && token === CST.SCALAR;
    if (this.#scalarFollows) return this.#depth();
    this.#open(type);
    this.#advance(token, type);
    return this.#depth();
  }

  #depth(): number {
    return this.#levels.length + this.#brackets;
  }

  #open(type: CST.TokenType | null | 'scalar'): void {
    switch (type) {
      case 'flow-map-start':
      case 'flow-seq-start':
        this.#content ??= this.#column;
        this.#brackets += 1;
        return;
      case 'flow-map-end':
      case 'flow-seq-end':
        this.#brackets = Math.max(0, this.#brackets - 1);
        return;
      case 'flow-error-end':
        this.#brackets = 0;
        return;
      case 'seq-item-ind':
        this.#level(this.#column, true);
        return;
      case 'explicit-key-ind':
        this.#level(this.#column, false);
        return;
      case 'map-value-ind':
        this.#level(this.#content ?? this.#column, false);
        return;
      case 'doc-start':
      case 'doc-end':
        this.#levels.length = 0;
        return;
      case 'space':
      case 'newline':
      case 'comment':
        return;
      default:
        this.#content ??= this.#column;
    }
  }

  /** Closes what is indented more than `column` and opens a collection there, if none is. */
  #level(column: number, list: boolean): void {
    this.#content = undefined;
    if (this.#brackets > 0) return;
    let last = this.#levels.at(-1);
    while (last && (last.column > column || (last.column === column && last.list && !list))) {
      this.#levels.pop();
      last = this.#levels.at(-1);
    }
    if (!last || last.column < column || last.list !== list) this.#levels.push({ column, list });
  }

  #advance(token: string, type: string | null): void {
    if (type === 'doc-mode' || type === 'flow-error-end') return;
    const newline = token.lastIndexOf('\n');
    if (newline < 0) {
      this.#column += token.length;
      return;
    }
    this.#column = token.length - newline - 1;
    if (type === 'newline' || type === 'comment') this.#content = undefined;
  }
}
