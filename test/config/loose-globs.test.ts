/** A `match`, or a maintenance, that is about nothing is a warning where it stands. */
import { expect, test } from 'vitest';
import { loadCollectConfig } from '../../src/config/load.ts';
import { load, loadBy, parts } from './folder.ts';

const services = 'reporter: {services: [{name: api, environments: [production, staging]}, {name: web}]}\n';

/** `text` begins in line 3. */
async function check(text: string, expected: string): Promise<void> {
  const dashboard = text.startsWith('status_dashboard') ? '' : parts.dashboard;
  const { config, lines } = await load({
    'config.yaml': `${parts.convertor}${services}${text}${dashboard}`,
  });
  expect(lines).toBe(expected);
  expect(config).toBeDefined();
}

const matching = (match: string) => `status_dashboard: {kind: console, match: ${match}}\n`;

test('a name in match that nobody has', () =>
  check(
    matching('{services: [apii, "shop-*", api, "?eb"], environments: [prodution, stag*]}'),
    `config.yaml:3:54: warning: status_dashboard.match.services[0]: "apii" matches none of the services. Did you mean api?
config.yaml:3:60: warning: status_dashboard.match.services[1]: "shop-*" matches none of the services. Correct it, or take it out
config.yaml:3:98: warning: status_dashboard.match.environments[0]: "prodution" matches none of the environments. Did you mean production?`,
  ));

test('a match whose services are elsewhere', () =>
  check(
    matching('{services: [web], environments: [staging]}'),
    'config.yaml:3:35: warning: status_dashboard.match: none of its services is in one of its environments, so nothing is told here. Correct them',
  ));

test('a match of nothing', () =>
  check(
    matching('{services: []}'),
    'config.yaml:3:43: warning: status_dashboard.match.services: is empty, so nothing is told here. Write "*" for all; to tell nothing for a while, set mode to paused',
  ));

test('a match that fits', async () => {
  await check(matching('{services: [api, w*], environments: ["*"]}'), '');
  await check(matching('{min_status: 2}'), '');
});

test('a maintenance of what nobody has', () =>
  check(
    `maintenance:
  - {services: [ap], cron: 0 2 * * 0, duration: 1h}
  - {services: [web], environments: [staging], from: 2036-12-01T22:00:00Z, to: 2036-12-02T22:00:00Z}
  - {services: [api], environments: [stagin], from: 2036-12-01T22:00:00Z, to: 2036-12-02T22:00:00Z}
  - {services: ["*"], cron: 0 2 * * 0, duration: 1h}
`,
    `config.yaml:4:17: warning: maintenance[0].services[0]: "ap" matches none of the services. Did you mean api?
config.yaml:5:5: warning: maintenance[1]: none of its services is in one of its environments, so it is about nothing. Correct them
config.yaml:6:38: warning: maintenance[2].environments[0]: "stagin" matches none of the environments. Did you mean staging?`,
  ));

test('of a maintenance that is over only that is said', () =>
  check(
    'maintenance: [{services: [gone], from: 2025-12-01T22:00:00Z, to: 2025-12-01T23:00:00Z}]\n',
    'config.yaml:3:66: warning: maintenance[0].to: is in the past. Take the entry out',
  ));

test('a collector alone knows the services of health_metrics', async () => {
  const text = `collector: {}
environments: [{name: production}]
metric_templates: {up: {query: 'up{service="$service"}', op: lt, threshold: 1}}
flag_metrics: [{name: down, service: api, template: {name: up}, environments: [{name: production}]}]
health_metrics: {api: {service: api, category: c, metrics: [api.down], expressions: [{expression: api.down, weight: 2}]}}
maintenance: [{services: [apo, api], cron: 0 2 * * 0, duration: 1h}]
`;
  const { lines } = await loadBy(loadCollectConfig, { 'config.yaml': text });
  expect(lines).toBe(
    'config.yaml:6:27: warning: maintenance[0].services[0]: "apo" matches none of the services. Did you mean api?',
  );
});
