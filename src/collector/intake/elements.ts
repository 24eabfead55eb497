/**
 * Walks through the elements of a body without parsing more than one of them at a time.
 *
 * Strings and nesting are followed byte by byte, so neither a megabyte of brackets nor an array of
 * 8 MiB ever reaches JSON.parse as a whole.
 */
import { limits } from '../../model/limits.ts';
import { type Form, spaceEnd, tooMuchSpace } from './content.ts';

const newline = 0x0a;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const arrayStart = 0x5b;
const arrayEnd = 0x5d;
const objectStart = 0x7b;
const objectEnd = 0x7d;

export class Elements {
  readonly body: Buffer;
  readonly form: Form;
  /** Of the element, from 0. */
  index = -1;
  /** Where the element begins. */
  start = 0;
  /** Where what was not looked at yet begins. */
  at = 0;
  /** Why it cannot be read on. */
  trouble: string | undefined;
  /** A single element that is larger than one may be. */
  isTooLarge = false;
  #line = 1;

  constructor(body: Buffer, form: Form) {
    this.body = body;
    this.form = form;
  }

  /** Goes to the start of the next one; none where they end or where there is trouble. */
  next(): boolean {
    if (this.form === 'array' ? !this.#goOn() : !this.#skip()) return false;
    this.start = this.at;
    this.index++;
    return true;
  }

  /** Goes behind the element, if it can end there; whoever knows that it does needs no `parse`. */
  endsAt(end: number): boolean {
    const { body, form } = this;
    let at = end;
    if (form === 'lines') {
      const limit = Math.min(body.length, this.start + limits.elementBytesMax + 1);
      while (at < limit && body[at] !== newline) {
        const byte = body[at];
        if (byte !== 0x0d && byte !== 0x20 && byte !== 0x09) return false;
        at++;
      }
    } else {
      at = spaceEnd(body, end);
      const isEnd = form === 'one' ? at === body.length : body[at] === comma || body[at] === arrayEnd;
      if (!isEnd) return false;
    }
    // With the white space behind it, as `parse` measures it.
    if (at - this.start > limits.elementBytesMax) return false;
    this.at = at;
    return true;
  }

  /** Goes behind the element: its value; undefined where it was complained of. */
  parse(complain: (message: string) => void): unknown {
    const { body, start, form } = this;
    const { end, deepest } = this.#measure();
    this.at = end;
    if (end - start > limits.elementBytesMax) return this.#tooLarge(complain);
    if (form === 'array' && end === body.length) return void this.#give(noEnd);
    if (deepest > limits.elementDepthMax) {
      return void complain(this.phrase(`is nested deeper than ${limits.elementDepthMax}`));
    }
    try {
      return JSON.parse(body.toString('utf8', start, end));
    } catch {
      return void complain(this.phrase(form === 'one' && this.#isSeveral() ? severalValues : 'is not JSON'));
    }
  }

  /** Says where: a line has a number that people count from 1, an element of an array one from 0. */
  phrase(what: string): string {
    if (this.form === 'one') return what;
    if (this.form === 'array') return `element ${this.index} ${what}`;
    return `line ${this.#line} ${what}`;
  }

  /** Goes to the next element of an array. */
  #goOn(): boolean {
    const { body, index } = this;
    if (this.trouble !== undefined || !this.#skipSpace(this.at)) return false;
    const byte = body[this.at];
    // The first byte is the bracket that made it an array.
    if (index >= 0 && byte !== comma) {
      if (byte === arrayEnd) return this.#end();
      return this.#give(byte === undefined ? noEnd : `has no comma behind element ${index}`);
    }
    if (!this.#skipSpace(this.at + 1)) return false;
    const next = body[this.at];
    if (next !== arrayEnd) return next !== undefined || this.#give(noEnd);
    return index < 0 ? this.#end() : this.#give('is an array that ends with a comma');
  }

  /** Goes behind the bracket that ends an array. */
  #end(): false {
    const goesOn = this.#skipSpace(this.at + 1) && this.at < this.body.length;
    return goesOn ? this.#give('goes on behind the end of the array') : false;
  }

  /** Goes to the next line with something in it, or to the only element. */
  #skip(): boolean {
    const { body, form, at } = this;
    if ((form === 'one' && this.index >= 0) || !this.#skipSpace(at)) return false;
    // What is passed in a line as an element has no newline: all of them are here.
    for (let passed = at; passed < this.at; passed++) if (body[passed] === newline) this.#line++;
    return this.at < body.length;
  }

  /** False where there is more than there may be. */
  #skipSpace(start: number): boolean {
    this.at = spaceEnd(this.body, start);
    return this.at - start <= limits.elementBytesMax || this.#give(tooMuchSpace);
  }

  #give(trouble: string): false {
    this.trouble = trouble;
    return false;
  }

  #measure(): Measure {
    const { body, start, form } = this;
    if (form === 'array') {
      const limit = Math.min(body.length, start + limits.elementBytesMax + 1);
      return measure(body, start, limit, isBehindElement);
    }
    const newlineAt = form === 'lines' ? body.indexOf(newline, start) : -1;
    const end = newlineAt < 0 ? body.length : newlineAt;
    // What is too large is not looked at, however deep it is.
    if (end - start > limits.elementBytesMax) return { end, deepest: 0 };
    return measure(body, start, end, isNowhere);
  }

  #tooLarge(complain: (message: string) => void): void {
    const what = `is larger than ${limits.elementBytesMax} bytes`;
    if (this.form === 'lines') complain(this.phrase(what));
    else if (this.form === 'array') this.#give(this.phrase(what));
    else if (this.#isSeveral()) complain(severalValues);
    else this.isTooLarge = true;
  }

  /** Whether one object in each line, or one behind the other, was sent as one. */
  #isSeveral(): boolean {
    const { body, start } = this;
    const limit = Math.min(body.length, start + limits.elementBytesMax);
    const { end } = measure(body, start, limit, isLastBracket);
    return body[start] === objectStart && body[spaceEnd(body, end + 1)] === objectStart;
  }
}

const noEnd = 'is an array without its end';
const severalValues = 'holds several values: send application/x-ndjson, or an array';

type Measure = { readonly end: number; readonly deepest: number };
type IsEnd = (byte: number, depth: number) => boolean;

const isNowhere: IsEnd = () => false;
const isLastBracket: IsEnd = (byte, depth) => depth === 1 && byte !== comma;
const isBehindElement: IsEnd = (_byte, depth) => depth === 0;

/** Follows brackets and strings, and stops at the first comma or closing bracket of which `isEnd` says so. */
function measure(body: Buffer, start: number, limit: number, isEnd: IsEnd): Measure {
  let depth = 0;
  let deepest = 0;
  let at = start;
  for (; at < limit; at++) {
    const byte = body[at];
    if (byte === quote) at = stringEnd(body, at, limit);
    else if (byte === objectStart || byte === arrayStart) deepest = Math.max(deepest, ++depth);
    else if (byte === comma || byte === objectEnd || byte === arrayEnd) {
      if (isEnd(byte, depth)) break;
      if (byte !== comma) depth--;
    }
  }
  return { end: Math.min(at, limit), deepest };
}

/** Where the closing quote is. */
function stringEnd(body: Buffer, start: number, limit: number): number {
  for (let at = start + 1; at < limit; at++) {
    const byte = body[at];
    if (byte === backslash) at++;
    else if (byte === quote) return at;
  }
  return limit;
}
