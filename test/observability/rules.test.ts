/** The alert rules: each says what is wrong and where to look, and is shown to fire and not to fire. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { anchorsOf, page, tableRows } from '../docs/page.ts';
import { exposedNames, unknownNames } from './exposed.ts';
import { rules } from './rules.ts';

type Case = {
  readonly alert_rule_test?: readonly {
    readonly alertname: string;
    readonly exp_alerts: readonly unknown[];
  }[];
};

const { tests } = parse(readFileSync('observability/alerts.test.yaml', 'utf8')) as {
  readonly tests: readonly Case[];
};

const alerts = rules.filter(({ alert }) => alert !== undefined);
const names = alerts.map(({ alert }) => alert ?? '');

test('there are alerts, and each has a name of its own', () => {
  expect(names.length).toBeGreaterThan(15);
  expect(new Set(names).size).toBe(names.length);
});

test('every alert says how grave it is, what is wrong, and where to read on', () => {
  for (const { alert, labels, annotations } of alerts) {
    expect(['critical', 'warning', 'info'], alert).toContain(labels?.['severity']);
    expect(Object.keys(annotations ?? {}), alert).toEqual(['summary', 'description', 'runbook']);
  }
});

test('every runbook is a heading of a page', () => {
  for (const { alert, annotations } of alerts) {
    const [path = '', heading] = (annotations?.['runbook'] ?? '').split('#');
    expect(existsSync(path), alert).toBe(true);
    expect(anchorsOf(page(path)), `${alert}: ${path}`).toContain(heading);
  }
});

test('every alert is shown to fire, and not to fire', () => {
  const shown = tests.flatMap(({ alert_rule_test = [] }) => alert_rule_test);
  for (const name of names) {
    const ofIt = shown.filter(({ alertname }) => alertname === name);
    expect(
      ofIt.some(({ exp_alerts }) => exp_alerts.length > 0),
      `${name} is never shown to fire`,
    ).toBe(true);
    expect(
      ofIt.some(({ exp_alerts }) => exp_alerts.length === 0),
      `${name} always fires`,
    ).toBe(true);
  }
});

test('rules ask only for what is exposed or recorded', async () => {
  const recorded = rules.flatMap(({ record }) => record ?? []);
  const known = new Set([...(await exposedNames()), ...recorded]);
  expect(known).toContain('cloudmon_reporter_health_status');
  expect(rules.flatMap(({ expr }) => unknownNames(expr, known))).toEqual([]);
});

test('whatever is recorded is used', () => {
  const recorded = rules.flatMap(({ record }) => record ?? []);
  expect(recorded.filter((name) => !alerts.some(({ expr }) => expr.includes(name)))).toEqual([]);
});

test('every alert is explained, with its severity, and no other', () => {
  const explained = tableRows(page('observability/README.md'), '## Alerts');
  expect(explained.map(([name, severity]) => `${name?.replaceAll('`', '')} ${severity}`)).toEqual(
    alerts.map(({ alert, labels }) => `${alert} ${labels?.['severity']}`),
  );
});
