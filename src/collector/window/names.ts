/**
 * Interned texts: each that is held has a small number, and is forgotten when nobody holds it.
 *
 * A hash table of our own, because what comes as bytes is found in it without making a string. The seed
 * keeps strangers from choosing texts that collide.
 */
import { systemChance } from '../../model/chance.ts';
import { Texts } from './texts.ts';

/** Stands for all that there was no room for, and for the text `other` itself. */
export const other = 0;
/** No value. */
export const none = 65_535;
/** Every id is below it. */
export const idsEnd = 65_536;

const slotsAtFirst = 64;
const idsAtFirst = 64;
const scratchBytes = 1_024;

export class Names {
  readonly #namesMax: number;
  readonly #charactersMax: number;
  readonly #onFull: () => void;
  readonly #seed = Math.floor(systemChance() * 2 ** 32);
  readonly #scratch = Buffer.alloc(scratchBytes);
  /** The text that is looked for. */
  #words = new Int32Array(scratchBytes / 4 + 1);
  #texts: Texts;
  /** Ids, or `none` where a slot is empty. */
  #slots = new Uint16Array(slotsAtFirst).fill(none);
  #hashes = new Int32Array(idsAtFirst);
  #holds = new Uint32Array(idsAtFirst);
  /** Given back and not used again yet; the next one stands in its `#holds`. */
  #freeId = none;
  /** Not used since there were no names. */
  #nextId = 0;
  #count = 0;

  /** @param charactersMax of all names together; of those that are not ASCII, each byte of UTF-8 counts */
  constructor(namesMax: number, charactersMax: number, onFull: () => void) {
    this.#namesMax = namesMax;
    this.#charactersMax = charactersMax;
    this.#onFull = onFull;
    this.#texts = this.#begin();
  }

  /** How many are held. */
  get count(): number {
    return this.#count;
  }

  get byteLength(): number {
    const tables = this.#slots.byteLength + this.#hashes.byteLength + this.#holds.byteLength;
    return tables + this.#texts.byteLength + scratchBytes;
  }

  /** Holds it once more. `other` where there is no room. */
  take(text: string): number {
    return this.#takeText(text);
  }

  /** The same for bytes of ASCII, without making a string. */
  takeBytes(bytes: Buffer, start: number, end: number): number {
    return this.#takeBytes(bytes, start, end);
  }

  /** Holds once more what is held already. */
  hold(id: number): void {
    if (id !== other && id !== none) this.#holds[id] = (this.#holds[id] as number) + 1;
  }

  /** What nobody holds is forgotten and its id used again. */
  drop(id: number): void {
    if (id === other || id === none) return;
    const holds = (this.#holds[id] as number) - 1;
    this.#holds[id] = holds;
    if (holds === 0) this.#forget(id);
  }

  /** Gives back what was needed for many names, if there are none now. */
  trim(): void {
    if (this.#count === 0 && this.#holds.length > idsAtFirst) this.#begin();
  }

  text(id: number): string {
    return id === none ? '' : this.#texts.text(id);
  }

  /** Below 0 where the name of `one` comes first, by code points. */
  compare(one: number, two: number): number {
    return this.#texts.compare(one, two);
  }

  /** Bytes of the text. */
  length(id: number): number {
    return this.#texts.length(id);
  }

  /** Writes it as a string of JSON, six times as long at most and two; returns where it ends. */
  quote(id: number, target: Buffer, at: number): number {
    return this.#texts.quote(id, target, at);
  }

  #takeText(text: string): number {
    const { length } = text;
    if (3 * length > scratchBytes) {
      const bytes = Buffer.from(text);
      return this.#takeBytes(bytes, 0, bytes.length);
    }
    const scratch = this.#scratch;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      if (code > 0x7f) return this.#takeBytes(scratch, 0, scratch.write(text));
      scratch[i] = code;
    }
    return this.#takeBytes(scratch, 0, length);
  }

