/**
 * The texts of names, side by side as UTF-8 in one piece of memory, so that 50,000 of them cost the
 * garbage collector nothing and a text that came as bytes is compared without making a string.
 *
 * A record is the id, the length and the bytes. What is removed stays until half a page of such gaps is
 * worth closing; then all that lives is moved together, in place.
 */

const headerBytes = 4;
const bytesAtFirst = 4_096;
/** Of an id that has no text. */
const nowhere = 0xffff_ffff;

export class Texts {
  readonly #bytesMax: number;
  #bytes = Buffer.alloc(bytesAtFirst);
  #end = 0;
  /** Bytes of the records that count. */
  #live = 0;
  #starts = new Uint32Array(64).fill(nowhere);
  #lengths = new Uint16Array(64);

  /** @param bytesMax of all texts together */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  get byteLength(): number {
    return this.#bytes.byteLength + this.#starts.byteLength + this.#lengths.byteLength;
  }

  /** Whether there is room for the bytes; then `id` stands for them. */
  add(id: number, from: Buffer, start: number, end: number): boolean {
    const length = end - start;
    const needed = length + headerBytes;
    if (length > 0xffff || this.#live + needed > this.#bytesMax) return false;
    if (this.#end + needed > this.#bytes.length) this.#makeRoom(needed);
    if (id >= this.#starts.length) this.#growIds(id);

    const bytes = this.#bytes;
    const at = this.#end;
    bytes[at] = id & 0xff;
    bytes[at + 1] = id >>> 8;
    bytes[at + 2] = length & 0xff;
    bytes[at + 3] = length >>> 8;
    for (let i = 0; i < length; i++) bytes[at + headerBytes + i] = from[start + i] as number;
    this.#starts[id] = at + headerBytes;
    this.#lengths[id] = length;
    this.#end = at + needed;
    this.#live += needed;
    return true;
  }

  remove(id: number): void {
    this.#live -= (this.#lengths[id] as number) + headerBytes;
    this.#starts[id] = nowhere;
    if (this.#bytes.length > bytesAtFirst && this.#live < this.#bytes.length / 8) this.#makeRoom(0);
  }

  equals(id: number, from: Buffer, start: number, end: number): boolean {
    if (this.#lengths[id] !== end - start) return false;
    const bytes = this.#bytes;
    let at = this.#starts[id] as number;
    for (let i = start; i < end; i++) {
      if (bytes[at++] !== from[i]) return false;
    }
    return true;
  }

  /** Below 0 where the text of `one` comes first, by code points. */
  compare(one: number, two: number): number {
    const bytes = this.#bytes;
    const oneStart = this.#starts[one] as number;
    const twoStart = this.#starts[two] as number;
    const oneLength = this.#lengths[one] as number;
    const twoLength = this.#lengths[two] as number;
    const length = oneLength < twoLength ? oneLength : twoLength;
    for (let i = 0; i < length; i++) {
      const difference = (bytes[oneStart + i] as number) - (bytes[twoStart + i] as number);
      if (difference !== 0) return difference;
    }
    return oneLength - twoLength;
  }

  text(id: number): string {
    const start = this.#starts[id] as number;
    return this.#bytes.toString('utf8', start, start + (this.#lengths[id] as number));
  }

  /** Bytes that `quote` may write. */
  quotedBytesMax(id: number): number {
    return 6 * (this.#lengths[id] as number) + 2;
  }

  /** Writes it as a string of JSON; returns where it ends. */
  quote(id: number, target: Buffer, at: number): number {
    const bytes = this.#bytes;
    const start = this.#starts[id] as number;
    const length = this.#lengths[id] as number;
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
    const fitting = sizeFor(this.#live + needed);
    const target = fitting === this.#bytes.length ? this.#bytes : Buffer.alloc(fitting);
    const source = this.#bytes;
    let to = 0;
    for (let at = 0; at < this.#end; ) {
      const id = (source[at] as number) | ((source[at + 1] as number) << 8);
      const length = (source[at + 2] as number) | ((source[at + 3] as number) << 8);
      const next = at + headerBytes + length;
      if (this.#starts[id] === at + headerBytes) {
        this.#starts[id] = to + headerBytes;
        for (let i = at; i < next; i++) target[to++] = source[i] as number;
      }
      at = next;
    }
    this.#bytes = target;
    this.#end = to;
  }

  #growIds(id: number): void {
    const starts = new Uint32Array(Math.max(id + 1, 2 * this.#starts.length)).fill(nowhere);
    starts.set(this.#starts);
    this.#starts = starts;
    const lengths = new Uint16Array(starts.length);
    lengths.set(this.#lengths);
    this.#lengths = lengths;
  }
}

/** At least a fifth is free after moving together, so that moving pays; steps of a quarter waste little. */
function sizeFor(bytes: number): number {
  let size = bytesAtFirst;
  while (size * 0.8 < bytes) size = Math.ceil((size * 1.25) / 64) * 64;
  return size;
}
