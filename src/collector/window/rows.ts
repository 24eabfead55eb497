/** Metrics of the window in columns, in the order of their arrival: 21 bytes each, and no object. */

export const rowsPerChunk = 4_096;

/** What was counted of a row beside the row itself: only that is taken back when it goes. */
export const countsIp = 1;
export const countsPath = 2;

const bytesPerRow = 21;

/** Half of what a time in a row can say, 24 days: rows that are there together are closer. */
const spanMs = 2 ** 31;

export class Rows {
  /** Milliseconds since the origin. */
  readonly #times: Uint32Array;
  /** NaN: none. */
  readonly latencies: Float64Array;
  readonly services: Uint16Array;
  readonly paths: Uint16Array;
  readonly ips: Uint16Array;
  /** 0: none. */
  readonly statuses: Uint16Array;
  readonly flags: Uint8Array;
  /** Those before it are gone. */
  start = 0;
  end = 0;
  /** No row is older, none newer. Exact, unless rows went at the start. */
  leastMs = Number.POSITIVE_INFINITY;
  mostMs = Number.NEGATIVE_INFINITY;
  #isExact = true;
  /** Of the first row, less the span; new whenever rows go. */
  #originMs = 0;

  constructor() {
    const memory = new ArrayBuffer(rowsPerChunk * bytesPerRow);
    const at = (byte: number): number => byte * rowsPerChunk;
    this.latencies = new Float64Array(memory, at(0), rowsPerChunk);
    this.#times = new Uint32Array(memory, at(8), rowsPerChunk);
    this.services = new Uint16Array(memory, at(12), rowsPerChunk);
    this.paths = new Uint16Array(memory, at(14), rowsPerChunk);
    this.ips = new Uint16Array(memory, at(16), rowsPerChunk);
    this.statuses = new Uint16Array(memory, at(18), rowsPerChunk);
    this.flags = new Uint8Array(memory, at(20), rowsPerChunk);
  }

  get count(): number {
    return this.end - this.start;
  }

  get byteLength(): number {
    return this.latencies.buffer.byteLength;
  }

  timeOf(row: number): number {
    return this.#originMs + (this.#times[row] as number);
  }

  add(
    timeMs: number,
    latencyMs: number,
    status: number,
    service: number,
    path: number,
    ip: number,
    flags: number,
  ): void {
    const row = this.end++;
    if (row === 0) this.#originMs = timeMs - spanMs;
    this.#times[row] = timeMs - this.#originMs;
    this.latencies[row] = latencyMs;
    this.services[row] = service;
    this.paths[row] = path;
    this.ips[row] = ip;
    this.statuses[row] = status;
    this.flags[row] = flags;
    if (timeMs < this.leastMs) this.leastMs = timeMs;
    if (timeMs > this.mostMs) this.mostMs = timeMs;
  }

  /** The first one is gone. */
  shift(): void {
    this.start++;
    this.#isExact = false;
  }

  /** Keeps those that are not older, moved together. */
  keepFrom(limitMs: number): void {
    const oldOriginMs = this.#originMs;
    let to = 0;
    for (let row = this.start; row < this.end; row++) {
      const timeMs = oldOriginMs + (this.#times[row] as number);
      if (timeMs < limitMs) continue;
      if (to === 0) this.#originMs = timeMs - spanMs;
      this.#copy(this, row, to++, timeMs);
    }
    this.start = 0;
    this.end = to;
    this.#isExact = false;
    this.measure();
  }

  /** All of `next` behind these; they have to fit. */
  append(next: Rows): void {
    if (this.start > 0) this.keepFrom(Number.NEGATIVE_INFINITY);
    if (this.end === 0) this.#originMs = next.#originMs;
    for (let row = next.start; row < next.end; row++) this.#copy(next, row, this.end++, next.timeOf(row));
    this.#isExact = false;
    this.measure();
  }

  /** Makes the least and the most time exact. */
  measure(): void {
    if (this.#isExact) return;
    this.#isExact = true;
    let leastMs = Number.POSITIVE_INFINITY;
    let mostMs = Number.NEGATIVE_INFINITY;
    for (let row = this.start; row < this.end; row++) {
      const timeMs = this.timeOf(row);
      if (timeMs < leastMs) leastMs = timeMs;
      if (timeMs > mostMs) mostMs = timeMs;
    }
    this.leastMs = leastMs;
    this.mostMs = mostMs;
  }

  /** As if it were new. */
  clear(): void {
    this.start = 0;
    this.end = 0;
    this.#isExact = false;
    this.measure();
  }

  #copy(from: Rows, row: number, to: number, timeMs: number): void {
    this.#times[to] = timeMs - this.#originMs;
    if (from === this && row === to) return;
    this.latencies[to] = from.latencies[row] as number;
    this.services[to] = from.services[row] as number;
    this.paths[to] = from.paths[row] as number;
    this.ips[to] = from.ips[row] as number;
    this.statuses[to] = from.statuses[row] as number;
    this.flags[to] = from.flags[row] as number;
  }
}
