/**
 * JSON written as bytes: a page of a thousand names makes no thousand strings.
 *
 * No object is built either, so that a name such as `__proto__` is a key like any other.
 */
import type { Names } from './names.ts';

/** Pages of any size are made of pieces: nothing is copied but once at the end. */
const pieceBytes = 32_768;
/** Of the largest count. */
const digitsMax = 16;

export class JsonBytes {
  #bytes = Buffer.allocUnsafe(pieceBytes);
  #end = 0;
  #scratch: Buffer = Buffer.alloc(0);
  readonly #full: Buffer[] = [];
  #fullBytes = 0;

  get length(): number {
    return this.#fullBytes + this.#end;
  }

  /** Already JSON, in ASCII. */
  raw(text: string): void {
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) this.#bytes[this.#end++] = text.charCodeAt(i);
  }

  name(names: Names, id: number): void {
    const bytesMax = 6 * names.length(id) + 2;
    if (this.#end + bytesMax <= this.#bytes.length) {
      this.#end = names.quote(id, this.#bytes, this.#end);
      return;
    }
    // As a rule it is a sixth of that: it is measured, for else the rest of each piece would stay unused.
    if (this.#scratch.length < bytesMax) this.#scratch = Buffer.allocUnsafe(bytesMax);
    const length = names.quote(id, this.#scratch, 0);
    this.#reserve(length);
    this.#end += this.#scratch.copy(this.#bytes, this.#end, 0, length);
  }

  /** A whole number that is not negative. */
  count(value: number): void {
    this.#reserve(digitsMax);
    let digits = 1;
    for (let power = 10; power <= value; power *= 10) digits++;
    let rest = value;
    for (let at = this.#end + digits - 1; at >= this.#end; at--) {
      const next = Math.floor(rest / 10);
      this.#bytes[at] = 0x30 + rest - 10 * next;
      rest = next;
    }
    this.#end += digits;
  }

  /** What was written. */
  done(): Buffer {
    return Buffer.concat([...this.#full, this.#bytes.subarray(0, this.#end)]);
  }

  #reserve(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    this.#full.push(this.#bytes.subarray(0, this.#end));
    this.#fullBytes += this.#end;
    this.#bytes = Buffer.allocUnsafe(Math.max(bytes, pieceBytes));
    this.#end = 0;
  }
}
