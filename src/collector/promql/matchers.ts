/** Which series a selector finds. */
import { labelValue } from '../series/labels.ts';
import type { Series } from '../series/ring-series.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Matcher, Selector } from './syntax.ts';

export type Found = { readonly name: string; readonly series: Series };

/** Undefined for each look that found nothing, and after each that may have been dear: who has to pause can. */
export function* looksFor({ matchers }: Selector, store: SeriesStore): Iterable<Found | undefined> {
  const ofName = matchers.filter(({ name }) => name === '__name__').map(remembering);
  const ofLabels = matchers.filter(({ name }) => name !== '__name__').map(remembering);
  for (const name of namesOf(ofName, store)) {
    yield undefined;
    if (!(yield* areMatched(ofName, () => name))) continue;
    for (const series of store.select(name)) {
      const isFound = yield* areMatched(ofLabels, (label) => labelValue(series.labels, label));
      yield isFound ? { name, series } : undefined;
    }
  }
}

function* namesOf(ofName: readonly Matcher[], store: SeriesStore): Iterable<string> {
  const exact = ofName.find(({ operator }) => operator === '=');
  if (exact) yield exact.value;
  else for (const { name } of store.metrics()) yield name;
}

/** Whether all of them are; each answer of a regular expression is remembered, and followed by a look. */
function* areMatched(
  matchers: readonly Matcher[],
  textOf: (label: string) => string,
): Generator<undefined, boolean> {
  for (const { name, operator, matches } of matchers) {
    const isMatched = matches(textOf(name));
    if (operator === '=~' || operator === '!~') yield undefined;
    if (!isMatched) return false;
  }
  return true;
}

/** Many series have the same few values of a label. */
function remembering(matcher: Matcher): Matcher {
  const { operator, matches } = matcher;
  if (operator === '=' || operator === '!=') return matcher;
  const known = new Map<string, boolean>();
  const remembered = (value: string) => {
    const before = known.get(value);
    if (before !== undefined) return before;
    const isMatched = matches(value);
    known.set(value, isMatched);
    return isMatched;
  };
  return { ...matcher, matches: remembered };
}
