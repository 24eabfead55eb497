/** The Grafana dashboard: it can be imported anywhere, and shows what there is. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { exposedNames, unknownNames } from './exposed.ts';
import { dashboard, expressions, type Panel, panels } from './grafana.ts';

test('it asks for its data source when it is imported, and names no other', () => {
  expect(dashboard.__inputs.map(({ name, pluginId }) => [name, pluginId])).toEqual([
    ['DS_PROMETHEUS', 'prometheus'],
  ]);
  const text = readFileSync('observability/grafana-dashboard.json', 'utf8');
  const uids = [...text.matchAll(/"uid": "([^"]*)"/g)].map(([, uid]) => uid);
  expect(new Set(uids)).toEqual(new Set(['$' + '{DS_PROMETHEUS}', '-- Grafana --', 'cloudmon-reporter']));
});

test('it has an address of its own and takes no other dashboard’s place', () => {
  expect(dashboard.id).toBeNull();
  expect(dashboard.uid).toBe('cloudmon-reporter');
  expect(dashboard.schemaVersion).toBeGreaterThanOrEqual(39);
});

test('every kind of panel is announced', () => {
  const used = new Set(panels.map(({ type }) => type).filter((type) => type !== 'row'));
  const announced = dashboard.__requires.filter(({ type }) => type === 'panel').map(({ id }) => id);
  expect(announced).toEqual([...used].sort());
});

test('every panel has a number, a title and an explanation of its own', () => {
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  expect(new Set(panels.map(({ title }) => title)).size).toBe(panels.length);
  const plain = panels.filter(({ type }) => type !== 'row');
  expect(plain.filter(({ description }) => !description).map(({ title }) => title)).toEqual([]);
});

test('no panel lies on another, and none beyond the grid of 24', () => {
  const pairs = panels.flatMap((one, at) => panels.slice(at + 1).map((other) => [one, other] as const));
  const overlapping = pairs.filter(([one, other]) => areOverlapping(one, other));
  expect(overlapping.map(([one, other]) => `${one.title} and ${other.title}`)).toEqual([]);
  expect(panels.filter(({ gridPos: { x, w } }) => x + w > 24)).toEqual([]);
});

test('the rows are those that people look for', () => {
  const rows = panels.filter(({ type }) => type === 'row').map(({ title }) => title);
  expect(rows).toEqual(['Overview', 'Services', 'Polling', 'Dashboards', 'Process']);
});

test('everything it asks for is exposed', async () => {
  const known = await exposedNames();
  expect(expressions.length).toBeGreaterThan(30);
  expect(expressions.flatMap((expression) => unknownNames(expression, known))).toEqual([]);
});

test('everything of the reporter that is exposed is shown', async () => {
  const asked = expressions.join('\n');
  const known = [...(await exposedNames())].filter(
    (name) => !/_(sum|count)$|^cloudmon_collector_/.test(name),
  );
  // Drawn as a mark where it goes back, and the newest reload's time is in the annotations' place.
  const elsewhere = [
    'process_start_time_seconds',
    'cloudmon_reporter_config_last_reload_success_timestamp_seconds',
  ];
  expect(known.filter((name) => !asked.includes(name))).toEqual(elsewhere.reverse());
});

test('a query asks only about the job and the instances that were chosen', () => {
  const free = expressions.filter((expression) =>
    [...expression.matchAll(/\{([^}]*)\}/g)].some(([, inside = '']) => !inside.startsWith('job="$job"')),
  );
  expect(free).toEqual([]);
});

function areOverlapping({ gridPos: a }: Panel, { gridPos: b }: Panel): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
