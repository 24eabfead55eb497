/**
 * Plain data as JSON, whatever is handed over: a size that is known beforehand, no method of it called.
 *
 * JSON.stringify would take its time for what is huge, and call every toJSON on the way. One thing has no
 * bound: the names of an object's keys come all at once, which takes half a second for a million.
 */

import { types } from 'node:util';

export class PlainJson {
  #left: number;
  readonly #depthMax: number;

  constructor(charactersMax: number, depthMax: number) {
    this.#left = charactersMax;
    this.#depthMax = depthMax;
  }

  /** Throws where it cannot be said, or becomes too long. */
  text(value: unknown, depth = 0): string {
    switch (typeof value) {
      case 'string':
        // Too long before it is escaped is too long after it.
        this.#spend(value.length);
        return this.#spent(JSON.stringify(value), value.length);
      case 'number':
        return this.#spent(Number.isFinite(value) ? String(value) : 'null');
      case 'boolean':
        return this.#spent(String(value));
      case 'object':
        return value === null ? this.#spent('null') : this.#object(value, depth);
      default:
        throw new TypeError(`holds a ${typeof value}, which JSON cannot say`);
    }
  }

  #object(value: object, depth: number): string {
    if (types.isDate(value)) return this.text(value.toISOString());
    if (ArrayBuffer.isView(value)) throw new TypeError('holds bytes, which JSON cannot say');
    if (depth >= this.#depthMax)
      throw new TypeError(`is nested deeper than ${this.#depthMax}, or holds itself`);
    this.#spend(2);
    const parts: string[] = [];
    if (Array.isArray(value)) {
      for (const item of value)
        parts.push(item === undefined ? this.#spent('null') : this.text(item, depth + 1));
      return `[${parts.join(',')}]`;
    }
    for (const key of Object.keys(value)) {
      // Also for one that is left out: it has been looked at.
      this.#spend(1);
      const item: unknown = (value as Record<string, unknown>)[key];
      if (item !== undefined) parts.push(`${this.text(key)}:${this.text(item, depth + 1)}`);
    }
    return `{${parts.join(',')}}`;
  }

  #spent(text: string, already = 0): string {
    // And a comma or a colon.
    this.#spend(text.length - already + 1);
    return text;
  }

  #spend(characters: number): void {
    this.#left -= characters;
    if (this.#left < 0) throw new RangeError('is too long');
  }
}
