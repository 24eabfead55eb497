/** What a configuration means, and how its mistakes are told. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { load, minimal, parts } from './folder.ts';

/** `expected` is the configuration, or every problem as it is printed. */
async function check(text: string, expected: ((config: Config) => void) | string): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': text });
  if (typeof expected === 'string') {
    expect(lines).toBe(expected);
    return;
  }
  expect(lines).toBe('');
  if (config) expected(config);
  expect(config).toBeDefined();
}

const seed = `convertor:
  url: "http://localhost:3005"
  timeout: 10  # seconds
status_dashboard:
  url: "https://dashboard.example.com"
  secret: "your-jwt-secret"
reporter:
  poll_interval: 60  # seconds
  services:
    - name: "api"
      environment: "production"
    - name: "database"
      environment: "production"
`;

test('the documented configuration loads, with a default for everything it leaves out', () =>
  check(seed, ({ files, dashboards, ...config }) => {
    expect(files).toHaveLength(1);
    expect(config).toEqual({
      convertor: {
        url: 'http://localhost:3005',
        path: 'auto',
        timeoutMs: 10_000,
        retries: 2,
        maxDataAgeMs: 600_000,
        window: { fromMs: 300_000, toMs: 0 },
        tls: {},
      },
      reporter: {
        id: 'cloudmon-reporter',
        pollIntervalMs: 60_000,
        concurrency: 16,
        stateDir: 'auto',
        targets: ['api', 'database'].map((service) => ({
          key: `["${service}","production"]`,
          service,
          environment: 'production',
          component: service,
          attributes: {},
          ids: {},
          flags: [],
        })),
      },
      telemetry: { address: '127.0.0.1' },
      log: { level: 'info', format: 'auto' },
      maintenance: [],
    });
    expect(dashboards).toEqual([
      {
        name: 'default',
        mark: expect.any(String),
        kind: 'incidents',
        url: 'https://dashboard.example.com',
        secret: expect.anything(),
        timeoutMs: 10_000,
        retries: 3,
        mode: 'send',
        send: 'every_poll',
        repeatIntervalMs: 0,
        openAfter: { readings: 1 },
        closeAfter: { readings: 1 },
        match: { services: ['*'], environments: ['*'], minStatus: 1 },
        adopt: 'ours',
        claims: {},
        tokenTtlMs: 0,
        path: '/api/incidents',
        message: { 1: 'Service degraded', 2: 'Service outage', 3: 'Service critical' },
        severity: { 1: 1, 2: 2, 3: 3 },
        tls: {},
      },
    ]);
  }));

test('every key that a target can have is taken', () =>
  check(
    `${parts.convertor}dashboards: {public: {kind: cachet, url: https://x, token: t}}
reporter:
  id: eu
  poll_interval: 5m
  concurrency: 4
  state_dir: /var/lib/x
  defaults: {environment: staging}
  services:
    - name: api
      environments: [production, staging]
      component: API
      attributes: {region: EU-DE, __proto__: x, zone: 01}
      ids: {public: p8x2k}
      absent: {after: 15m, status: 2}
    - name: 0123
`,
    ({ reporter }) => {
      expect(reporter).toMatchObject({ id: 'eu', pollIntervalMs: 300_000, concurrency: 4 });
      const attributes = JSON.parse('{"region":"EU-DE","__proto__":"x","zone":"01"}');
      const api = {
        service: 'api',
        component: 'API',
        attributes,
        ids: { public: 'p8x2k' },
        absent: { afterMs: 900_000, status: 2 },
        flags: [],
      };
      expect(reporter.targets).toEqual([
        { ...api, environment: 'production', key: '["api","production"]' },
        { ...api, environment: 'staging', key: '["api","staging"]' },
        {
          key: '["0123","staging"]',
          service: '0123',
          environment: 'staging',
          component: '0123',
          attributes: {},
          ids: {},
          flags: [],
        },
      ]);
    },
  ));

test('a bare key and null are absent', () =>
  check(
    `${minimal}telemetry:\nlog: null\nmaintenance: []\ndashboards:\n  x:\n`.replace(
      'reporter: {',
      'reporter: {id: , poll_interval: null, concurrency: ~, ',
    ),
    ({ reporter }) => {
      expect(reporter).toMatchObject({ id: 'cloudmon-reporter', pollIntervalMs: 60_000, concurrency: 16 });
    },
  ));

