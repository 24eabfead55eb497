/** The newest results of one target, in 450 bytes: a thousand targets have as many of these. */
import { limits } from '../model/limits.ts';
import type { Status } from '../model/status.ts';

/** `status` undefined: no data. `atMs`: when it was read, milliseconds since 1970. */
export type Result = { readonly atMs: number; readonly status: Status | undefined };

const noData = -1;

export class Results {
  readonly #statuses = new Int8Array(limits.resultsShown);
  readonly #times = new Float64Array(limits.resultsShown);
  #count = 0;

  push(atMs: number, status: Status | undefined): void {
    const slot = this.#count % limits.resultsShown;
    this.#statuses[slot] = status ?? noData;
    this.#times[slot] = atMs;
    this.#count++;
  }

  /** Oldest first, at most `limits.resultsShown`. */
  toArray(): Result[] {
    const size = Math.min(this.#count, limits.resultsShown);
    return Array.from({ length: size }, (_, i) => {
      const slot = (this.#count - size + i) % limits.resultsShown;
      const status = this.#statuses[slot];
      return {
        atMs: this.#times[slot] ?? 0,
        status: status === noData ? undefined : (status as Status),
      };
    });
  }
}
