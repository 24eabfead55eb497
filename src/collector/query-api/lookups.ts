/** What there is to be asked for: series, the names of labels and their values. */
import type { Labels } from '../../exposition/family.ts';
import type { Pause } from '../../model/clock.ts';
import { limits } from '../../model/limits.ts';
import { type Found, looksFor } from '../promql/matchers.ts';
import { parseSelector } from '../promql/parse.ts';
import { QueryError } from '../promql/query.ts';
import { sorted } from '../promql/sorting.ts';
import type { Selector } from '../promql/syntax.ts';
import type { SeriesStore } from '../series/store.ts';
import type { Endpoint, Work } from './endpoint.ts';
import { quoted } from './go-text.ts';
import { naming } from './invalid.ts';
import type { JsonAnswer } from './json-answer.ts';
import type { Parameters } from './parameters.ts';
import { truncated } from './query-result.ts';
import { limitOf, optionalTimeMs } from './times.ts';

type Wanted = {
  /** In the order in which they came; none for all series. */
  readonly matches: readonly string[];
  readonly fromMs: number;
  readonly toMs: number;
  /** 0: all of them. */
  readonly limit: number;
};

export function seriesEndpoint(store: SeriesStore): Endpoint {
  return (parameters) => {
    if (parameters.all('match[]').length === 0) {
      throw new QueryError('bad_data', 'no match[] parameter provided');
    }
    const wanted = wantedOf(parameters);
    const read = (text: string) => naming('match[]', () => selectorOf(text));
    return lookup(async (answer, pause) => {
      const found: Found[] = [];
      await eachSeries(store, wanted, pause, (each) => found.push(each), read);
      await writeList(answer, found, wanted.limit, ({ name, series }) => metricJson(name, series.labels));
    });
  };
}

export function labelNamesEndpoint(store: SeriesStore): Endpoint {
  return (parameters) => {
    const wanted = wantedOf(parameters);
    return lookup(async (answer, pause) => {
      const names = new Set<string>();
      await eachSeries(store, wanted, pause, ({ series }) => {
        names.add('__name__');
        for (const name in series.labels) names.add(name);
      });
      await writeList(answer, await sorted(names, itself, pause), wanted.limit, JSON.stringify);
    });
  };
}

/** @param label as it stands in the path, percent signs decoded */
export function labelValuesEndpoint(store: SeriesStore, label: string): Endpoint {
  return (parameters) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(label)) {
      throw new QueryError('bad_data', `invalid label name: ${quoted(label)}`);
    }
    const wanted = wantedOf(parameters);
    return lookup(async (answer, pause) => {
      const values = new Set<string>();
      await eachSeries(store, wanted, pause, ({ name, series: { labels } }) => {
        if (label === '__name__') values.add(name);
        else if (Object.hasOwn(labels, label)) values.add(labels[label] as string);
      });
      await writeList(answer, await sorted(values, itself, pause), wanted.limit, JSON.stringify);
    });
  };
}

function lookup(write: Work['write']): Work {
  return { timeoutMs: limits.queryAnswerMs, write };
}

function wantedOf(parameters: Parameters): Wanted {
  return {
    fromMs: optionalTimeMs('start', parameters.first('start'), Number.NEGATIVE_INFINITY),
    toMs: optionalTimeMs('end', parameters.first('end'), Number.POSITIVE_INFINITY),
    matches: parameters.all('match[]'),
    limit: limitOf(parameters.first('limit')),
  };
}

function selectorOf(text: string): Selector {
  try {
    return parseSelector(text);
  } catch (error) {
    const isEmpty = error instanceof QueryError && error.message.endsWith(noMatcher);
    throw isEmpty ? new QueryError('bad_data', `match[] ${noMatcher}`) : error;
  }
}

const noMatcher = 'must contain at least one non-empty matcher';

/** Few enough of them, each of which takes a moment. */
async function selectorsOf(
  matches: readonly string[],
  read: (text: string) => Selector,
  pause: Pause,
): Promise<readonly Selector[]> {
  if (matches.reduce((sum, { length }) => sum + length, 0) > limits.queryCharactersMax) {
    const most = `all match[] have ${limits.queryCharactersMax} characters together at most`;
    throw new QueryError('bad_data', most);
  }
  const selectors: Selector[] = [];
  let regexesCount = 0;
  for (const text of matches) {
    const selector = read(text);
    regexesCount += selector.matchers.filter(({ operator }) => operator.includes('~')).length;
    if (regexesCount > limits.queryRegexesMax) {
      const most = `all match[] have ${limits.queryRegexesMax} regular expressions together at most`;
      throw new QueryError('bad_data', most);
    }
    selectors.push(selector);
    const waiting = pause();
    if (waiting) await waiting;
  }
  return selectors;
}

/** Each one once that has a point in the time. */
async function eachSeries(
  store: SeriesStore,
  { matches, fromMs, toMs }: Wanted,
  pause: Pause,
  tell: (found: Found) => void,
  read = selectorOf,
): Promise<void> {
  const selectors = await selectorsOf(matches, read, pause);
  for (const found of selectors.length === 0 ? everySeries(store) : selectedSeries(store, selectors)) {
    const waiting = pause();
    if (waiting) await waiting;
    if (found && found.series.range(fromMs, toMs).length > 0) tell(found);
  }
}

function* everySeries(store: SeriesStore): Iterable<Found> {
  for (const { name } of store.metrics()) {
    for (const series of store.select(name)) yield { name, series };
  }
}

/** Undefined for each look that found nothing new: it takes time, too. */
function* selectedSeries(store: SeriesStore, selectors: readonly Selector[]): Iterable<Found | undefined> {
  const seen = new Set<Found['series']>();
  for (const selector of selectors) {
    for (const found of looksFor(selector, store)) {
      const isKnown = found && seen.has(found.series);
      // Of one selector each comes once.
      if (found && selectors.length > 1) seen.add(found.series);
      yield isKnown ? undefined : found;
    }
  }
}

function itself(text: string): string {
  return text;
}

async function writeList<Item>(
  answer: JsonAnswer,
  items: readonly Item[],
  limit: number,
  print: (item: Item) => string,
): Promise<void> {
  const isCut = limit > 0 && items.length > limit;
  await answer.add('{"status":"success","data":');
  await answer.list(printed(isCut ? items.slice(0, limit) : items, print));
  await answer.add(`${isCut ? truncated : ''}}`);
}

function* printed<Item>(items: readonly Item[], print: (item: Item) => string): Iterable<string> {
  for (const item of items) yield print(item);
}

function metricJson(name: string, labels: Labels): string {
  return JSON.stringify({ __name__: name, ...labels });
}