test('all mistakes are told at once, each at its place', () =>
  check(
    `convertr:
  url: "ftp://localhost:3005"
convertor:
  url: ftp://localhost
  timeout: -1
  retries: .nan
  tls: 5
status_dashboard:
  url: "https://dashboard.example.com?x"
  secret: ""
dashboards:
  x:
    url: http://h
    openafter: 2
    claims: {status: 1}
    mode: sned
reporter:
  poll_interval: 60d
  services:
    - nme: "api"
      environment: "production"
    - name: [a]
    - 5
    -
telemetry: {port: 99999, adress: x}
log: {level: loud}
`,
    `config.yaml:1:1: warning: convertr: no such key. Did you mean convertor?
config.yaml:4:8: error: convertor.url: must be an http or https URL. Write it as http://host:port or https://host
config.yaml:5:12: error: convertor.timeout: must be from 100ms to 1h. Write seconds (30) or a text such as 30s, 5m or 2h30m
config.yaml:6:12: error: convertor.retries: must be a whole number from 0 to 10
config.yaml:7:8: error: convertor.tls: must be a section of keys and values. Write its keys below it, indented: ca_file, cert_file, key_file
config.yaml:9:8: error: status_dashboard.url: must not have a query or a fragment. End it before ? and #
config.yaml:10:11: error: status_dashboard.secret: is empty. Write the secret, or leave the key out to send no credentials
config.yaml:14:5: warning: dashboards.x.openafter: no such key. Did you mean open_after?
config.yaml:16:11: error: dashboards.x.mode: must be one of send, record, paused
config.yaml:18:18: error: reporter.poll_interval: must be from 1s to 24h. Write seconds (30) or a text such as 30s, 5m or 2h30m
config.yaml:20:7: warning: reporter.services[0].nme: no such key. Did you mean name?
config.yaml:20:7: error: reporter.services[0].name: is missing. Add it
config.yaml:22:7: error: reporter.services[1].name: must be text
config.yaml:23:7: error: reporter.services[2]: must be a section of keys and values. Write its keys below it, indented: name, environment, environments, component, attributes, ids, absent
config.yaml:24:6: error: reporter.services[3]: must be a section of keys and values. Write its keys below it, indented: name, environment, environments, component, attributes, ids, absent
config.yaml:25:19: error: telemetry.port: must be a whole number from 0 to 65535
config.yaml:25:26: warning: telemetry.adress: no such key. Did you mean address?
config.yaml:26:14: error: log.level: must be one of trace, debug, info, warn, error, fatal, silent`,
  ));

test('a configuration without anything that it needs is told what to add', () =>
  check(
    'log: {level: debug}\n',
    `config.yaml:1:1: error: convertor.url: is missing. Set it to the base URL of the convertor, such as http://localhost:3005, or add a collector section
config.yaml:1:1: error: status_dashboard: no dashboard is configured. Add status_dashboard with a url, or dashboards
config.yaml:1:1: error: reporter.services: no services to poll. Add services to reporter.services in the configuration`,
  ));

test('an empty list of services is as good as none', () =>
  check(
    `${parts.convertor}${parts.dashboard}reporter: {services: []}\n`,
    'config.yaml:3:1: error: reporter.services: no services to poll. Add services to reporter.services in the configuration',
  ));

test('services that are no list are refused', () =>
  check(
    `${parts.convertor}${parts.dashboard}reporter: {services: api}\n`,
    'config.yaml:3:22: error: reporter.services: must be a list. Begin each entry with a dash and a space',
  ));

test('sections that are no sections are refused', () =>
  check(
    'convertor: 1\nstatus_dashboard: [x]\ndashboards: {x: 3, y: [1]}\nreporter: text\ntelemetry: 9090\nlog: true\n',
    `config.yaml:1:12: error: convertor: must be a section of keys and values. Write its keys below it, indented: url, path, timeout, retries, max_data_age, bearer_token, tls, proxy
config.yaml:2:1: error: status_dashboard: must be a section of keys and values. Write its keys below it, indented
config.yaml:3:17: error: dashboards.x: must be a section of keys and values. Write its keys below it, indented
config.yaml:3:20: error: dashboards.y: must be a section of keys and values. Write its keys below it, indented
config.yaml:4:11: error: reporter: must be a section of keys and values. Write its keys below it, indented: id, poll_interval, concurrency, defaults, services, state_dir
config.yaml:5:12: error: telemetry: must be a section of keys and values. Write its keys below it, indented: port, address, tls
config.yaml:6:6: error: log: must be a section of keys and values. Write its keys below it, indented: level, format`,
  ));

