/** What the reporter reads about each target: heard as it writes it into its journal. */
import type { Reading } from '../model/reading.ts';
import { targetKey } from '../model/target.ts';
import { barsShown } from '../pages/bars.ts';
import type { TargetName } from './story.ts';

export type HeardReading = {
  /** When it was read; what it says was observed a moment before. */
  readonly timeMs: number;
  readonly reading: Reading;
};

export class Readings {
  readonly #byTarget = new Map<string, readonly HeardReading[]>();
  #count = 0;

  /** Of all targets, since the start. */
  get count(): number {
    return this.#count;
  }

  readonly hear = (reading: Reading, timeMs: number): void => {
    const { key } = reading.target;
    this.#count++;
    this.#byTarget.set(key, [...(this.#byTarget.get(key) ?? []), { timeMs, reading }].slice(-barsShown));
  };

  /** The newest that a page has room for, oldest first. */
  of({ service, environment }: TargetName): readonly HeardReading[] {
    return this.#byTarget.get(targetKey(service, environment)) ?? [];
  }
}
