/**
 * What a fake peer saw, in order, with a way to wait for it that needs no sleep.
 *
 * The oldest entries go when there are too many, so that a demo may run for weeks.
 */

type Wait = { readonly check: () => boolean; readonly fail: (reason: string) => void };

export class Ledger<E> {
  readonly #keep: number;
  readonly #waits = new Set<Wait>();
  #entries: E[] = [];
  #isClosed = false;

  constructor(keep: number) {
    this.#keep = keep;
  }

  get entries(): readonly E[] {
    return this.#entries;
  }

  add(entry: E): void {
    this.#entries.push(entry);
    if (this.#entries.length > this.#keep) this.#entries = this.#entries.slice(-Math.ceil(this.#keep / 2));
    this.touch();
  }

  /** To be called after an entry changed: whoever waits looks again. */
  touch(): void {
    for (const wait of [...this.#waits]) {
      if (wait.check()) this.#waits.delete(wait);
    }
  }

  /** The `count`th entry that matches, as soon as there is one; rejects when the peer stops before. */
  waitFor(matches: (entry: E) => boolean, count = 1): Promise<E> {
    return new Promise((resolve, reject) => {
      const check = () => {
        const found = this.#entries.filter(matches)[count - 1];
        if (found !== undefined) resolve(found);
        return found !== undefined;
      };
      const fail = (reason: string) => reject(new Error(reason));
      if (check()) return;
      if (this.#isClosed) return fail('the peer has stopped');
      this.#waits.add({ check, fail });
    });
  }

  close(): void {
    this.#isClosed = true;
    const text = `the peer stopped while somebody waited for a request; it saw ${this.#entries.length}`;
    for (const wait of this.#waits) wait.fail(text);
    this.#waits.clear();
  }
}
