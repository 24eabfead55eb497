/** Files of every form that CloudMon's own documents and tests have: what a convertor makes of them. */
import { expect, test } from 'vitest';
import { loadCollectConfig, loadConfig } from '../../src/config/load.ts';
import { type Files, loadBy } from './folder.ts';
import { outlineOf } from './rules-outline.ts';

type Env = Readonly<Record<string, string>>;
type Others = { readonly files?: Files; readonly env?: Env; readonly warnings?: string };

/** As the collector alone loads it, and with a collector beside the reporter: the rules are the same. */
async function check(text: string, expected: string, others: Others = {}): Promise<void> {
  const { files = {}, env = {}, warnings = '' } = others;
  const all = { 'config.yaml': text, ...files };
  const alone = await loadBy(loadCollectConfig, all, env);
  expect(alone.lines).toBe(warnings);
  expect(outlineOf(alone.config?.collector.health)).toBe(expected);
  const beside = { 'conf.d/zz.yaml': 'collector: {}\ndashboards: {screen: {kind: console}}\n' };
  const { config } = await loadBy(loadConfig, { ...all, ...beside }, env);
  expect(outlineOf(config?.collector?.health)).toBe(expected);
}

const dashboard = `
status_dashboard:
  url: 'https://status.example.com'
  secret: 'dev'
`;

test('the least that CloudMon takes: a flag in one environment', () =>
  check(
    `datasource:
  url: 'http://graphite.example.com'
server: {port: 3005, address: 127.0.0.1}
environments:
  - name: prod
metric_templates:
  up:
    query: 'servers.$environment.$service.up'
    op: lt
    threshold: 1
flag_metrics:
  - name: down
    service: web
    template:
      name: up
    environments:
      - name: prod
health_metrics:
  web:
    service: web
    component_name: Web
    category: apps
    metrics: [web.down]
    expressions:
      - {expression: web.down, weight: 2}
${dashboard}`,
    `graphite http://graphite.example.com, without a value no_data
web [apps]
  in prod
    web.down: servers.prod.web.up lt 1
  2 if web.down`,
  ));

const complete = `---
datasource:
  url: 'https://graphite.example.com:8443'
  timeout: 30
  type: graphite
server:
  address: '127.0.0.1'
  port: 3000
environments:
  - name: eu_de
    attributes:
      region: EU-DE
  - name: eu-nl
    attributes:
      region: EU-NL
metric_templates:
  api_success:
    query: "asPercent(sumSeries(stats.counters.api.$environment.*.$service.2*.count), sumSeries(stats.counters.api.$environment.*.$service.attempted.count))"
    op: lt
    threshold: 90
  api_slow:
    query: "consolidateBy(aggregate(stats.timers.api.$environment.*.$service.*.mean, 'average'), 'average')"
    op: gt
    threshold: 500
  api_silent:
    query: "sumSeries(stats.counters.api.$environment.*.$service.attempted.count)"
    op: eq
    threshold: 0
flag_metrics:
  - name: success-rate
    service: block-store
    template: {name: api_success}
    environments:
      - {name: eu_de}
      - {name: eu-nl, threshold: 75.5}
  - name: slow
    service: block-store
    template: {name: api_slow}
    environments:
      - name: eu_de
        threshold: 1500
      - name: eu-nl
  - name: silent
    service: block-store
    template: {name: api_silent}
    environments: [{name: eu_de}, {name: eu-nl}]
health_metrics:
  block-store:
    service: bls
    component_name: "Block Store"
    category: storage
    metrics:
      - block-store.success-rate
      - block-store.slow
      - block-store.silent
    expressions:
      - expression: "block-store.slow && !block-store.silent"
        weight: 1
      - expression: "block-store.success-rate || (block-store.slow && block-store.silent)"
        weight: 2
      - expression: "block-store.silent"
        weight: 3
health_query:
  query_from: '-10min'
  query_to: '-2min'
${dashboard}`;

