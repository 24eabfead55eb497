/** How often each word of a closed list was said: every word counts from 0, any other is dropped. */
import type { Family, Labels, Sample } from './family.ts';

export class Counts<Word extends string> {
  readonly #values: ReadonlyMap<Word, { readonly labels: Labels; value: number }>;

  /** @param labelsOf the same object for ever: printers remember its text */
  constructor(words: readonly Word[], labelsOf: (word: Word) => Labels) {
    this.#values = new Map(words.map((word) => [word, { labels: labelsOf(word), value: 0 }]));
  }

  add(word: Word, count = 1): void {
    const counted = this.#values.get(word);
    if (counted) counted.value += count;
  }

  samples(name: string): Sample[] {
    return Array.from(this.#values.values(), ({ labels, value }) => ({ name, labels, value }));
  }

  family(name: string, help: string): Family {
    return { name, type: 'counter', help, samples: this.samples(name) };
  }
}
