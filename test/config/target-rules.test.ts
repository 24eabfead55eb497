/** A reporter that asks the collector in its own process: every target must be one that it knows. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { load, parts } from './folder.ts';

const head = `collector: {}\n${parts.dashboard.replace('secret:', 'kind: incidents, secret:')}server: {address: 127.0.0.1}\n`;
const health = `environments: [{name: prod, attributes: {region: R}}, {name: dev}]
metric_templates: {t: {query: up, op: gt, threshold: 1}}
flag_metrics:
  - {name: up, service: api, template: {name: t}, environments: [{name: prod}, {name: dev}]}
  - {name: up, service: web, template: {name: t}, environments: [{name: prod}]}
health_metrics:
  api: {component_name: API, category: c, metrics: [api.up], expressions: [{expression: api.up, weight: 1}]}
  web: {component_name: Web, category: c, metrics: [web.up], expressions: [{expression: web.up, weight: 1}]}
`;
const lacking =
  'config.yaml:11:3: warning: health_metrics.web: cannot be asked about in dev: its flag web.up is not there. Add the environment to the flag, if it is to be asked about there';

async function check(text: string, expected: readonly string[], warnings = ''): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': text });
  expect(lines).toBe(warnings);
  expect(targets(config)).toEqual(expected);
}

async function checkErrors(text: string, expected: string): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': text });
  expect(lines).toBe(expected);
  expect(config).toBeUndefined();
}

function targets(config: Config | undefined): readonly string[] | undefined {
  return config?.reporter.targets.map(({ service, environment }) => `${service} in ${environment}`);
}

test('targets are derived where a service can be asked about', () =>
  check(head + health, ['api in prod', 'api in dev', 'web in prod'], lacking));

test('with a convertor elsewhere they are derived as before', () =>
  check(
    head + health + parts.convertor,
    ['api in prod', 'api in dev', 'web in prod', 'web in dev'],
    lacking,
  ));

test('targets that are listed and known', () =>
  check(
    `${head}${health}reporter: {defaults: {environment: dev}, services: [{name: api}, {name: web, environments: [prod]}]}\n`,
    ['api in dev', 'web in prod'],
    lacking,
  ));

test('targets that are listed and not known', () =>
  checkErrors(
    `${head}${health}reporter:
  services:
    - name: apii
    - name: storage
    - {name: api, environment: porod}
    - {name: web, environments: [prod, dev]}
    - {name: api}
`,
    `${lacking}
config.yaml:14:13: error: reporter.services[0].name: no such key in health_metrics. Did you mean "api"?
config.yaml:15:13: error: reporter.services[1].name: no such key in health_metrics. Add it to health_metrics
config.yaml:16:32: error: reporter.services[2].environment: api cannot be asked about in porod. Did you mean "prod"?
config.yaml:17:40: error: reporter.services[3].environments[1]: web cannot be asked about in dev. Give all its flags this environment, or take it out here
config.yaml:18:7: error: reporter.services[4].environment: api cannot be asked about in production. Give all its flags this environment, or take it out here`,
  ));

const missing =
  'error: health_metrics: is missing, so the collector has no health to tell. Add health_metrics and flag_metrics, or set convertor.url to another convertor';

test('no health at all is told once, whatever is listed', async () => {
  await checkErrors(`${head}${parts.services}`, `config.yaml:1:1: ${missing}`);
  await checkErrors(head, `config.yaml:1:1: ${missing}`);
  await checkErrors(`${head}health_metrics: {}\n${parts.services}`, `config.yaml:4:1: ${missing}`);
});

test('a mistake in the rules is told without others that follow from it', async () => {
  await checkErrors(
    (head + health).replace('[api.up]', '[api.upp]'),
    `config.yaml:10:53: error: health_metrics.api.metrics[0]: no such flag in flag_metrics: api.upp. Did you mean api.up?
config.yaml:10:90: error: health_metrics.api.expressions[0].expression: unknown flag api.up; did you mean api.upp?
${lacking}`,
  );
  await checkErrors(
    (head + health).replace(/environments: \[\{name: prod, attr.*\n/, ''),
    'config.yaml:1:1: error: environments: there is none, so nobody can ask about health_metrics. Add environments, such as [{name: production}]',
  );
});

test('services that can be asked about nowhere', () =>
  checkErrors(
    `${head}environments: [{name: test}]\n${health.slice(health.indexOf('metric_templates'))}`
      .replaceAll('{name: dev}', '{name: prod}')
      .replaceAll('{name: prod}, ', ''),
    `config.yaml:7:73: warning: flag_metrics[0].environments[0].name: "prod" is not in environments, so nobody can ask about it. Add it there, or take it out here
config.yaml:8:73: warning: flag_metrics[1].environments[0].name: "prod" is not in environments, so nobody can ask about it. Add it there, or take it out here
config.yaml:9:1: error: health_metrics: no service can be asked about anywhere. Give all flags of a service one of environments
config.yaml:10:3: warning: health_metrics.api: cannot be asked about in test: its flag api.up is not there. Add the environment to the flag, if it is to be asked about there
config.yaml:11:3: warning: health_metrics.web: cannot be asked about in test: its flag web.up is not there. Add the environment to the flag, if it is to be asked about there`,
  ));
