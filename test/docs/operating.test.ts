/** docs/operating.md explains every log line, field, failure reason and exit code. */
import { expect, test } from 'vitest';
import { exitCode } from '../../src/cli/io.ts';
import { failureReasons } from '../../src/model/failure.ts';
import { page, tableRows } from './page.ts';
import { fieldsOfObjects, fieldsOfType, logCalls, wordsOfType } from './source.ts';

const operating = page('docs/operating.md');
const calls = logCalls();

/** Level and line of each row, `{}` where something is filled in. */
const documented = tableRows(operating, '### Every line').map(([level = '', line = '']) => ({
  level,
  message: line.slice(1, -1).replace(/\{[^}]*\}/g, '{}'),
}));

test('there are log lines to look for', () => expect(calls.length).toBeGreaterThan(15));

test('every log line is written out where it is logged', () => {
  expect(calls.filter(({ message }) => message === undefined).map(({ place }) => place)).toEqual([]);
});

test('every log line is explained, with its level', () => {
  const missing = calls.filter(
    ({ level, message }) => !documented.some((row) => row.level === level && row.message === message),
  );
  expect(missing.map(({ place, level, message }) => `${place}: ${level} ${message}`)).toEqual([]);
});

test('every line that is explained can be logged', () => {
  const gone = documented.filter(
    (row) => !calls.some(({ level, message }) => row.level === level && row.message === message),
  );
  expect(gone).toEqual([]);
});

test('every field is explained, and no other', () => {
  const logged = new Set([
    ...calls.flatMap(({ fields }) => fields),
    ...fieldsOfObjects('src/app/log-journal.ts'),
    ...fieldsOfObjects('src/app/log-deliveries.ts'),
    ...fieldsOfType('src/collector/journal.ts', 'Ingested'),
  ]);
  const explained = tableRows(operating, '### Fields').flatMap(([names = '']) => names.match(/\w+/g) ?? []);
  expect([...explained].sort()).toEqual([...logged].sort());
});

test('every reason has a heading under troubleshooting', () => {
  const reasons = [...failureReasons, ...wordsOfType('src/model/reading.ts', 'NoDataReason')];
  expect(reasons.length).toBeGreaterThan(12);
  const [, troubleshooting = ''] = operating.text.split('\n## Troubleshooting\n');
  const headings = (troubleshooting.match(/^### .*$/gm) ?? []).map((line) => line.slice(4));
  expect(headings.filter((heading) => !heading.startsWith('"')).sort()).toEqual(reasons.sort());
});

test('the troubles that seed 001 names are found under its own words', () => {
  for (const trouble of [
    'Connection refused to convertor',
    'Dashboard authentication failed',
    'No services being polled',
  ]) {
    expect(operating.text).toContain(`\n### "${trouble}"\n`);
  }
});

test('every exit code is explained', () => {
  const explained = operating.text.match(/^\| (\d+) \|/gm)?.map((row) => Number.parseInt(row.slice(2), 10));
  expect(explained).toEqual(Object.values(exitCode));
});
