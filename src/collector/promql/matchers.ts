/** Which series a selector finds. */
import type { Labels } from '../../exposition/family.ts';
import { labelValue } from '../series/labels.ts';
import type { Series } from '../series/ring-series.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Matcher, Selector } from './syntax.ts';

export type Found = { readonly name: string; readonly series: Series };

export function* seriesOf(selector: Selector, store: SeriesStore): Iterable<Found> {
  for (const found of looksFor(selector, store)) if (found) yield found;
}

/** The same with undefined for each look that found nothing: who has to pause can, after each of them. */
export function* looksFor({ matchers }: Selector, store: SeriesStore): Iterable<Found | undefined> {
  const ofName = matchers.filter(({ name }) => name === '__name__');
  const ofLabels = matchers.filter(({ name }) => name !== '__name__');
  for (const name of namesOf(ofName, store)) {
    if (!ofName.every(({ matches }) => matches(name))) {
      yield undefined;
      continue;
    }
    for (const series of store.select(name)) {
      yield isMatched(ofLabels, series.labels) ? { name, series } : undefined;
    }
  }
}

function* namesOf(ofName: readonly Matcher[], store: SeriesStore): Iterable<string> {
  const exact = ofName.find(({ operator }) => operator === '=');
  if (exact) yield exact.value;
  else for (const { name } of store.metrics()) yield name;
}

/** A label that a series lacks is empty. */
function isMatched(matchers: readonly Matcher[], labels: Labels): boolean {
  return matchers.every(({ name, matches }) => matches(labelValue(labels, name)));
}
