/** The points of one series, copied: those of the ring are untrue as soon as somebody else has had a turn. */
import type { Series } from '../series/ring-series.ts';

export class Points {
  times = new Float64Array(1_024);
  values = new Float64Array(1_024);
  count = 0;
  /** Before which points the value falls, as a counter's does that begins anew. */
  readonly resets: number[] = [];

  /** Takes those of another series, or of another time, instead. */
  read(series: Series, fromMs: number, toMs: number): void {
    const segments = series.range(fromMs, toMs);
    this.count = segments.reduce((sum, { times }) => sum + times.length, 0);
    if (this.count > this.times.length) {
      this.times = new Float64Array(this.count);
      this.values = new Float64Array(this.count);
    }
    let at = 0;
    for (const { times, values } of segments) {
      this.times.set(times, at);
      this.values.set(values, at);
      at += times.length;
    }
    this.#findResets();
  }

  #findResets(): void {
    this.resets.length = 0;
    for (let index = 1; index < this.count; index++) {
      if ((this.values[index] as number) < (this.values[index - 1] as number)) this.resets.push(index);
    }
  }
}

/** Some of these points in a row, and the time that they were looked for in, both ends included. */
export type Window = {
  readonly points: Points;
  first: number;
  /** Behind the last one. */
  end: number;
  fromMs: number;
  toMs: number;
  /** The first reset that may be behind `first`. */
  reset: number;
};
