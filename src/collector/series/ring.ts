/**
 * The points of one series, sorted by time; where it is full, the oldest goes.
 *
 * It grows as points come, so that ten thousand series that were just seen take no memory for a day.
 */

export type Point = { readonly timeMs: number; readonly value: number };

/** Points in a row: a view of the ring, true until the next point comes. */
export type Segment = { readonly times: Float64Array; readonly values: Float64Array };

export type Added = 'added' | 'replaced' | 'too_old';

const slotsMin = 16;
/** Up to here it doubles; above it what is not used yet is a fifth at most. */
const slotsDoubled = 256;

export class Ring {
  #times = new Float64Array(0);
  #values = new Float64Array(0);
  /** Where the oldest point is. */
  #start = 0;
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Of its oldest point; NaN where it has none. */
  get oldestMs(): number {
    return this.#count === 0 ? Number.NaN : this.#timeAt(0);
  }

  /** Of its newest point; NaN where it has none. */
  get newestMs(): number {
    return this.#count === 0 ? Number.NaN : this.#timeAt(this.#count - 1);
  }

  get latest(): Point | undefined {
    if (this.#count === 0) return undefined;
    const slot = this.#slot(this.#count - 1);
    return { timeMs: this.#times[slot] as number, value: this.#values[slot] as number };
  }

  /**
   * A point of a time that it has replaces the value there.
   *
   * @param room how many points it may have, at least 1; where it has them, its oldest makes room for a newer one
   */
  add(timeMs: number, value: number, room: number): Added {
    const at = this.#count === 0 || timeMs > this.newestMs ? this.#count : this.#firstFrom(timeMs);
    if (at < this.#count && this.#timeAt(at) === timeMs) {
      this.#values[this.#slot(at)] = value;
      return 'replaced';
    }
    if (this.#count < room) {
      this.#grow(room);
      this.#insert(at, timeMs, value);
    } else {
      if (at === 0) return 'too_old';
      this.#dropOldest();
      this.#insert(at - 1, timeMs, value);
    }
    return 'added';
  }

  /** The points from one time to another, both included: two segments where they lie around the ring's end. */
  range(fromMs: number, toMs: number): readonly Segment[] {
    const first = this.#firstFrom(fromMs);
    const end = this.#firstAfter(toMs);
    if (first >= end) return [];
    const slots = this.#times.length;
    const from = this.#slot(first);
    const until = from + end - first;
    return until <= slots
      ? [this.#segment(from, until)]
      : [this.#segment(from, slots), this.#segment(0, until - slots)];
  }

  #segment(from: number, until: number): Segment {
    return { times: this.#times.subarray(from, until), values: this.#values.subarray(from, until) };
  }

  #slot(index: number): number {
    const slot = this.#start + index;
    return slot < this.#times.length ? slot : slot - this.#times.length;
  }

  #timeAt(index: number): number {
    return this.#times[this.#slot(index)] as number;
  }

  #firstFrom(timeMs: number): number {
    return this.#search((time) => time >= timeMs);
  }

  #firstAfter(timeMs: number): number {
    return this.#search((time) => time > timeMs);
  }

  /** The index of the first time that `isBeyond` holds for; it holds for all later ones, too. */
  #search(isBeyond: (timeMs: number) => boolean): number {
    let low = 0;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (isBeyond(this.#timeAt(middle))) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #dropOldest(): void {
    this.#start = this.#slot(1);
    this.#count--;
  }

  #insert(at: number, timeMs: number, value: number): void {
    // The shorter side makes room; most points are the newest, and none moves.
    if (at < this.#count / 2) {
      this.#start = this.#start === 0 ? this.#times.length - 1 : this.#start - 1;
      for (let index = 0; index < at; index++) this.#move(index + 1, index);
    } else {
      for (let index = this.#count; index > at; index--) this.#move(index - 1, index);
    }
    this.#count++;
    const slot = this.#slot(at);
    this.#times[slot] = timeMs;
    this.#values[slot] = value;
  }

  #move(fromIndex: number, toIndex: number): void {
    const from = this.#slot(fromIndex);
    const to = this.#slot(toIndex);
    this.#times[to] = this.#times[from] as number;
    this.#values[to] = this.#values[from] as number;
  }

  #grow(room: number): void {
    const slots = this.#times.length;
    if (this.#count < slots) return;
    const wanted = slots < slotsDoubled ? 2 * slots : Math.ceil(1.25 * slots);
    this.#resize(Math.min(room, Math.max(slotsMin, wanted)));
  }

  #resize(slots: number): void {
    const times = new Float64Array(slots);
    const values = new Float64Array(slots);
    let at = 0;
    for (const segment of this.range(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY)) {
      times.set(segment.times, at);
      values.set(segment.values, at);
      at += segment.times.length;
    }
    this.#times = times;
    this.#values = values;
    this.#start = 0;
  }
}
