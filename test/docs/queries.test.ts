/** docs/queries.md says which part of PromQL there is: every query on it is read, or refused, as it says. */
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { parseQuery } from '../../src/collector/promql/parse.ts';
import { QueryError } from '../../src/collector/promql/query.ts';
import { limits } from '../../src/model/limits.ts';
import { page, tableRows } from './page.ts';

const doc = page('docs/queries.md');

/** What stands there as code; a bar inside a table is written with a backslash. */
function queriesIn(cell = ''): readonly string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
}

/** A bar ends a cell even where it is written `\|`. */
function rows(heading: string): readonly (readonly string[])[] {
  const escaped = { ...doc, text: doc.text.replaceAll('\\|', '\u0000') };
  return tableRows(escaped, heading).map((cells) => cells.map((cell) => cell.replaceAll('\u0000', '|')));
}

function verdict(query: string): string {
  try {
    parseQuery(query);
    return 'read';
  } catch (error) {
    return error instanceof QueryError ? error.kind : 'broken';
  }
}

const language = rows('## The language');
const there = language.filter(([first]) => !first?.startsWith('`'));
const refused = language.filter(([first]) => first?.startsWith('`'));

test('what is there is read', () => {
  const queries = there.flatMap(([, cell]) => queriesIn(cell)).filter((query) => query !== 'bool');
  expect(queries.length).toBeGreaterThan(35);
  expect(queries.filter((query) => verdict(query) !== 'read')).toEqual([]);
});

test('what is refused is refused for what it is, and what to write instead is read', () => {
  const queries = refused.flatMap(([cell]) => queriesIn(cell));
  expect(queries.length).toBeGreaterThan(15);
  expect(queries.filter((query) => verdict(query) !== 'execution')).toEqual([]);
  const instead = refused.flatMap(([, cell]) => queriesIn(cell)).filter((text) => !/^\W+$/.test(text));
  expect(instead.length).toBeGreaterThan(9);
  expect(instead.filter((query) => verdict(query) !== 'read')).toEqual([]);
});

test('every limit is what it says', () => {
  const said = Object.fromEntries(tableRows(doc, '## Limits').map(([name = '', text = '']) => [name, text]));
  const mib = (bytes: number) => `${bytes / 1_048_576} MiB`;
  const count = (number: number) => number.toLocaleString('en');
  expect(said).toEqual({
    'at once': `one query; ${limits.queriesWaitingMax} wait, above that 503`,
    time: `${limits.queryAnswerMs / 1_000} s, the wait included, or \`timeout\` where that is less; ${limits.queryMs / 1_000} s for a query of a flag`,
    'points of one series': `${count(limits.queryStepsMax)} steps, as in Prometheus`,
    series: `${count(limits.querySeriesMax)} for each selector`,
    'points that a query reads and makes': `${count(limits.queryPointsMax)}; \`quantile_over_time\` takes ${count(limits.quantilePointsMax)} of one series`,
    'a query, or all `match[]` of a request': `${count(limits.queryCharactersMax)} characters, ${limits.queryRegexesMax} regular expressions`,
    'a query': `${count(limits.queryTokensMax)} words and signs, ${limits.queryDepthMax} operators and brackets in each other`,
    'a regular expression': `${count(limits.regexCharactersMax)} characters, ${count(limits.regexInstructionsMax)} instructions`,
    'all regular expressions of a query': `${count(limits.regexWorkMax)} instructions, counted before they are compiled`,
    'an answer': `${mib(limits.queryAnswerBytesMax)}; ${mib(limits.queryAnswersBytesMax)} of them together in five seconds`,
  });
});

test('the file for Grafana is one', () => {
  const [block] = doc.blocks.filter(({ text }) => text.includes('datasources:'));
  const { apiVersion, datasources } = parse(block?.text ?? '');
  expect([apiVersion, datasources[0].type, datasources[0].jsonData.httpMethod]).toEqual([
    1,
    'prometheus',
    'POST',
  ]);
  expect(datasources[0].secureJsonData.httpHeaderValue1).toBe('Bearer $COLLECTOR_TOKEN');
});