const completeRules = `graphite https://graphite.example.com:8443, without a value no_data
block-store [storage]
  in eu_de
    block_store.success_rate (block-store.success-rate): asPercent(sumSeries(stats.counters.api.eu_de.*.block-store.2*.count), sumSeries(stats.counters.api.eu_de.*.block-store.attempted.count)) lt 90
    block_store.slow (block-store.slow): consolidateBy(aggregate(stats.timers.api.eu_de.*.block-store.*.mean, 'average'), 'average') gt 1500
    block_store.silent (block-store.silent): sumSeries(stats.counters.api.eu_de.*.block-store.attempted.count) eq 0
  in eu-nl
    block_store.success_rate (block-store.success-rate): asPercent(sumSeries(stats.counters.api.eu-nl.*.block-store.2*.count), sumSeries(stats.counters.api.eu-nl.*.block-store.attempted.count)) lt 75.5
    block_store.slow (block-store.slow): consolidateBy(aggregate(stats.timers.api.eu-nl.*.block-store.*.mean, 'average'), 'average') gt 500
    block_store.silent (block-store.silent): sumSeries(stats.counters.api.eu-nl.*.block-store.attempted.count) eq 0
  1 if block-store.slow && !block-store.silent
  2 if block-store.success-rate || (block-store.slow && block-store.silent)
  3 if block-store.silent`;

test('every key of a complete file: own thresholds, all operators, names with dashes', () =>
  check(complete, completeRules));

test('the data source from the environment', () =>
  check(
    complete.replace(/datasource:\n.*\n.*\n.*\n/, ''),
    completeRules.replace('https://graphite.example.com:8443', 'http://other.example.com'),
    { env: { MP_DATASOURCE__URL: 'http://other.example.com/', MP_DATASOURCE__TIMEOUT: '5' } },
  ));

test('several services, one of which has flags of another', () =>
  check(
    `datasource: {url: http://graphite}
server: {address: 127.0.0.1}
environments: [{name: prod}]
metric_templates:
  errors: {query: $service.$environment.errors, op: gt, threshold: 5}
flag_metrics:
  - {name: errors, service: db, template: {name: errors}, environments: [{name: prod}]}
  - {name: errors, service: web, template: {name: errors}, environments: [{name: prod}]}
health_metrics:
  db: {service: db, component_name: Database, category: data, metrics: [db.errors], expressions: [{expression: db.errors, weight: 3}]}
  web:
    service: web
    component_name: Web
    category: apps
    metrics: [web.errors, db.errors]
    expressions: [{expression: web.errors || db.errors, weight: 1}, {expression: web.errors && db.errors, weight: 2}]
`,
    `graphite http://graphite, without a value no_data
db [data]
  in prod
    db.errors: db.prod.errors gt 5
  3 if db.errors
web [apps]
  in prod
    web.errors: web.prod.errors gt 5
    db.errors: db.prod.errors gt 5
  1 if web.errors || db.errors
  2 if web.errors && db.errors`,
  ));

test('a key that is not the name of its service, and health from 0 to 2', () =>
  check(
    `server: {port: 3005, address: 127.0.0.1}
datasource: {url: http://127.0.0.1:4000}
environments: [{name: production}]
metric_templates:
  slow: {query: "app.$environment.$service.latency", op: gt, threshold: 1000}
  failing: {query: "app.$environment.$service.errors", op: gt, threshold: 5}
flag_metrics:
  - {name: slow, service: rms_calls, template: {name: slow}, environments: [{name: production}]}
  - {name: failing, service: rms_calls, template: {name: failing}, environments: [{name: production}]}
health_metrics:
  config:
    service: config
    component_name: Config
    category: Management
    metrics: [rms_calls.slow, rms_calls.failing]
    expressions:
      - {expression: rms_calls.slow || rms_calls.failing, weight: 1}
      - {expression: rms_calls.slow && rms_calls.failing, weight: 2}
`,
    `graphite http://127.0.0.1:4000, without a value no_data
config [Management]
  in production
    rms_calls.slow: app.production.rms_calls.latency gt 1000
    rms_calls.failing: app.production.rms_calls.errors gt 5
  1 if rms_calls.slow || rms_calls.failing
  2 if rms_calls.slow && rms_calls.failing`,
  ));

