/**
 * A place in the text of an exporter, line by line.
 *
 * It reads bytes and makes a new text of each name and value: a part cut out of the whole text would
 * hold all of it in memory for as long as the store knows the label.
 */
import { isLabelName, isMetricName } from '../series/name.ts';
import { garbled } from './feed.ts';

const newline = 10;
const quote = 34;
const backslash = 92;

/** In quotes, and of a help. Anything else behind a backslash is left as it is, as Prometheus does. */
export const quotedEscapes = /\\([\\n"])/g;
export const plainEscapes = /\\([\\n])/g;

/** Of a name that is too long no more is looked at. */
const longName = 201;

/** 1 for every byte that may be in a name. */
const nameBytes = new Uint8Array(256);
const nameCharacters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:';
for (const byte of Buffer.from(nameCharacters)) nameBytes[byte] = 1;

export class TextCursor {
  readonly #bytes: Buffer;
  #at = 0;
  /** Where this line ends, and the number of it. */
  #end = -1;
  #number = 0;
  /** The names of the line before, the metric's first: most lines have the same ones. */
  readonly #names: string[] = [];

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Goes to the next line; false behind the last. */
  nextLine(): boolean {
    this.#at = this.#end + 1;
    if (this.#at >= this.#bytes.length) return false;
    const end = this.#bytes.indexOf(newline, this.#at);
    this.#end = end < 0 ? this.#bytes.length : end;
    this.#number++;
    this.skipBlanks();
    return true;
  }

  fail(message: string): never {
    throw garbled(`line ${this.#number}: ${message}`);
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#end;
  }

  skipBlanks(): void {
    while (this.#at < this.#end && isBlank(this.#bytes[this.#at])) this.#at++;
  }

  /** Whether `sign`, a character of ASCII, stands here. */
  isAt(sign: string): boolean {
    return !this.isAtEnd && this.#bytes[this.#at] === sign.charCodeAt(0);
  }

  /** Goes past `sign` and the blanks behind it, where it stands here. */
  skip(sign: string): boolean {
    if (!this.isAt(sign)) return false;
    this.#at++;
    this.skipBlanks();
    return true;
  }

  metricName(): string {
    return this.#name(0, 'metric', isMetricName);
  }

  /** @param index of the label in its line */
  labelName(index: number): string {
    return this.#name(index + 1, 'label', isLabelName);
  }

  /** What is before the next blank; '' at the end of the line. */
  token(): string {
    const start = this.#at;
    while (this.#at < this.#end && !isBlank(this.#bytes[this.#at])) this.#at++;
    const token = this.#bytes.toString('latin1', start, this.#at);
    this.skipBlanks();
    return token;
  }

  /**
   * The rest of the line, no more than so many bytes of it.
   *
   * @param escapes what is undone
   */
  rest(bytesMax: number, escapes: RegExp): string {
    const end = this.#cut(bytesMax);
    const text = this.#bytes.toString('utf8', this.#at, end);
    this.#at = this.#end;
    return text.replace(escapes, undone);
  }

  /** A text in quotes, with `\\`, `\"` and `\n` undone. */
  quoted(bytesMax: number): string {
    if (!this.isAt('"')) this.fail('label value is not in quotes');
    const start = this.#at + 1;
    let at = start;
    let isEscaped = false;
    for (; at < this.#end && this.#bytes[at] !== quote; at++) {
      if (this.#bytes[at] !== backslash) continue;
      isEscaped = true;
      at++;
    }
    if (at >= this.#end) this.fail('label value is not closed');
    if (at - start > bytesMax) this.fail(`label value is longer than ${bytesMax} bytes`);
    this.#at = at + 1;
    this.skipBlanks();
    const text = this.#bytes.toString('utf8', start, at);
    return isEscaped ? text.replace(quotedEscapes, undone) : text;
  }

  #name(place: number, what: string, isName: (text: string) => boolean): string {
    const start = this.#at;
    while (this.#at < this.#end && nameBytes[this.#bytes[this.#at] ?? 0] === 1) this.#at++;
    const known = this.#names[place];
    if (known === undefined || !this.#isAt(start, known)) {
      this.#names[place] = this.#newName(start, what, isName);
    }
    this.skipBlanks();
    return this.#names[place] ?? '';
  }

  #newName(start: number, what: string, isName: (text: string) => boolean): string {
    if (this.#at === start) {
      this.fail(this.isAt('"') ? 'names in quotes (UTF-8 names) are not read' : `there is no ${what} name`);
    }
    const name = this.#bytes.toString('latin1', start, Math.min(this.#at, start + longName));
    if (!isName(name)) this.fail(`${what} name ${nameFault(name)}`);
    return name;
  }

  /** Whether `name` is what was passed since `start`. */
  #isAt(start: number, name: string): boolean {
    if (this.#at - start !== name.length) return false;
    for (let at = 0; at < name.length; at++) {
      if (this.#bytes[start + at] !== name.charCodeAt(at)) return false;
    }
    return true;
  }

  /** The end of so many bytes at most, between two characters. */
  #cut(bytesMax: number): number {
    if (this.#end - this.#at <= bytesMax) return this.#end;
    let end = this.#at + bytesMax;
    while (((this.#bytes[end] ?? 0) & 0xc0) === 0x80) end--;
    return end;
  }
}

function nameFault(name: string): string {
  if (name.length === longName) return 'is longer than 200 characters';
  if (/^\d/.test(name)) return 'begins with a digit';
  return name.startsWith('__') ? 'begins with __, which is reserved' : 'has a colon';
}

function isBlank(byte: number | undefined): boolean {
  return byte === 32 || byte === 9;
}

function undone(_escape: string, letter: string): string {
  return letter === 'n' ? '\n' : letter;
}