test('a target that is listed twice is polled once and warned about once', async () => {
  const { config, lines } = await load({
    'config.yaml': `${parts.convertor}${parts.dashboard}reporter:
  services:
    - {name: api, component: first}
    - {name: api, environment: production}
    - {name: api, environments: [production, production], component: last}
`,
  });
  expect(lines).toBe(
    'config.yaml:6:7: warning: reporter.services[1]: service "api" in environment "production" is listed twice; the last entry counts. Keep one of them',
  );
  expect(config?.reporter.targets.map(({ component }) => component)).toEqual(['last']);
});

test('an environment and environments exclude each other, and there must be one', () =>
  check(
    `${parts.convertor}${parts.dashboard}reporter:
  services:
    - {name: api, environment: a, environments: [b]}
    - {name: db, environments: []}
`,
    `config.yaml:5:35: error: reporter.services[0].environments: cannot stand beside environment. Keep one of them
config.yaml:6:18: error: reporter.services[1].environments: is empty. Name at least one environment`,
  ));

test('names have 1 to 200 characters and no control character', () =>
  check(
    `${parts.convertor}${parts.dashboard}reporter:
  services:
    - {name: ""}
    - {name: "${'🌍'.repeat(200)}"}
    - {name: "${'a'.repeat(201)}"}
    - {name: "a\\nb"}
    - {name: "a\\u0085b"}
    - {name: api, environments: ["\\0"], component: "\\x1b[2J", attributes: {a: {}}}
`,
    `config.yaml:5:14: error: reporter.services[0].name: is empty. Write 1 to 200 characters
config.yaml:7:14: error: reporter.services[2].name: is longer than 200 characters. Use a shorter name
config.yaml:8:14: error: reporter.services[3].name: contains a control character. Write one line of text
config.yaml:9:14: error: reporter.services[4].name: contains a control character. Write one line of text
config.yaml:10:34: error: reporter.services[5].environments[0]: contains a control character. Write one line of text
config.yaml:10:52: error: reporter.services[5].component: contains a control character. Write one line of text
config.yaml:10:63: error: reporter.services[5].attributes: must have a text for each attribute`,
  ));

test('more targets than the limit are refused before they are made', () =>
  check(
    `${parts.convertor}${parts.dashboard}reporter:
  services:
${Array.from({ length: 101 }, (_, n) => `    - {name: s${n}, environments: *e}`)
  .join('\n')
  .replace('*e', `&e [${Array.from({ length: 100 }, (_, n) => `e${n}`).join(', ')}]`)}
`,
    'config.yaml:5:7: error: reporter.services: 10100 targets are more than 10000. Split them among several reporters',
  ));

test('keys of every prototype are keys like any other', async () => {
  const { config, lines } = await load({
    'config.yaml': `${minimal}__proto__: {polluted: 1}
constructor: {prototype: {polluted: 1}}
dashboards:
  __proto__: {kind: console}
  constructor: {kind: console, toString: 1, __proto__: {polluted: 1}}
`,
  });
  expect(lines).toBe(
    `config.yaml:4:1: warning: __proto__: no such key. Take it out
config.yaml:5:1: warning: constructor: no such key. Take it out
config.yaml:8:32: warning: dashboards.constructor.toString: no such key. Take it out
config.yaml:8:45: warning: dashboards.constructor.__proto__: no such key. Take it out`,
  );
  expect(config?.dashboards.map(({ name }) => name)).toEqual(['default', '__proto__', 'constructor']);
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

test('past a hundred problems the errors come first and the rest is counted', async () => {
  const unknown = Array.from({ length: 300 }, (_, n) => `unknown${n}: 1\n`).join('');
  const { problems } = await load({ 'config.yaml': `${unknown}${minimal}log: {level: loud}\n` });
  expect(problems).toHaveLength(101);
  expect(problems[0]).toMatchObject({ level: 'error', key: 'log.level' });
  expect(problems[100]?.message).toBe('and 201 problems more');
});
