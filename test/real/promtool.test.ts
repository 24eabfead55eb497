/** What promtool makes of the rules, their tests and the scrape configuration that we ship. */
import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { page } from '../docs/page.ts';
import { authority, certificate } from '../process/certificates.ts';
import { file, temporaryFolder } from '../process/program.ts';

test('promtool finds nothing wrong with the rules', () => {
  expect(promtool('check', 'rules', 'observability/alerts.yaml')).toMatch(/SUCCESS: \d+ rules found/);
});

test('every alert fires when it should and is silent when it should be', () => {
  expect(promtool('test', 'rules', 'observability/alerts.test.yaml')).toMatch(/SUCCESS/);
});

test('a rule that no longer fires is noticed', () => {
  const folder = temporaryFolder();
  copyFileSync('observability/alerts.test.yaml', join(folder, 'alerts.test.yaml'));
  const rules = readFileSync('observability/alerts.yaml', 'utf8');
  file(rules.replace('health_status == 0', 'health_status == 7'), 'alerts.yaml', folder);
  expect(() => promtool('test', 'rules', join(folder, 'alerts.test.yaml'))).toThrow(
    /CloudmonReporterUnhealthy/,
  );
});

test('promtool takes the scrape configuration, where its certificates are', async () => {
  const folder = temporaryFolder();
  const ca = await authority('of servers');
  const { cert, key } = await certificate({ by: ca, use: 'client' });
  for (const [name, text] of Object.entries({ ca: ca.cert, client: cert, 'client-key': key })) {
    file(text, `${name}.pem`, folder);
  }
  const text = readFileSync('observability/prometheus.yaml', 'utf8');
  expect(text).toContain('/etc/prometheus/cloudmon-reporter/');
  copyFileSync('observability/alerts.yaml', join(folder, 'alerts.yaml'));
  file('a-token', 'token', folder);
  const here = text.replaceAll(/\/etc\/prometheus\/cloudmon-(reporter|collector)/g, folder);
  expect(promtool('check', 'config', file(here, 'prometheus.yaml', folder))).toMatch(/SUCCESS/);
});

test('for the operator of Prometheus the rules are put into a manifest as the page says', () => {
  const readme = page('observability/README.md');
  const [command = ''] = readme.blocks.flatMap(({ text }) => (text.includes('PrometheusRule') ? [text] : []));
  const made = join(temporaryFolder(), 'prometheus-rule.yaml');
  execFileSync('bash', ['-euo', 'pipefail', '-c', command.replace('prometheus-rule.yaml', made)]);
  expect(parse(readFileSync(made, 'utf8'))).toEqual({
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'cloudmon-reporter' },
    spec: parse(readFileSync('observability/alerts.yaml', 'utf8')),
  });
});

function promtool(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stdout + stderr);
  return stdout;
}
