/** Files of CloudMon: they load unchanged, and what they say about targets is used. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { load, parts } from './folder.ts';

async function check(
  text: string,
  expected: (config: Config) => void,
  warnings = '',
  others: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': text, ...others });
  expect(lines).toBe(warnings);
  if (!config) throw new Error('no configuration');
  expected(config);
}

async function checkErrors(text: string, expected: string): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': text });
  expect(lines).toBe(expected);
  expect(config).toBeUndefined();
}

const cloudMon = `---
datasource:
  url: 'https://graphite.example.com'
  timeout: 30
  type: graphite
server:
  address: '192.0.2.1'
  port: 3005
metric_templates:
  latency:
    query: "stats.timers.$environment.$service.mean"
    op: gt
    threshold: 500
  success:
    query: "stats.counters.$environment.$service.ok"
    op: lt
    threshold: 90.5
environments:
  - name: eu-west
    attributes: {region: EU-WEST, zone: 7}
  - name: us-east
flag_metrics:
  - name: slow
    service: block-storage
    template: {name: latency, vars: {x: y}}
    environments: [{name: eu-west, threshold: 700}, {name: us-east}]
  - name: failing-often
    service: block-storage
    template: {name: success}
    environments: [{name: eu-west}]
  - name: down
    service: dns
    template: {name: success}
    environments: [{name: eu-west}]
health_metrics:
  block-storage:
    service: block-storage
    component_name: Block Storage
    category: storage
    metrics: [block-storage.slow, block-storage.failing-often]
    expressions:
      - {expression: 'block-storage.slow', weight: 1}
      - {expression: 'block-storage.failing-often', weight: 2}
  dns_check:
    service: dns
    component_name: DNS
    category: network
    metrics: [dns.down]
    expressions: [{expression: dns.down, weight: 3}]
health_query: {query_from: -10min, query_to: -1min}
status_dashboard: {url: 'https://status.example.com', secret: hunter2}
`;

test('an unchanged file: its environments times its health_metrics, asked on its own port', () =>
  check(cloudMon, ({ convertor, reporter, dashboards }) => {
    expect(convertor.url).toBe('http://localhost:3005');
    expect(convertor.window).toEqual({ fromMs: 600_000, toMs: 60_000 });
    expect(reporter.pollIntervalMs).toBe(60_000);
    const storage = {
      service: 'block-storage',
      component: 'Block Storage',
      ids: {},
      flags: ['block_storage.slow', 'block_storage.failing_often'],
    };
    const dns = { service: 'dns_check', component: 'DNS', ids: {}, flags: ['dns.down'] };
    const west = { environment: 'eu-west', attributes: { region: 'EU-WEST', zone: '7' } };
    const east = { environment: 'us-east', attributes: {} };
    expect(reporter.targets).toEqual([
      { ...storage, ...west, key: '["block-storage","eu-west"]' },
      { ...storage, ...east, key: '["block-storage","us-east"]' },
      { ...dns, ...west, key: '["dns_check","eu-west"]' },
      { ...dns, ...east, key: '["dns_check","us-east"]' },
    ]);
    expect(dashboards).toHaveLength(1);
    expect(dashboards[0]).toMatchObject({ name: 'default', kind: 'auto', send: 'on_change' });
  }));

const small = `environments: [{name: prod}]
health_metrics: {api: {service: api, component_name: API, category: c, metrics: [], expressions: []}}
`;
const explicit = 'status_dashboard: {url: https://s.example.com, kind: incidents}\n';

test('a dashboard of a CloudMon file is of kind auto, unless it says otherwise', () =>
  check(
    `${small}status_dashboard: {url: https://a.example.com}
dashboards:
  b: {url: https://b.example.com, kind: }
  c: {url: https://c.example.com, kind: stackmon-v1}
  d: {kind: console}
`,
    ({ dashboards }) =>
      expect(dashboards.map(({ name, kind }) => [name, kind])).toEqual([
        ['default', 'auto'],
        ['b', 'auto'],
        ['c', 'stackmon-v1'],
        ['d', 'console'],
      ]),
  ));

test('the port of the server is 3000 where the file does not say it', async () => {
  const url = (expected: string) => (config: Config) => expect(config.convertor.url).toBe(expected);
  await check(small + explicit, url('http://localhost:3000'));
  await check(`${small}${explicit}server: {}\n`, url('http://localhost:3000'));
  await check(`${small}${explicit}server:\n`, url('http://localhost:3000'));
  await check(`${small}${explicit}server: {port: "8080"}\n`, url('http://localhost:8080'));
  await check(`${small}${explicit}convertor: {url: http://c}\n`, url('http://c'));
  await check(`${small}${explicit}convertor: {timeout: 5}\n`, url('http://localhost:3000'));
});

test('the window is what health_query says, with its own defaults', async () => {
  const window = (fromMs: number, toMs: number) => (config: Config) =>
    expect(config.convertor.window).toEqual({ fromMs, toMs });
  await check(small + explicit, window(300_000, 0));
  await check(`${small}${explicit}health_query: {}\n`, window(300_000, 120_000));
  await check(`${small}${explicit}health_query: {query_from: -1h, query_to: now}\n`, window(3_600_000, 0));
  await check(
    `${small}${explicit}health_query: {query_from: -90s, query_to: -30seconds}\n`,
    window(90_000, 30_000),
  );
  for (const wrong of ['{query_from: midnight}', '{query_from: -1min}', '{query_from: -900d}']) {
    await check(
      `${small}${explicit}health_query: ${wrong}\n`,
      window(300_000, 0),
      'config.yaml:4:1: warning: health_query: is no window from one relative time to a later one; the last five minutes are asked about. Write them like -5min and -2min',
    );
  }
});

test('services that are listed stand instead of those of health_metrics, and borrow from them', () =>
  check(
    `${cloudMon}reporter: {services: [{name: dns_check, environment: eu-west}, {name: other}]}\n`,
    ({ reporter }) => {
      expect(reporter.targets).toEqual([
        {
          key: '["dns_check","eu-west"]',
          service: 'dns_check',
          environment: 'eu-west',
          component: 'DNS',
          attributes: { region: 'EU-WEST', zone: '7' },
          ids: {},
          flags: ['dns.down'],
        },
        {
          key: '["other","production"]',
          service: 'other',
          environment: 'production',
          component: 'other',
          attributes: {},
          ids: {},
          flags: [],
        },
      ]);
    },
  ));

test("keys that are not CloudMon's are let be inside its sections, and templates with them", () =>
  check(
    `${explicit}${parts.convertor}templates: [anything]
datasource: {url: x, retries: 5, unknown: {a: [b]}}
server: {threads: 4}
environments: [{name: prod, region: x}]
metric_templates: {a: {query: x, unknown: 1}}
flag_metrics: [{name: x, service: api, unknown: 1, environments: []}]
health_query: {unknown: 1}
health_metrics:
  api: {service: api, component_name: API, category: c, unknown: 1, metrics: [], expressions: [{unknown: 1}]}
`,
    ({ reporter }) => expect(reporter.targets).toHaveLength(1),
  ));

test('what CloudMon stops at or loses is a warning that names the key', () =>
  check(
    `environments: [{name: prod}]
metric_templates: {latency: {query: x, op: gt, threshold: 1}}
flag_metrics:
  - {name: slow, service: api, template: {name: latncy}, environments: [{name: prod}]}
  - {name: slow, service: api, template: {name: latency}, environments: [{name: prod}]}
health_metrics:
  api:
    service: api
    category: c
    metrics: [api.slow]
    expressions: [{expression: api.slow, weight: 5}, {expression: api.slow, weight: -1}, {expression: x, weight: high}]
${explicit}`,
    ({ reporter }) => expect(reporter.targets[0]?.component).toBe('api'),
    `config.yaml:4:49: warning: flag_metrics[0].template.name: no such template in metric_templates, at which CloudMon stops. Did you mean latency?
config.yaml:5:5: warning: flag_metrics[1]: flag "api.slow" is given twice; this one counts. Keep one of them
config.yaml:7:3: warning: health_metrics.api: has no component_name, without which CloudMon stops. Set it to the name on the page; here it is "api"
config.yaml:11:50: warning: health_metrics.api.expressions[0].weight: is no status, so answers with it are no data. Use 0, 1, 2 or 3
config.yaml:11:85: warning: health_metrics.api.expressions[1].weight: is no status, so answers with it are no data. Use 0, 1, 2 or 3
config.yaml:11:114: warning: health_metrics.api.expressions[2].weight: is no status, so answers with it are no data. Use 0, 1, 2 or 3`,
  ));

test('definitions in several files add up, where CloudMon would lose the earlier ones', () =>
  check(
    `environments: [{name: prod}]\n${explicit}`,
    ({ reporter }) => {
      expect(
        reporter.targets.map(({ service, environment, attributes }) => [service, environment, attributes]),
      ).toEqual([
        ['api', 'prod', { region: 'late' }],
        ['api', 'stage', {}],
        ['db', 'prod', { region: 'late' }],
        ['db', 'stage', {}],
      ]);
    },
    `conf.d/b.yaml:1:31: warning: environments[1]: environment "prod" is given twice; this one counts. Keep one of them
conf.d/b.yaml:2:16: warning: flag_metrics[0]: flag "api.slow" is given twice; this one counts. Keep one of them`,
    {
      'conf.d/a.yaml':
        'health_metrics: {api: {component_name: API}}\nflag_metrics: [{name: slow, service: api}, {name: down, service: api}]\n',
      'conf.d/b.yaml':
        'environments: [{name: stage}, {name: prod, attributes: {region: late}}]\nflag_metrics: [{name: slow, service: api}]\nhealth_metrics: {db: {component_name: DB}}\n',
    },
  ));

test('health_metrics without environments make no target', async () => {
  await checkErrors(
    `health_metrics: {api: {component_name: API}}\n${explicit}`,
    'config.yaml:1:1: error: environments: there is none, so health_metrics makes no target. Add environments, or services to reporter.services',
  );
  await checkErrors(
    `environments: []\nhealth_metrics: {api: {component_name: API}}\n${explicit}`,
    'config.yaml:1:1: error: environments: there is none, so health_metrics makes no target. Add environments, or services to reporter.services',
  );
  await check(`health_metrics: {api: {component_name: API}}\n${explicit}${parts.services}`, ({ reporter }) =>
    expect(reporter.targets).toHaveLength(1),
  );
});

test('health_metrics without a service are none', () =>
  checkErrors(
    `environments: [{name: prod}]\nhealth_metrics: {}\n${explicit}`,
    'config.yaml:1:1: error: reporter.services: no services to poll. Add services to reporter.services in the configuration',
  ));

test('sections of CloudMon of the wrong type are errors', () =>
  checkErrors(
    `environments: {prod: {}}
health_metrics: [api]
flag_metrics: 5
server: 3000
health_query: now
metric_templates: x
${explicit}${parts.services}`,
    `config.yaml:1:1: error: environments: must be a list. Begin each entry with a dash and a space
config.yaml:2:1: error: health_metrics: must be a section of keys and values. Write its keys below it, indented
config.yaml:4:9: error: server: must be a section of keys and values. Write its keys below it, indented: address, port
config.yaml:5:15: error: health_query: must be a section of keys and values. Write its keys below it, indented: query_from, query_to`,
  ));

test('entries of the wrong type are errors', () =>
  checkErrors(
    `environments: [prod, {nam: prod}, {name: x, attributes: [a]}]
health_metrics: {api: 5, db: {component_name: [x], metrics: a}, dns: }
server: {port: 0}
${explicit}${parts.services}`,
    `config.yaml:1:16: error: environments[0]: must be a section of keys and values. Write its keys below it, indented: name, attributes
config.yaml:1:22: error: environments[1].name: is missing. Add it
config.yaml:1:45: error: environments[2].attributes: must be a section of names and texts
config.yaml:2:23: error: health_metrics.api: must be a section of keys and values. Write its keys below it, indented: component_name, metrics
config.yaml:2:31: error: health_metrics.db.component_name: must be text
config.yaml:2:61: error: health_metrics.db.metrics: must be a list. Begin each entry with a dash and a space
config.yaml:3:16: error: server.port: must be a whole number from 1 to 65535`,
  ));

test('services named like parts of prototypes are services', async () => {
  const { config } = await load({
    'config.yaml': `environments: [{name: __proto__}]
health_metrics: {__proto__: {component_name: P}, constructor: {component_name: C}, toString: {component_name: T}}
${explicit}`,
  });
  expect(config?.reporter.targets.map(({ service, component }) => [service, component])).toEqual([
    ['__proto__', 'P'],
    ['constructor', 'C'],
    ['toString', 'T'],
  ]);
});

test('more environments times services than the limit', () =>
  checkErrors(
    `environments: [${Array.from({ length: 200 }, (_, n) => `{name: e${n}}`).join(', ')}]
health_metrics: {${Array.from({ length: 200 }, (_, n) => `s${n}: {component_name: x}`).join(', ')}}
${explicit}`,
    'config.yaml:2:18: error: reporter.services: 40000 targets are more than 10000. Split them among several reporters',
  ));
