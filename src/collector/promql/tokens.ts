/**
 * A query as a row of tokens, as Prometheus reads it.
 *
 * The grammar that builds the tree is that of newer versions and lets more pass (durations as numbers, texts
 * without an end): what is in the text is decided here, the grammar says how it belongs together.
 */
import { limits } from '../../model/limits.ts';
import { scanString, type Trouble } from './string-literal.ts';

export type Token = {
  readonly kind: 'identifier' | 'number' | 'duration' | 'string' | 'sign' | 'comment';
  readonly at: number;
  readonly text: string;
};

export type Tokens = {
  readonly tokens: readonly Token[];
  /** Where reading ended early, and why. */
  readonly trouble: Trouble | undefined;
};

/** Not many more than there may be are read. */
export function readTokens(text: string): Tokens {
  const reader = new Reader(text);
  return { trouble: reader.read(), tokens: reader.tokens };
}

const space = /[ \t\r\n]+/y;
const comment = /#[^\r\n]*/y;
const identifier = /[A-Za-z_:][A-Za-z0-9_:]*/y;
const label = /[A-Za-z_][A-Za-z0-9_]*/y;
const number =
  /0[xX][0-9a-fA-F]*(?:\.[0-9a-fA-F]*)?(?:[eE][+-]?[0-9]*)?|[0-9]*(?:\.[0-9]*)?(?:[eE][+-]?[0-9]*)?/y;
/** What makes a number a duration. */
const units = /[smhdwy]s?(?:[0-9]+[smhdw]s?)*/y;
const unitsInPart = /(?:[smhdwy]s?(?:[0-9]+[smhdw]s?)*)?[0-9]*/y;
const sign = /[=!<>]=|[()[\],:*/%+\-^<>=@]/y;
const labelSign = /=~|!~|!=|=|,/y;

/** Brackets that are open decide how the text goes on. */
class Reader {
  readonly tokens: Token[] = [];
  readonly #text: string;
  #at = 0;
  #open: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): Trouble | undefined {
    while (this.#at < this.#text.length && this.tokens.length <= limits.queryTokensMax) {
      if (this.#take(space)) continue;
      if (this.#token('comment', comment)) continue;
      const trouble = this.#open.at(-1) === '{' ? this.#inBraces() : this.#outside();
      if (trouble) return trouble;
    }
    const last = this.#open.at(-1);
    if (last === '{') return this.#trouble('unexpected end of input inside braces');
    if (last === '[') return this.#trouble('unclosed left bracket');
    return last ? this.#trouble('unclosed left parenthesis') : undefined;
  }

  #outside(): Trouble | undefined {
    const character = this.#text[this.#at] as string;
    const isInBrackets = this.#open.at(-1) === '[';
    if (isQuote(character)) return this.#string();
    if (/[0-9]/.test(character) || /^\.[0-9]/.test(this.#text.slice(this.#at, this.#at + 2))) {
      return this.#number();
    }
    if (!isInBrackets && this.#identifier()) return undefined;
    if (character === '{') return this.#opening('{');
    if (/[()[\]]/.test(character)) return this.#bracket(character);
    if (character === ':' && !isInBrackets) return this.#unexpected('');
    if (this.#unreadPair()) {
      return this.#trouble(`unexpected character after '${character}': '${this.#text[this.#at + 1] ?? ''}'`);
    }
    return this.#token('sign', sign) ? undefined : this.#unexpected('');
  }

  /** `!` without `=`, and `=~` outside of braces. */
  #unreadPair(): boolean {
    return /^(?:![^=]|!$|=~)/.test(this.#text.slice(this.#at, this.#at + 2));
  }

  #inBraces(): Trouble | undefined {
    const character = this.#text[this.#at] as string;
    if (isQuote(character)) return this.#string();
    if (character === '}') return this.#closing(character);
    if (character === '{') return this.#trouble("unexpected left brace '{'");
    if (this.#token('identifier', label) || this.#token('sign', labelSign)) return undefined;
    if (character === '!') {
      return this.#trouble(
        `unexpected character after '!' inside braces: '${this.#text[this.#at + 1] ?? ''}'`,
      );
    }
    return this.#unexpected(' inside braces');
  }

  #bracket(character: string): Trouble | undefined {
    if (character === '(') return this.#opening(character);
    if (character === '[') {
      if (this.#open.at(-1) === '[') return this.#trouble("unexpected left bracket '['");
      this.#opening(character);
      this.#take(space);
      return this.#duration();
    }
    const [opening, name] = character === ')' ? ['(', 'parenthesis'] : ['[', 'bracket'];
    if (this.#open.at(-1) === opening) return this.#closing(character);
    const trouble = this.#trouble(`unexpected right ${name} '${character}'`);
    // Prometheus has read this one already when it complains.
    return character === ')' ? { ...trouble, at: trouble.at + 1 } : trouble;
  }

  /** What has to follow an opening bracket. */
  #duration(): Trouble | undefined {
    const { kind, text } = this.#numeral();
    if (kind === 'number') return this.#trouble('missing unit character in duration');
    if (!kind) return this.#trouble(`bad duration syntax: ${JSON.stringify(text)}`);
    this.#push(kind, text);
    return undefined;
  }

  #number(): Trouble | undefined {
    const { kind, text } = this.#numeral();
    if (!kind) return this.#trouble(`bad number or duration syntax: ${JSON.stringify(text)}`);
    const before = this.tokens.at(-1);
    if (before?.kind === 'number' && before.at + before.text.length === this.#at) {
      return this.#trouble(`unexpected ${kind} ${JSON.stringify(text)}`);
    }
    this.#push(kind, text);
    return undefined;
  }

