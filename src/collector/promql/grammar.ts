/** The official grammar over the tokens of a query, and what does not fit into it. */
import { parser } from '@prometheus-io/lezer-promql';
import { limits } from '../../model/limits.ts';
import { expectation } from './expectation.ts';
import { signatures } from './functions.ts';
import { beyondSubset, parseError } from './parse-error.ts';
import { QueryError } from './query.ts';
import { Regexes } from './regexes.ts';
import { readTokens, type Token, type Tokens } from './tokens.ts';

/** A node of the grammar's tree, as far as it is looked at. */
export type Node = {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly firstChild: Node | null;
  readonly lastChild: Node | null;
  readonly nextSibling: Node | null;
  /** Takes the longer the deeper the node is. */
  getChild(name: string): Node | null;
  getChildren(name: string): Node[];
};

/** A text with its tokens: whoever reads the tree asks it what stood there. */
export class Source {
  readonly text: string;
  readonly regexes = new Regexes();
  readonly #tokens: readonly Token[];

  constructor(text: string, tokens: readonly Token[]) {
    this.text = text;
    this.#tokens = tokens;
  }

  /** The one that begins there, or next. */
  token(at: number): Token {
    let [low, high] = [0, this.#tokens.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#tokens[middle] as Token).at >= at) high = middle;
      else low = middle + 1;
    }
    return this.#tokens[low] ?? { kind: 'sign', at: this.text.length, text: 'end of input' };
  }

  tokenAfter(at: number): Token {
    return this.token(at + 1);
  }

  error(at: number, message: string): QueryError {
    return parseError(this.text, at, message);
  }

  unexpected(at: number, context = ''): QueryError {
    return this.error(at, `unexpected ${describe(this.token(at))}${context}`);
  }
}

export function readTree(text: string): { readonly source: Source; readonly root: Node } {
  if (text.length > limits.queryCharactersMax) {
    throw new QueryError('bad_data', `a query has ${limits.queryCharactersMax} characters at most`);
  }
  const read = readTokens(text);
  const tokens = read.tokens.filter(({ kind }) => kind !== 'comment');
  const source = new Source(text, tokens);
  if (isDeep(tokens)) {
    throw new QueryError(
      'bad_data',
      `a query has ${limits.queryDepthMax} operators and brackets in each other at most`,
    );
  }
  if (read.tokens.length > limits.queryTokensMax) {
    throw new QueryError('bad_data', `a query has ${limits.queryTokensMax} words and signs at most`);
  }
  return { source, root: parse(source, tokens, read) };
}

function parse(source: Source, tokens: readonly Token[], { trouble }: Tokens): Node {
  const { text } = source;
  const failedAt = failure(spelled(text, tokens));
  if (typeof failedAt !== 'number') {
    if (trouble) throw source.error(trouble.at, trouble.message);
    return failedAt;
  }
  const token = tokens.find(({ at }) => at >= failedAt);
  if (trouble && (!token || trouble.at <= token.at)) throw source.error(trouble.at, trouble.message);
  if (tokens.length === 0) throw source.error(0, 'no expression found in input');
  if (!token) throw source.error(text.length, `unexpected end of input${expectation(tokens)}`);
  throw whyNot(source, tokens, token);
}

/** The tree, or where it ends. */
function failure(text: string): Node | number {
  try {
    return parser.configure({ strict: true }).parse(text).topNode.firstChild as Node;
  } catch (error) {
    const at = error instanceof SyntaxError && /^No parse at (\d+)$/.exec(error.message);
    if (!at) throw error;
    return Number(at[1]);
  }
}

function whyNot(source: Source, tokens: readonly Token[], token: Token): QueryError {
  const index = tokens.indexOf(token);
  const before = tokens[index - 1];
  if (token.text === '(' && before?.kind === 'identifier' && !isKeyword(before.text)) {
    if (signatures.has(before.text)) return beyondSubset(`the function ${before.text}`);
    return source.error(before.at, `unknown function with name ${JSON.stringify(before.text)}`);
  }
  const expected = expectation(tokens.slice(0, index));
  if (/^[,)]$/.test(token.text) && before?.text === ',' && expected === '') {
    return source.error(before.at, 'trailing commas not allowed in function call args');
  }
  return source.unexpected(token.at, expected);
}

function isKeyword(text: string): boolean {
  return /^(?:bool|on|ignoring|group_left|group_right|by|without|offset|and|or|unless|atan2)$/i.test(text);
}

/** The grammar reads numbers and texts in its own way: it is shown plain ones of the same length. */
function spelled(text: string, tokens: readonly Token[]): string {
  const pieces: string[] = [];
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    pieces.push(' '.repeat(token.at - at), spelling(token, tokens[index - 1]));
    at = token.at + token.text.length;
  }
  return pieces.join('') + ' '.repeat(text.length - at);
}

function spelling({ kind, text }: Token, before: Token | undefined): string {
  const { length } = text;
  if (kind === 'number' || kind === 'duration') return (text.startsWith('.') ? '.' : '0').padEnd(length, '0');
  if (kind === 'string') return `"${'x'.repeat(length - 2)}"`;
  // A metric of this name is no keyword to Prometheus.
  return /^offset$/i.test(text) && isOperand(before) ? 'x'.repeat(length) : text;
}

/** Whether what follows this token begins something. */
function isOperand(before: Token | undefined): boolean {
  return (
    !before ||
    (before.kind === 'sign' && !/^[)\]}]$/.test(before.text)) ||
    /^(?:and|or|unless|atan2|bool)$/i.test(before.text)
  );
}

function isDeep(tokens: readonly Token[]): boolean {
  let open = 0;
  let deepest = 0;
  let operators = 0;
  for (const { kind, text } of tokens) {
    if (/^[([{]$/.test(text)) deepest = Math.max(deepest, ++open);
    else if (/^[)\]}]$/.test(text)) open--;
    else if (kind === 'sign' ? /^[^,:]/.test(text) : isWord(text)) operators++;
    if (text === '[') operators++;
  }
  return deepest + operators > limits.queryDepthMax;
}

function isWord(text: string): boolean {
  return /^(?:and|or|unless|atan2|offset)$/i.test(text);
}

function describe({ kind, text }: Token): string {
  if (kind === 'identifier') {
    if (/^(?:bool|on|ignoring|group_left|group_right|by|without|offset)$/i.test(text)) return `<${text}>`;
    if (/^(?:and|or|unless|atan2)$/i.test(text)) return `<op:${text}>`;
    return `${text.includes(':') ? 'metric identifier' : 'identifier'} ${JSON.stringify(text)}`;
  }
  if (kind !== 'sign') return `${kind} ${JSON.stringify(text)}`;
  return /^(?:[*/%+\-^<>]|[=!<>]=|[=!]~)$/.test(text) ? `<op:${text}>` : JSON.stringify(text);
}
