/** Values by time, taken from the answer of somebody else: what it is made of is looked at, point by point. */
import { limits } from '../../model/limits.ts';
import { garbled, type Track, tooMuch } from './datasource.ts';

/** One series, point by point. Throws a `Failure` for a point that cannot be. */
export class TrackBuilder {
  readonly #timesMs: number[] = [];
  readonly #values: number[] = [];
  #lastMs = Number.NEGATIVE_INFINITY;

  /** @param value undefined where there is none */
  add(timeMs: number, value: number | undefined): void {
    if (timeMs <= this.#lastMs) throw garbled('the times of a series do not rise');
    this.#lastMs = timeMs;
    if (value === undefined) return;
    if (this.#values.length === limits.datasourcePointsMax) {
      throw tooMuch(`a series has more than ${limits.datasourcePointsMax} points`);
    }
    this.#timesMs.push(timeMs);
    this.#values.push(value);
  }

  /** Undefined where no point has a value. */
  build(): Track | undefined {
    return this.#values.length > 0 ? { timesMs: this.#timesMs, values: this.#values } : undefined;
  }
}

export function checkSeriesCount(count: number): void {
  if (count <= limits.datasourceSeriesMax) return;
  throw tooMuch(`the query has more than ${limits.datasourceSeriesMax} series`);
}

/** What stands where something else was expected. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  return { string: 'a text', number: 'a number' }[typeof value as string] ?? String(value);
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