  /** Without a kind it is neither. */
  #numeral(): { readonly kind: 'number' | 'duration' | undefined; readonly text: string } {
    const text = this.#matched(number) ?? '';
    const after = this.#at + text.length;
    if (!this.#isWordAt(after)) return { kind: 'number', text };
    const unit = this.#matched(units, after);
    if (unit !== undefined && !this.#isWordAt(after + unit.length))
      return { kind: 'duration', text: text + unit };
    return { kind: undefined, text: text + (this.#matched(unitsInPart, after) ?? '') };
  }

  #isWordAt(at: number): boolean {
    return /^[A-Za-z0-9_]/.test(this.#text.slice(at, at + 1));
  }

  #identifier(): boolean {
    const found = this.#matched(identifier);
    if (found === undefined) return false;
    // These two are numbers wherever they stand.
    return this.#token(/^(?:inf|nan)$/i.test(found) ? 'number' : 'identifier', identifier);
  }

  #string(): Trouble | undefined {
    const end = scanString(this.#text, this.#at);
    if (typeof end !== 'number') return end;
    this.#push('string', this.#text.slice(this.#at, end));
    return undefined;
  }

  #opening(bracket: string): undefined {
    this.#open.push(bracket);
    this.#push('sign', bracket);
  }

  #closing(bracket: string): undefined {
    this.#open.pop();
    this.#push('sign', bracket);
  }

  #token(kind: Token['kind'], pattern: RegExp): boolean {
    const found = this.#matched(pattern);
    if (found) this.#push(kind, found);
    return Boolean(found);
  }

  #push(kind: Token['kind'], text: string): void {
    this.tokens.push({ kind, at: this.#at, text });
    this.#at += text.length;
  }

  #take(pattern: RegExp): boolean {
    const found = this.#matched(pattern);
    this.#at += found?.length ?? 0;
    return Boolean(found);
  }

  #matched(pattern: RegExp, at = this.#at): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.#text)?.[0];
  }

  #unexpected(where: string): Trouble {
    const character = String.fromCodePoint(this.#text.codePointAt(this.#at) as number);
    return this.#trouble(`unexpected character${where}: '${character}'`);
  }

  #trouble(message: string): Trouble {
    return { at: this.#at, message };
  }
}

function isQuote(character: string): boolean {
  return character === '"' || character === "'" || character === '`';
}
