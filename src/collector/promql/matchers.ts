/** Which series a selector finds. */
import { labelValue } from '../series/labels.ts';
import type { Series } from '../series/ring-series.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Matcher, Selector } from './syntax.ts';

export type Found = { readonly name: string; readonly series: Series };

/** Looks that cost little, such as comparing a few texts: together some 10 µs. */
const looksAtOnce = 64;

/** Undefined after some looks that found nothing, and after each that may be dear: who has to pause can. */
export function* looksFor({ matchers }: Selector, store: SeriesStore): Iterable<Found | undefined> {
  const ofName = matchers.filter(({ name }) => name === '__name__').map(remembering);
  const ofLabels = matchers.filter(({ name }) => name !== '__name__').map(remembering);
  for (const name of namesOf(ofName, store)) {
    yield undefined;
    if (!(yield* areMatched(ofName, () => name))) continue;
    if (ofLabels.some(isRegex)) yield* dearLooks(name, ofLabels, store);
    else yield* cheapLooks(name, ofLabels, store);
  }
}

function* cheapLooks(
  name: string,
  matchers: readonly Matcher[],
  store: SeriesStore,
): Iterable<Found | undefined> {
  let looked = 0;
  for (const series of store.select(name)) {
    const isFound = matchers.every(({ name: label, matches }) => matches(labelValue(series.labels, label)));
    if (isFound) yield { name, series };
    else if (++looked % looksAtOnce === 0) yield undefined;
  }
}

function* dearLooks(
  name: string,
  matchers: readonly Matcher[],
  store: SeriesStore,
): Iterable<Found | undefined> {
  for (const series of store.select(name)) {
    const isFound = yield* areMatched(matchers, (label) => labelValue(series.labels, label));
    if (isFound) yield { name, series };
  }
}

function isRegex({ operator }: Matcher): boolean {
  return operator === '=~' || operator === '!~';
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
  for (const matcher of matchers) {
    const isMatched = matcher.matches(textOf(matcher.name));
    if (isRegex(matcher)) yield undefined;
    if (!isMatched) return false;
  }
  return true;
}

/** Many series have the same few values of a label. */
function remembering(matcher: Matcher): Matcher {
  const { matches } = matcher;
  if (!isRegex(matcher)) return matcher;
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
