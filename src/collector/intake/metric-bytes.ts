/**
 * Reads a metric straight from its bytes, making neither strings nor objects.
 *
 * It knows the plain form that programs write: known keys in any order, each once, ASCII without escapes,
 * numbers without exponent, a flat `custom`. Whatever else comes, right or wrong, it declines, and the
 * metric is parsed as JSON and checked in words. What it takes, it takes exactly as that would.
 */
import { limits } from '../../model/limits.ts';
import { latencyMsMax, type Span } from './metric.ts';
import { type TextField, textsMax } from './metric-text.ts';
import { PlainBytes } from './plain-bytes.ts';
import type { Timestamps } from './timestamp.ts';

/** Where each key stands in the tables: the texts first. */
export const places = {
  service: 0,
  environment: 1,
  instance: 2,
  path: 3,
  source_ip: 4,
  method: 5,
  status_code: 6,
  latency_ms: 7,
  timestamp: 8,
  custom: 9,
} as const;

const keys = Object.keys(places) as (keyof typeof places)[];
const textsCount = places.status_code;
const charactersMax = Uint16Array.from(keys.slice(0, textsCount), (key) => textsMax[key as TextField]);

const declined = -1;
const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const underscore = 0x5f;
const letterF = 0x66;
const letterN = 0x6e;
const letterT = 0x74;
const objectStart = 0x7b;
const objectEnd = 0x7d;
const protoLength = '__proto__'.length;

export class MetricBytes {
  /** Where the text of each key begins and ends, of those that `has`. */
  readonly starts = new Int32Array(textsCount);
  readonly ends = new Int32Array(textsCount);
  statusCode = 0;
  latencyMs = Number.NaN;
  timeMs = 0;
  readonly #plain = new PlainBytes(keys);
  readonly #times: Timestamps;
  #view: DataView = new DataView(new ArrayBuffer(0));
  /** Of the last one, with its quotes. */
  #timestampLength = 0;
  #span: Span = { nowMs: 0, oldestMs: 0, latestMs: 0, historyMs: 0 };
  /** A bit for each key. */
  #seen = 0;

  constructor(times: Timestamps) {
    this.#times = times;
  }

  open({ buffer, byteOffset, length }: Buffer, span: Span): void {
    this.#view = new DataView(buffer, byteOffset, length);
    this.#span = span;
    this.#plain.open(this.#view);
  }

  has(place: number): boolean {
    return (this.#seen & (1 << place)) !== 0;
  }

  /** Where the metric ends that begins there; below 0: declined. */
  read(start: number, isLine: boolean): number {
    const plain = this.#plain;
    plain.begin(start, limits.elementBytesMax, isLine);
    let at = start;
    let place: number = keys.length;
    let seen = 0;
    if (plain.at(at) !== objectStart) return declined;
    do {
      at = plain.keyEnd(at + 1, place);
      if (at < 0) return declined;
      place = plain.key;
      const bit = 1 << place;
      at = this.#valueEnd(at, place);
      if (at < 0 || (seen & bit) !== 0) return declined;
      seen |= bit;
      if (plain.at(at) <= space) at = plain.spaceEnd(at);
    } while (plain.at(at) === comma);
    this.#seen = seen;
    if (plain.at(at) !== objectEnd || !this.has(places.service)) return declined;
    this.#complete();
    return at + 1;
  }

  #complete(): void {
    if (!this.has(places.status_code)) this.statusCode = 0;
    if (!this.has(places.latency_ms)) this.latencyMs = Number.NaN;
    if (!this.has(places.timestamp)) this.timeMs = this.#span.nowMs;
  }

  #valueEnd(start: number, place: number): number {
    if (place < textsCount) return this.#textEnd(start, place);
    if (place === places.timestamp) return this.#timestampEnd(start);
    if (place === places.custom) return this.#customEnd(start);
    const end = this.#plain.numberEnd(start);
    if (end < 0) return declined;
    const { number } = this.#plain;
    if (place === places.latency_ms) {
      this.latencyMs = number;
      return number <= latencyMsMax ? end : declined;
    }
    this.statusCode = number;
    return number >= 100 && number <= 599 && Math.floor(number) === number ? end : declined;
  }

  #textEnd(start: number, place: number): number {
    const end = this.#plain.stringEnd(start);
    const length = end - start - 2;
    if (length < 1 || length > (charactersMax[place] as number)) return declined;
    // Perhaps the one text that is not allowed.
    if (length === protoLength && this.#plain.at(start + 1) === underscore) return declined;
    this.starts[place] = start + 1;
    this.ends[place] = end - 1;
    return end;
  }

  /** As a rule it is as long as the last one; and a time between quotes is no other string. */
  #timestampEnd(start: number): number {
    const plain = this.#plain;
    let end = start + this.#timestampLength;
    if (plain.at(start) !== quote || plain.at(end - 1) !== quote || !this.#isTime(start, end)) {
      end = plain.stringEnd(start);
      if (end < 0 || !this.#isTime(start, end)) return declined;
      this.#timestampLength = end - start;
    }
    return this.timeMs >= this.#span.oldestMs && this.timeMs <= this.#span.latestMs ? end : declined;
  }

  #isTime(start: number, end: number): boolean {
    this.timeMs = this.#times.read(this.#view, start + 1, end - 1);
    return !Number.isNaN(this.timeMs);
  }

  /** It is not kept, but must be right. */
  #customEnd(start: number): number {
    const plain = this.#plain;
    if (plain.at(start) !== objectStart) return declined;
    let at = plain.spaceEnd(start + 1);
    if (plain.at(at) === objectEnd) return at + 1;
    for (;;) {
      at = plain.stringEnd(at);
      if (at < 0) return declined;
      at = plain.colonEnd(at);
      if (at < 0) return declined;
      at = this.#flatEnd(at);
      if (at < 0) return declined;
      at = plain.spaceEnd(at);
      if (plain.at(at) === objectEnd) return at + 1;
      if (plain.at(at) !== comma) return declined;
      at = plain.spaceEnd(at + 1);
    }
  }

  #flatEnd(start: number): number {
    const plain = this.#plain;
    switch (plain.at(start)) {
      case quote:
        return plain.stringEnd(start);
      case letterT:
        return plain.wordEnd(start, 'true');
      case letterF:
        return plain.wordEnd(start, 'false');
      case letterN:
        return plain.wordEnd(start, 'null');
      default:
        return plain.numberEnd(start);
    }
  }
}