  /** Reads the bytes as words, which are hashed and compared faster. */
  #takeBytes(bytes: Buffer, start: number, end: number): number {
    const length = end - start;
    if (length > 4 * this.#words.length) this.#words = new Int32Array(Math.ceil(length / 4));
    const words = this.#words;
    let hash = this.#seed ^ length;
    let word = 0;
    let at = start;
    for (let next = start + 4; next <= end; next += 4) {
      word =
        (bytes[at] as number) |
        ((bytes[at + 1] as number) << 8) |
        ((bytes[at + 2] as number) << 16) |
        ((bytes[at + 3] as number) << 24);
      words[(at - start) >>> 2] = word;
      hash = Math.imul(hash ^ word, 0x9e37_79b1);
      hash ^= hash >>> 15;
      at = next;
    }
    word = 0;
    for (let byte = end - 1; byte >= at; byte--) word = (word << 8) | (bytes[byte] as number);
    words[(at - start) >>> 2] = word;
    hash = Math.imul(hash ^ word, 0x85eb_ca6b);
    hash ^= hash >>> 13;
    hash = Math.imul(hash, 0xc2b2_ae35);
    return this.#takeWords(hash ^ (hash >>> 16), words, length);
  }

  #takeWords(hash: number, words: Int32Array, length: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    for (let id = slots[slot] as number; id !== none; id = slots[slot] as number) {
      if (this.#hashes[id] === hash && this.#texts.equals(id, words, length)) {
        this.#holds[id] = (this.#holds[id] as number) + 1;
        return id;
      }
      slot = (slot + 1) & mask;
    }
    return this.#enter(hash, words, length);
  }

  #enter(hash: number, words: Int32Array, length: number): number {
    const isReused = this.#freeId !== none;
    const id = isReused ? this.#freeId : this.#nextId;
    if (this.#count >= this.#namesMax || !this.#texts.add(id, words, length)) {
      this.#onFull();
      return other;
    }
    if (isReused) this.#freeId = this.#holds[id] as number;
    else this.#nextId++;
    this.#count++;
    if (id >= this.#holds.length) this.#growIds();
    this.#hashes[id] = hash;
    this.#holds[id] = 1;
    if (2 * (this.#count + 1) > this.#slots.length) this.#resize(2 * this.#slots.length);
    this.#place(id, hash);
    return id;
  }

  #forget(id: number): void {
    this.#count--;
    this.#unplace(id);
    this.#texts.remove(id);
    this.#holds[id] = this.#freeId;
    this.#freeId = id;
    if (this.#slots.length > slotsAtFirst && 16 * this.#count < this.#slots.length) {
      this.#resize(this.#slots.length / 2);
    }
  }

  /** Everything as it was at first. */
  #begin(): Texts {
    this.#texts = new Texts(this.#charactersMax, this.#namesMax + 1);
    this.#slots = new Uint16Array(slotsAtFirst).fill(none);
    this.#hashes = new Int32Array(idsAtFirst);
    this.#holds = new Uint32Array(idsAtFirst);
    this.#freeId = none;
    this.#nextId = other;
    this.#takeText('other');
    this.#count = 0;
    return this.#texts;
  }

  #place(id: number, hash: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let slot = hash & mask;
    while (slots[slot] !== none) slot = (slot + 1) & mask;
    slots[slot] = id;
  }

  /** Those behind it move up, so that no search ends too early. */
  #unplace(id: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let gap = (this.#hashes[id] as number) & mask;
    while (slots[gap] !== id) gap = (gap + 1) & mask;
    for (let slot = (gap + 1) & mask; slots[slot] !== none; slot = (slot + 1) & mask) {
      const home = (this.#hashes[slots[slot] as number] as number) & mask;
      if (((slot - home) & mask) < ((slot - gap) & mask)) continue;
      slots[gap] = slots[slot] as number;
      gap = slot;
    }
    slots[gap] = none;
  }

  #resize(length: number): void {
    const before = this.#slots;
    this.#slots = new Uint16Array(length).fill(none);
    for (const id of before) {
      if (id !== none) this.#place(id, this.#hashes[id] as number);
    }
  }

  #growIds(): void {
    const length = Math.min(2 * this.#holds.length, none);
    const holds = new Uint32Array(length);
    holds.set(this.#holds);
    this.#holds = holds;
    const hashes = new Int32Array(length);
    hashes.set(this.#hashes);
    this.#hashes = hashes;
  }
}
