/**
 * Series that were silent for long, in the order in which they give way to new ones.
 *
 * They are looked for every collect interval, not whenever there is no room: then that costs nothing.
 */
import { limits } from '../../model/limits.ts';
import type { Registered } from './registry.ts';
import type { RingSeries } from './ring-series.ts';

export type Silent = {
  readonly registered: Registered;
  readonly key: string;
  readonly series: RingSeries;
  readonly heardMs: number;
};

export class SilentSeries {
  /** Who was silent for longest is the last one; of those that came at once, who came first. */
  #all: Silent[] = [];
  #charactersCount = 0;

  /** As many as may give way, but for those that were heard since. */
  get seriesCount(): number {
    return this.#all.length;
  }

  get charactersCount(): number {
    return this.#charactersCount;
  }

  /** @param untilMs nothing was heard of them since then */
  find(metrics: Iterable<Registered>, untilMs: number): void {
    const found = Array.from(silentOf(metrics, untilMs));
    this.#all = found.reverse().sort((one, other) => other.heardMs - one.heardMs);
    this.#charactersCount = found.reduce((sum, { key }) => sum + key.length, 0);
  }

  /** Takes out the one that was silent for longest. */
  next(): Silent | undefined {
    for (let last = this.#all.pop(); last; last = this.#all.pop()) {
      this.#charactersCount -= last.key.length;
      const { registered, key, series, heardMs } = last;
      if (series.heardMs === heardMs && registered.series.get(key) === series) return last;
    }
    return undefined;
  }
}

function* silentOf(metrics: Iterable<Registered>, untilMs: number): Iterable<Silent> {
  let count = 0;
  for (const registered of metrics) {
    for (const [key, series] of registered.series) {
      const { heardMs } = series;
      if (heardMs >= untilMs) continue;
      yield { registered, key, series, heardMs };
      if (++count === limits.silentSeriesMax) return;
    }
  }
}
