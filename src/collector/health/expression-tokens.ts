/** The words of an expression, told apart as CloudMon's engine does. */
import { type Constant, functions } from './constant.ts';
import type { FlagNames } from './flag-names.ts';

export type Token = {
  readonly kind: 'flag' | 'constant' | 'function' | 'operator' | 'not' | '(' | ')' | ',' | ';';
  /** As expressions call it, where it is a flag; else as it is written. */
  readonly text: string;
  /** Of a constant. */
  readonly value?: Constant;
};

const sign = /^(?:&&=?|\|\|=?|===?|!==?|[<>]=?|[-+*/%^]=?|[=!&|();,"])/;
const word = /^[^\s+\-*/%^=!<>&|(),;"]+/u;

const refusals: ReadonlyMap<string, string> = new Map([
  ['===', 'write == instead of ==='],
  ['!==', 'write != instead of !=='],
  ['=', 'nothing can be assigned here: write == to compare'],
  ['&', 'write && instead of &'],
  ['|', 'write || instead of |'],
  ['"', 'a text in quotes is no flag: write the flag without them'],
]);

/** A text says what cannot be read. */
export function tokensOf(text: string, names: FlagNames): readonly Token[] | string {
  const tokens: Token[] = [];
  let index = 0;
  for (;;) {
    index += /^\s*/.exec(text.slice(index))?.[0].length ?? 0;
    if (index >= text.length) return tokens;
    const flag = names.at(text, index);
    const rest = text.slice(index);
    const written = rest.slice(0, flag?.length ?? (sign.exec(rest) ?? word.exec(rest))?.[0].length);
    const token = flag
      ? flagToken(flag.name)
      : (signToken(written) ?? names.unwritable(text, index) ?? wordToken(written, rest));
    if (token === undefined) return names.unknown(text, index);
    if (typeof token === 'string') return token;
    tokens.push(token);
    index += written.length;
  }
}

function flagToken(name: string): Token {
  return { kind: 'flag', text: name };
}

function signToken(written: string): Token | string | undefined {
  const refusal = refusals.get(written);
  if (refusal !== undefined) return refusal;
  if (/^(?:&&|\|\||[-+*/%^])=$/.test(written)) return `nothing can be assigned here: ${written} has no place`;
  if (written === '!') return { kind: 'not', text: written };
  if (written === '(' || written === ')' || written === ',' || written === ';') {
    return { kind: written, text: written };
  }
  return sign.test(written) ? { kind: 'operator', text: written } : undefined;
}

const integerMax = 2n ** 63n - 1n;

function wordToken(written: string, rest: string): Token | string | undefined {
  if (written === 'true' || written === 'false') {
    return { kind: 'constant', text: written, value: written === 'true' };
  }
  if (/^\d+$/.test(written)) {
    const value = BigInt(written);
    return { kind: 'constant', text: written, value: value > integerMax ? Number(written) : value };
  }
  if (/^(?:\d+\.?\d*|\.\d+)(?:e\d+)?$/i.test(written)) {
    return { kind: 'constant', text: written, value: Number(written) };
  }
  const isCalled = /^\s*\(/.test(rest.slice(written.length));
  if (!isCalled || /^(?:and|or|not)$/i.test(written)) return undefined;
  if (Object.hasOwn(functions, written)) return { kind: 'function', text: written };
  return `there is no function ${written}, only ${Object.keys(functions).join(', ')}`;
}
