/** A page that is written piece by piece and never becomes larger than a limit. */

const bytesMin = 65_536;

export class PageBytes {
  readonly #bytesMax: number;
  #bytes = Buffer.alloc(0);
  #count = 0;

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether there was room for it. */
  add(text: string): boolean {
    // A sign takes a byte at least: most of what is too long is not even measured.
    if (this.#count + text.length > this.#bytesMax) return false;
    const wanted = this.#count + Buffer.byteLength(text);
    if (wanted > this.#bytesMax) return false;
    if (wanted > this.#bytes.length) this.#grow(wanted);
    this.#count += this.#bytes.write(text, this.#count);
    return true;
  }

  /** All that was written, with hardly more memory than it needs; nothing may be added afterwards. */
  finish(): Buffer {
    const written = this.#bytes.subarray(0, this.#count);
    return this.#count > this.#bytes.length / 2 ? written : Buffer.from(written);
  }

  #grow(wanted: number): void {
    const size = Math.max(bytesMin, wanted, 2 * this.#bytes.length);
    const bytes = Buffer.allocUnsafeSlow(Math.min(size, this.#bytesMax));
    this.#bytes.copy(bytes, 0, 0, this.#count);
    this.#bytes = bytes;
  }
}
