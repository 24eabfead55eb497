/** Numbers on a page: looked up in the snapshot, so that a page never counts for itself. */

import type { Labels, Sample, Snapshot } from '../exposition/family.ts';
import { type Html, html } from '../pages/html.ts';
import { countText } from '../pages/number.ts';

export class Figures {
  readonly #samples: ReadonlyMap<string, readonly Sample[]>;

  constructor(snapshot: Snapshot) {
    this.#samples = new Map(snapshot.map(({ name, samples }) => [name, samples]));
  }

  /** Undefined where nothing is known yet. */
  value(name: string, labels: Labels = {}): number | undefined {
    return this.#of(name, labels)[0]?.value;
  }

  /** How often, and how long on average; without its first time there is no mean. */
  histogram(
    name: string,
    labels: Labels = {},
  ): { readonly count: number; readonly meanMs: number | undefined } {
    const samples = this.#of(name, labels);
    const count = samples.find((sample) => sample.name === `${name}_count`)?.value ?? 0;
    const sum = samples.find((sample) => sample.name === `${name}_sum`)?.value ?? 0;
    return { count, meanMs: count > 0 ? (sum / count) * 1000 : undefined };
  }

  /** What was counted, by the words of one label, without those that never came. */
  counted(name: string, label: string, labels: Labels = {}): readonly Counted[] {
    return this.#of(name, labels)
      .filter(({ value }) => value > 0)
      .map((sample) => ({ word: sample.labels[label] ?? '', count: sample.value }));
  }

  label(name: string, label: string): string {
    return this.#of(name, {})[0]?.labels[label] ?? '';
  }

  #of(name: string, labels: Labels): readonly Sample[] {
    const samples = this.#samples.get(name) ?? [];
    const wanted = Object.entries(labels);
    return wanted.length === 0
      ? samples
      : samples.filter((sample) => wanted.every(([label, value]) => sample.labels[label] === value));
  }
}

export type Counted = { readonly word: string; readonly count: number };

export function sumOf(counted: readonly Counted[]): number {
  return counted.reduce((sum, { count }) => sum + count, 0);
}

/** `ok 12 · no data 3`. */
export function countedText(counted: readonly Counted[]): string {
  return counted
    .map(({ word, count }) => `${word.replaceAll('_', ' ')} ${countText(count)}`.replaceAll(' ', '\u00a0'))
    .join(' · ');
}

export type Figure = {
  readonly about: string;
  readonly value: Html | string;
  readonly note?: Html | string;
};

export function drawFigures(figures: readonly Figure[]): Html {
  const all = figures.map(
    ({ about, value, note }) =>
      html`<div><dt>${about}</dt><dd class="number">${value}</dd>${note && html`<dd class="note">${note}</dd>`}</div>`,
  );
  return html`<dl class="figures">${all}</dl>`;
}
