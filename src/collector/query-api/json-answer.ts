/** An answer that is written piece by piece, in slices, and never becomes larger than a limit. */

import type { Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { QueryError } from '../promql/query.ts';
import { PageBytes } from '../series/page-bytes.ts';

export class JsonAnswer {
  readonly #bytes = new PageBytes(limits.queryAnswerBytesMax);
  readonly #pause: Pause;

  constructor(pause: Pause) {
    this.#pause = pause;
  }

  /** Throws a `QueryError` where there is no room for it. */
  add(text: string): Promise<void> | undefined {
    if (!this.#bytes.add(text)) throw new QueryError('execution', tooLarge);
    return this.#pause();
  }

  /** A list of texts that are JSON already. */
  async list(texts: Iterable<string>): Promise<void> {
    let before = '[';
    for (const text of texts) {
      const pause = this.add(before + text);
      // Waiting for nothing takes time, too.
      if (pause) await pause;
      before = ',';
    }
    await this.add(before === '[' ? '[]' : ']');
  }

  finish(): Buffer {
    return this.#bytes.finish();
  }
}

const tooLarge = `the answer would be larger than ${limits.queryAnswerBytesMax / 1_048_576} MiB: narrow the selectors, shorten the time or lengthen the step`;
