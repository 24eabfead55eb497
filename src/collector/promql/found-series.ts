/**
 * What selectors found last, as long as no series came or went: flags ask for the same few again and again,
 * among thousands.
 */
import { limits } from '../../model/limits.ts';
import type { Found } from './matchers.ts';
import type { Selector } from './syntax.ts';

type Remembered = { readonly version: number; readonly series: readonly Found[] };

export class FoundSeries {
  readonly #bySelector = new WeakMap<Selector, Remembered>();

  /** @param version of the store */
  of(selector: Selector, version: number): readonly Found[] | undefined {
    const known = this.#bySelector.get(selector);
    return known?.version === version ? known.series : undefined;
  }

  remember(selector: Selector, version: number, series: readonly Found[]): void {
    // Forgotten where there are many: they would hold on to series that are gone.
    if (series.length > limits.foundSeriesMax) this.#bySelector.delete(selector);
    else this.#bySelector.set(selector, { version, series });
  }
}
