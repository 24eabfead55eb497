/**
 * Notices that a dashboard has become another one, by what it answers: nothing is found there any more.
 *
 * Whoever stands in between may say so, too, while the dashboard is away: one such answer means little.
 */
import type { DeliveryEvents } from '../model/delivery-events.ts';
import { limits } from '../model/limits.ts';

export class NotFounds {
  #inRow = 0;

  readonly attempted: DeliveryEvents['attempted'] = (_action, _durationMs, failure) => {
    if (failure?.httpStatus === 404) this.#inRow++;
    else if (!failure || failure.httpStatus !== undefined) this.#inRow = 0;
  };

  get areTooMany(): boolean {
    return this.#inRow >= limits.notFoundsMax;
  }

  /** It was looked what is there: they count anew. */
  forget(): void {
    this.#inRow = 0;
  }
}
