/**
 * The texts of names, side by side as UTF-8 in one piece of memory: 50,000 of them cost the garbage
 * collector nothing, and a text that came as bytes is compared four bytes at a time.
 *
 * A record is a word with id and length, and the bytes, filled up to whole words (little-endian, as is
 * every processor that Node runs on). What is removed leaves a gap; when there is no room at the end, all
 * that lives is moved together in place.
 */

const wordsAtFirst = 1_024;
const idsAtFirst = 64;
/** Of an id that has no text. */
const nowhere = 0xffff_ffff;
/** The length stands in half a word. */
const lengthMax = 0xffff;

export class Texts {
  readonly #wordsMax: number;
  #words = new Int32Array(wordsAtFirst);
  #bytes = Buffer.from(this.#words.buffer);
  #end = 0;
  /** Words of the records that count. */
  #live = 0;
  /** Where the bytes of an id begin, in words. */
  #starts = new Uint32Array(idsAtFirst).fill(nowhere);

  /** @param bytesMax of all texts together, each with at most 3 bytes to fill up */
  constructor(bytesMax: number, textsMax: number) {
    this.#wordsMax = Math.ceil(bytesMax / 4) + 2 * textsMax;
  }

  get byteLength(): number {
    return this.#words.byteLength + this.#starts.byteLength;
  }

  /** Whether there is room; then `id` stands for the text in these words. */
  add(id: number, text: Int32Array, length: number): boolean {
    const needed = wordsOf(length) + 1;
    if (length > lengthMax || this.#live + needed > this.#wordsMax) return false;
    if (this.#end + needed > this.#words.length) this.#makeRoom(needed);
    if (id >= this.#starts.length) this.#growIds(id);
    const words = this.#words;
    const start = this.#end + 1;
    words[this.#end] = id | (length << 16);
    for (let i = 0; i < needed - 1; i++) words[start + i] = text[i] as number;
    this.#starts[id] = start;
    this.#end += needed;
    this.#live += needed;
    return true;
  }

  remove(id: number): void {
    this.#live -= wordsOf(this.length(id)) + 1;
    this.#starts[id] = nowhere;
    if (this.#words.length > wordsAtFirst && this.#live < this.#words.length / 8) this.#makeRoom(0);
  }

  equals(id: number, text: Int32Array, length: number): boolean {
    const words = this.#words;
    const start = this.#starts[id] as number;
    if ((words[start - 1] as number) >>> 16 !== length) return false;
    const count = wordsOf(length);
    for (let i = 0; i < count; i++) {
      if (words[start + i] !== text[i]) return false;
    }
    return true;
  }

  /** Below 0 where the text of `one` comes first, by code points. */
  compare(one: number, two: number): number {
    const words = this.#words;
    const oneStart = this.#starts[one] as number;
    const twoStart = this.#starts[two] as number;
    const count = wordsOf(Math.min(this.length(one), this.length(two)));
    for (let i = 0; i < count; i++) {
      const oneWord = words[oneStart + i] as number;
      const twoWord = words[twoStart + i] as number;
      const different = oneWord ^ twoWord;
      if (different === 0) continue;
      // The first byte that differs is the one with the lowest bit that does.
      const shift = (31 - Math.clz32(different & -different)) & ~7;
      return ((oneWord >>> shift) & 0xff) - ((twoWord >>> shift) & 0xff);
    }
    return this.length(one) - this.length(two);
  }

  text(id: number): string {
    const start = 4 * (this.#starts[id] as number);
    return this.#bytes.toString('utf8', start, start + this.length(id));
  }

  /** Bytes of the text. */
  length(id: number): number {
    return (this.#words[(this.#starts[id] as number) - 1] as number) >>> 16;
  }

  /** Writes it as a string of JSON, six times as long at most and two; returns where it ends. */
  quote(id: number, target: Buffer, at: number): number {
    const bytes = this.#bytes;
    const start = 4 * (this.#starts[id] as number);
    const length = this.length(id);
    target[at] = 0x22;
    for (let i = 0; i < length; i++) {
      const byte = bytes[start + i] as number;
      if (byte < 0x20 || byte === 0x22 || byte === 0x5c) {
        return at + target.write(JSON.stringify(this.text(id)), at);
      }
      target[at + 1 + i] = byte;
    }
    target[at + 1 + length] = 0x22;
    return at + length + 2;
  }

  /** Moves together what lives, into larger or smaller memory where that fits better. */
  #makeRoom(needed: number): void {
    const source = this.#words;
    const live = this.#live + needed;
    // At least a fifth is free then, so that moving pays; an eighth is used, so that memory follows.
    const fits = live <= 0.8 * source.length && live >= source.length / 8;
    const target = fits ? source : new Int32Array(this.#sizeFor(live));
    let to = 0;
    for (let at = 0; at < this.#end; ) {
      const head = source[at] as number;
      const next = at + 1 + wordsOf(head >>> 16);
      const id = head & 0xffff;
      if (this.#starts[id] === at + 1) {
        this.#starts[id] = to + 1;
        for (let from = at; from < next; from++) target[to++] = source[from] as number;
      }
      at = next;
    }
    this.#words = target;
    this.#bytes = Buffer.from(target.buffer);
    this.#end = to;
  }

  /** Half as much again each time; a fifth of the largest is for gaps. */
  #sizeFor(live: number): number {
    let size = wordsAtFirst;
    while (size * 0.8 < live) size = Math.ceil(size * 1.5);
    return Math.min(size, Math.max(wordsAtFirst, Math.ceil(this.#wordsMax * 1.25)));
  }

  #growIds(id: number): void {
    const starts = new Uint32Array(Math.max(id + 1, 2 * this.#starts.length)).fill(nowhere);
    starts.set(this.#starts);
    this.#starts = starts;
  }
}

/** Of so many bytes. */
function wordsOf(length: number): number {
  return (length + 3) >>> 2;
}