const part = (name: string) => ({
  flags: `flag_metrics:
  - {name: down, service: ${name}, template: {name: up}, environments: [{name: prod}]}
`,
  health: `health_metrics:
  ${name}: {service: ${name}, component_name: ${name}, category: c, metrics: [${name}.down], expressions: [{expression: ${name}.down, weight: 3}]}
`,
});
const main = 'datasource: {url: http://graphite}\nserver: {address: 127.0.0.1}\n';
const templates = 'metric_templates: {up: {query: $service.up, op: lt, threshold: 1}}\n';
const twoServices = `graphite http://graphite, without a value no_data
api [c]
  in prod
    api.down: api.up lt 1
  3 if api.down
web [c]
  in prod
    web.down: web.up lt 1
  3 if web.down`;

test('three parts in conf.d, two of them with flags: all count, where CloudMon would lose the first', () =>
  check(main, twoServices, {
    files: {
      'conf.d/10-environments.yaml': `environments: [{name: prod}]\n${templates}`,
      'conf.d/20-api.yaml': part('api').flags + part('api').health,
      'conf.d/30-web.yaml': part('web').flags + part('web').health,
    },
  }));

test('a ConfigMap: conf.d is found beside the link and beside what it leads to', () =>
  check('', twoServices, {
    files: {
      '..2026_11_21/config.yaml': `${main}environments: [{name: prod}]\n${templates}`,
      '..2026_11_21/conf.d/api.yaml': part('api').flags + part('api').health,
      '..data': { link: '..2026_11_21' },
      'conf.d/web.yaml': part('web').flags + part('web').health,
      'config.yaml': { link: '..data/config.yaml' },
    },
  }));

test('a wrong section for templates is found out, where CloudMon stops', async () => {
  const text = `${main}environments: [{name: prod}]
templates: {up: {query: $service.up, op: lt, threshold: 1}}
${part('api').flags}${part('api').health}`;
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': text });
  expect(config).toBeUndefined();
  expect(lines).toBe(
    'config.yaml:6:49: error: flag_metrics[0].template.name: no such template in metric_templates. Call the section templates metric_templates',
  );
});

test('the secret of the dashboard from the environment changes no rule', async () => {
  const text = complete
    .replace("  secret: 'dev'\n", '')
    .replace('status_dashboard:', '$&\n  kind: incidents');
  const files = { 'config.yaml': `${text}\ncollector: {}\n` };
  const { config, lines } = await loadBy(loadConfig, files, { MP_STATUS_DASHBOARD__SECRET: 'from-env' });
  expect(lines).toBe('');
  expect(outlineOf(config?.collector?.health)).toBe(completeRules);
});

test('keys that CloudMon does not know are let be', () =>
  check(
    `${main}environments: [{name: prod, x: 1}]
metric_templates: {up: {query: $service.up, op: lt, threshold: 1, description: x}}
flag_metrics: [{name: down, service: api, owner: x, template: {name: up, x: 1}, environments: [{name: prod, x: 1}]}]
health_metrics:
  api: {service: api, component_name: API, category: c, owner: x, metrics: [api.down], expressions: [{expression: api.down, weight: 3, x: 1}]}
`,
    twoServices.slice(0, twoServices.indexOf('\nweb')),
  ));

test('flags without a value, as CloudMon takes them, and its thresholds as texts', async () => {
  const text = `${main}environments: [{name: prod}]\n${templates.replace('threshold: 1', 'threshold: "1"')}
${part('api').flags}${part('api').health}`;
  for (const onMissing of ['false', '"false"']) {
    const files = { 'config.yaml': `${text}collector: {on_missing: ${onMissing}}\n` };
    const { config, lines } = await loadBy(loadCollectConfig, files);
    expect(lines).toBe('');
    expect(config?.collector.health?.onMissing).toBe('false');
    expect(config?.collector.health?.services[0]?.environments[0]?.flags[0]?.threshold).toBe(1);
  }
  const env = { MP_COLLECTOR__ON_MISSING: 'false' };
  const { config } = await loadBy(loadCollectConfig, { 'config.yaml': text }, env);
  expect(config?.collector.health?.onMissing).toBe('false');
});
