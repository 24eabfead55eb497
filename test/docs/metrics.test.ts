/** docs/metrics.md explains every metric that the program exposes, in its own words, and no other. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { healthResults } from '../../src/collector/health/instruments.ts';
import { IngestInstruments } from '../../src/collector/intake/ingest-instruments.ts';
import { queryResults } from '../../src/collector/query-api/instruments.ts';
import { sampleRefusals } from '../../src/collector/series/instruments.ts';
import { Failure, failureReasons } from '../../src/model/failure.ts';
import { outcomes } from '../../src/model/outcome.ts';
import { pollResults } from '../../src/telemetry/poll-result.ts';
import { exposedNames, unknownNames } from '../observability/exposed.ts';
import { parsePage } from '../telemetry/page-parser.ts';
import { realCollector } from '../telemetry/real-collector.ts';
import { actionFor, reading, stage, targetOf } from '../telemetry/stage.ts';
import { page, tableRows } from './page.ts';
import { wordsOfType } from './source.ts';

const metrics = page('docs/metrics.md');
const headings = (metrics.text.match(/^## .*$/gm) ?? []).map((heading) => tableRows(metrics, heading));
const isMetric = ([name = '']: readonly string[]) => /^`(cloudmon|process)_/.test(name);
const documented = headings
  .flat()
  .filter(isMetric)
  .map(([name = '', type, labels = '', unit, meaning]) => ({
    name: name.slice(1, -1),
    type,
    labels: labels.match(/\w+/g) ?? [],
    unit,
    meaning,
  }));
const queries = headings
  .flat()
  .filter(([, query = '']) => /^`.*`$/.test(query))
  .map(([, query = '']) => query.slice(1, -1));

/** Every family with a sample, where this version can have one. */
async function exposed() {
  const target = targetOf('api');
  const { ask, witness } = stage([target], ['default'], {
    collector: await realCollector([{ type: 'node' }]),
  });
  witness.attempted(actionFor(target, 'default'), 1, new Failure('dashboard', 'timeout', ''), true);
  witness.cycleDone(1, [reading(target, 0)]);
  return parsePage((await ask('/metrics')).body, 'text').map(({ name, type, help, samples }) => ({
    name,
    type,
    labels: Object.keys(samples[0]?.labels ?? {}).filter((label) => label !== 'le'),
    help,
    isEmpty: samples.length === 0,
  }));
}

test('every metric is explained once, and no other is', async () => {
  const names = (await exposed()).map(({ name }) => name);
  expect(names.length).toBeGreaterThan(20);
  expect(documented.map(({ name }) => name).sort()).toEqual(names.sort());
});

test('with the type, the labels and the words that the program itself uses', async () => {
  for (const { name, type, labels, help, isEmpty } of await exposed()) {
    const entry = documented.find((other) => other.name === name);
    expect(entry, name).toMatchObject({ type, meaning: help });
    // Without a sample its labels cannot be seen.
    if (!isEmpty) expect(entry?.labels, name).toEqual(labels);
  }
});

test('one metric has no samples in this version', async () => {
  const empty = (await exposed()).filter(({ isEmpty }) => isEmpty).map(({ name }) => name);
  expect(empty).toEqual(['cloudmon_reporter_unowned_incidents']);
});

test('every metric has a unit', () => {
  expect(documented.filter(({ unit }) => !unit).map(({ name }) => name)).toEqual([]);
});

test('every metric is made use of by a query, and no query asks for what is not there', async () => {
  const unused = documented.filter(({ name }) => !queries.some((query) => query.includes(name)));
  expect(unused.map(({ name }) => name)).toEqual([]);
  const known = await exposedNames();
  expect(queries.flatMap((query) => unknownNames(query, known))).toEqual([]);
});

test.each([
  ['result', [...pollResults, ...queryResults, ...healthResults]],
  ['outcome', [...outcomes]],
  [
    'reason',
    [
      ...failureReasons,
      ...new IngestInstruments().refusals.keys(),
      ...sampleRefusals,
      ...wordsOfType('src/telemetry/health.ts', 'HealthReason'),
      ...reasonsIn('src/collector/condition.ts'),
    ],
  ],
])('every value of %s is explained', (label, values) => {
  const tables = metrics.text.split('\n\n').filter((block) => block.startsWith(`| \`${label}\` |`));
  const explained = tables
    .flatMap((table) => table.match(/^\| `(\w+)`/gm) ?? [])
    .map((cell) => cell.slice(3, -1));
  expect(explained.filter((word) => word !== label).sort()).toEqual([...values].sort());
});

/** Every `reason: 'word'` that is written there. */
function reasonsIn(path: string): readonly string[] {
  const found = [...readFileSync(path, 'utf8').matchAll(/\breason: '(\w+)'/g)];
  return [...new Set(found.map(([, word = '']) => word))];
}

test('the number of series is what it says', async () => {
  const count = async (targets: number, dashboards: number) => {
    const { ask, witness } = stage(
      Array.from({ length: targets }, (_, at) => targetOf(`s${at}`)),
      Array.from({ length: dashboards }, (_, at) => `d${at}`),
    );
    for (let at = 0; at < dashboards; at++)
      witness.attempted(actionFor(targetOf('s0'), `d${at}`), 1, undefined, false);
    witness.cycleDone(1, []);
    return parsePage((await ask('/metrics')).body, 'text').flatMap(({ samples }) => samples).length;
  };
  const none = await count(0, 0);
  const [, perTarget, perDashboard, own] =
    /(\w+) series are kept for each target, (\d+) for each dashboard, and about (\d+) for the program/.exec(
      metrics.text.replace(/\n/g, ' '),
    ) ?? [];
  expect([perTarget, Number(perDashboard)]).toEqual(['Two', (await count(0, 1)) - none]);
  expect((await count(1, 0)) - none).toBe(2);
  expect(Math.abs(none - Number(own))).toBeLessThanOrEqual(5);
});

test('the number of series of a collector is what it says', async () => {
  const count = async (sources: readonly object[]) => {
    const families = (await realCollector(sources)).families();
    return families.flatMap(({ samples }) => samples).length;
  };
  const none = await count([]);
  const [, own, perSource] =
    /A collector has (\d+) more, and (\d+) for each of its sources/.exec(metrics.text.replace(/\n/g, ' ')) ??
    [];
  expect([Number(own), Number(perSource)]).toEqual([none, (await count([{ type: 'node' }])) - none]);
});
