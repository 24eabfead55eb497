/** Lines that wait to be sent: first in, first out, and those that came back are first again. */

export type Entry = {
  readonly line: string;
  readonly bytes: number;
  /** Counts up from 0 over all that ever came. */
  readonly order: number;
  /** How often it was sent without an answer. */
  unanswered: number;
};

export class Queue {
  #entries: (Entry | undefined)[] = [];
  /** Where the first one is; what is before it has been taken. */
  #head = 0;
  #bytes = 0;

  get length(): number {
    return this.#entries.length - this.#head;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get first(): Entry | undefined {
    return this.#entries[this.#head];
  }

  push(entry: Entry): void {
    this.#entries.push(entry);
    this.#bytes += entry.bytes;
  }

  shift(): Entry | undefined {
    const entry = this.first;
    if (!entry) return undefined;
    this.#entries[this.#head++] = undefined;
    this.#bytes -= entry.bytes;
    // Now and then, so that each move of what waits is paid for by as many that left.
    if (this.#head > 1_024 && this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    } else if (this.length === 0) {
      this.#entries = [];
      this.#head = 0;
    }
    return entry;
  }

  /** The first ones, as many as fit; one at least. */
  take(max: number, bytesMax: number): Entry[] {
    const taken: Entry[] = [];
    let bytes = 0;
    for (let next = this.first; next && taken.length < max; next = this.first) {
      bytes += next.bytes;
      if (taken.length > 0 && bytes > bytesMax) break;
      taken.push(next);
      this.shift();
    }
    return taken;
  }

  putBack(entries: readonly Entry[]): void {
    this.#entries = [...entries, ...this.#entries.slice(this.#head)];
    this.#head = 0;
    for (const { bytes } of entries) this.#bytes += bytes;
  }
}
