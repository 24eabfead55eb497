/**
 * Reads the plain forms of JSON from bytes: known keys, strings of printable ASCII, simple numbers.
 *
 * Each method takes where something begins and returns where it ends, or a number below 0 where it is
 * something else. Four bytes are looked at together, which takes a fifth of the time, and what is asked
 * most is asked first: these few lines decide how many metrics a second go in.
 */
const nowhere = -1;

const tab = 0x09;
const newline = 0x0a;
const carriageReturn = 0x0d;
const space = 0x20;
const quote = 0x22;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;

/** So many digits are exact in a double, and so is their quotient by a power of ten up to that. */
const digitsMax = 15;
const powersOfTen = Float64Array.from({ length: digitsMax + 1 }, (_, power) => 10 ** power);

/** Four words of four bytes tell a key with its quotes and its colon, 7 to 16 bytes; some overlap. */
const wordsPerKey = 4;

export class PlainBytes {
  /** What `keyEnd` has read: the index of the key. */
  key = 0;
  /** What `numberEnd` has read. */
  number = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Where what may be looked at ends. */
  #length = 0;
  /** Whether a newline is no white space. */
  #isLine = false;
  readonly #keyLengths: Uint8Array;
  readonly #keyWords: Int32Array;
  /** Which key came behind each: it comes again, as a rule. */
  readonly #followers: Uint8Array;

  constructor(keys: readonly string[]) {
    const written = keys.map((key) => Buffer.from(`"${key}":`));
    this.#keyLengths = Uint8Array.from(written, ({ length }) => length);
    this.#keyWords = Int32Array.from(written.flatMap(wordsOf));
    this.#followers = new Uint8Array(keys.length + 1);
  }

  open(view: DataView): void {
    this.#view = view;
    this.#length = 0;
  }

  /** What follows is about so many bytes: those behind them are as none. */
  begin(start: number, bytesMax: number, isLine: boolean): void {
    this.#length = Math.min(this.#view.byteLength, start + bytesMax);
    this.#isLine = isLine;
  }

  /** 0 behind the end. */
  at(at: number): number {
    return at < this.#length ? this.#view.getUint8(at) : 0;
  }

  spaceEnd(start: number): number {
    for (let at = start; at < this.#length; at++) {
      const byte = this.#view.getUint8(at);
      if (!isSpace(byte) || (byte === newline && this.#isLine)) return at;
    }
    return this.#length;
  }

  /** Of a known key with its colon; white space may be before and behind it. @param before the key before it, or their count */
  keyEnd(start: number, before: number): number {
    const at = this.at(start) > space ? start : this.spaceEnd(start);
    const guess = this.#followers[before] as number;
    if (!this.#isKey(at, guess)) return this.#otherKeyEnd(at, before);
    this.key = guess;
    const end = at + (this.#keyLengths[guess] as number);
    return this.at(end) > space ? end : this.spaceEnd(end);
  }

  /** Of a colon with white space on both sides. */
  colonEnd(start: number): number {
    const at = this.spaceEnd(start);
    return this.at(at) === colon ? this.spaceEnd(at + 1) : nowhere;
  }

  wordEnd(start: number, word: string): number {
    for (let i = 0; i < word.length; i++) {
      if (this.at(start + i) !== word.charCodeAt(i)) return nowhere;
    }
    return start + word.length;
  }

  /** Of a string, behind its closing quote. */
  stringEnd(start: number): number {
    if (this.at(start) !== quote) return nowhere;
    const view = this.#view;
    const last = this.#length - 4;
    let at = start + 1;
    for (; at <= last; at += 4) {
      const marks = marksOf(view.getInt32(at, true));
      if (marks === 0) continue;
      // Only what is behind the first mark may be marked for nothing, by a carry.
      at += (31 - Math.clz32(marks & -marks)) >> 3;
      return view.getUint8(at) === quote ? at + 1 : nowhere;
    }
    return this.#lateStringEnd(at);
  }

  numberEnd(start: number): number {
    const view = this.#view;
    const length = this.#length;
    let at = start;
    let digits = 0;
    for (; at < length; at++) {
      const digit = view.getUint8(at) - zero;
      if (digit >>> 0 > 9) break;
      digits = digits * 10 + digit;
    }
    const count = at - start;
    if (count === 0 || count > digitsMax || (count > 1 && view.getUint8(start) === zero)) return nowhere;
    this.number = digits;
    return this.at(at) === dot ? this.#fractionEnd(at + 1, digits, count) : at;
  }

  #fractionEnd(start: number, whole: number, wholeCount: number): number {
    const view = this.#view;
    const length = this.#length;
    let at = start;
    let digits = whole;
    for (; at < length; at++) {
      const digit = view.getUint8(at) - zero;
      if (digit >>> 0 > 9) break;
      digits = digits * 10 + digit;
    }
    const count = at - start;
    if (count === 0 || wholeCount + count > digitsMax) return nowhere;
    this.number = digits / (powersOfTen[count] as number);
    return at;
  }

  /** Where there are less than four bytes left. */
  #lateStringEnd(start: number): number {
    for (let at = start; at < this.#length; at++) {
      const byte = this.#view.getUint8(at);
      if (byte === quote) return at + 1;
      if (marksOf(byte | spaces) !== 0) return nowhere;
    }
    return nowhere;
  }

  #isKey(start: number, key: number): boolean {
    const length = this.#keyLengths[key] as number;
    if (start + length > this.#length) return false;
    const view = this.#view;
    const words = this.#keyWords;
    const at = key * wordsPerKey;
    const last = length - 4;
    return (
      view.getInt32(start, true) === words[at] &&
      view.getInt32(start + last, true) === words[at + 1] &&
      view.getInt32(start + (last < 4 ? last : 4), true) === words[at + 2] &&
      view.getInt32(start + (last < 8 ? last : 8), true) === words[at + 3]
    );
  }

  /** Not the one that was behind the last one before. */
  #otherKeyEnd(start: number, before: number): number {
    for (let key = 0; key < this.#keyLengths.length; key++) {
      if (!this.#isKey(start, key)) continue;
      this.#followers[before] = key;
      return this.keyEnd(start, before);
    }
    return nowhere;
  }
}

/** As `#isKey` compares them. */
function wordsOf(key: Buffer): number[] {
  const last = key.length - 4;
  return [0, last, Math.min(4, last), Math.min(8, last)].map((at) => key.readInt32LE(at));
}

const spaces = 0x20202000;

/** Marks the bytes that are no printable ASCII, or a quote or a backslash. */
function marksOf(word: number): number {
  const isControl = word - 0x20202020;
  const isQuote = (word ^ 0x22222222) - 0x01010101;
  const isBackslash = (word ^ 0x5c5c5c5c) - 0x01010101;
  const isBeyond = word + 0x01010101;
  return (isControl | isQuote | isBackslash | isBeyond) & 0x80808080;
}

function isSpace(byte: number): boolean {
  return byte <= space && (byte === space || byte === newline || byte === carriageReturn || byte === tab);
}
