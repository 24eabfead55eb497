/** The points of one series, copied: those of the ring are untrue as soon as somebody else has had a turn. */
import type { Segment } from '../series/ring.ts';
import type { Series } from '../series/ring-series.ts';
import { type Effort, pointsAtOnce } from './effort.ts';

export class Points {
  times = new Float64Array(1_024);
  values = new Float64Array(1_024);
  count = 0;
  /** Before which points the value falls, as a counter's does that begins anew; empty until they are looked for. */
  readonly resets: number[] = [];

  /** Takes those of another series, or of another time, instead. */
  async read(series: Series, fromMs: number, toMs: number, effort: Effort): Promise<void> {
    let segments = series.range(fromMs, toMs);
    const count = segments.reduce((sum, { times }) => sum + times.length, 0);
    effort.read(count);
    this.#clear(count);
    for (;;) {
      const before = this.count;
      this.#take(segments, Math.min(count, before + pointsAtOnce));
      // Some may have gone meanwhile.
      if (this.count === count || this.count === before) return;
      const waiting = effort.pause();
      if (waiting) await waiting;
      segments = series.range((this.times[this.count - 1] as number) + 1, toMs);
    }
  }

  async findResets(effort: Effort): Promise<void> {
    for (let from = 1; from < this.count; from += pointsAtOnce) {
      const end = Math.min(this.count, from + pointsAtOnce);
      for (let index = from; index < end; index++) {
        if ((this.values[index] as number) < (this.values[index - 1] as number)) this.resets.push(index);
      }
      const waiting = effort.touch(end - from);
      if (waiting) await waiting;
    }
  }

  #clear(room: number): void {
    this.count = 0;
    this.resets.length = 0;
    if (room <= this.times.length) return;
    this.times = new Float64Array(room);
    this.values = new Float64Array(room);
  }

  /** Until there are so many. */
  #take(segments: readonly Segment[], count: number): void {
    for (const { times, values } of segments) {
      const wanted = count - this.count;
      this.times.set(times.length > wanted ? times.subarray(0, wanted) : times, this.count);
      this.values.set(values.length > wanted ? values.subarray(0, wanted) : values, this.count);
      this.count += Math.min(times.length, wanted);
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
