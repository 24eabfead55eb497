/** The commands `check`, `config` and `schema`, as a user runs them. */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.ts';
import { file, run } from '../process/program.ts';
import { type Files, makeFolder, minimal, parts } from './folder.ts';

type Expected = { readonly code: number; readonly stdout?: string; readonly stderr?: string };

/** Runs with `-c config.yaml` of such a folder; what is printed is compared as a whole, without the folder. */
async function check(
  args: readonly string[],
  files: Files,
  expected: Expected,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const folder = makeFolder(files);
  const { code, stdout, stderr } = await run([...args, '-c', join(folder, 'config.yaml')], env);
  const printed = (text: string) => text.replaceAll(`${folder}/`, '');
  expect({ code, stdout: printed(stdout), stderr: printed(stderr) }).toEqual({
    stdout: '',
    stderr: '',
    ...expected,
  });
}

const broken = `${parts.convertor}status_dashboard: {url: "ftp://x", secert: hunter2}\n`;

test('check: a valid configuration is told in a few words', () =>
  check(
    ['check'],
    { 'config.yaml': minimal },
    {
      code: 0,
      stdout: '1 target every 1m, dashboard "default" (incidents)\n',
    },
  ));

test('check: all problems at once, then how many', () =>
  check(
    ['check'],
    { 'config.yaml': broken },
    {
      code: 78,
      stdout: `config.yaml:1:1: error: reporter.services: no services to poll. Add services to reporter.services in the configuration
config.yaml:2:25: error: status_dashboard.url: must be an http or https URL. Write it as http://host:port or https://host
config.yaml:2:36: warning: status_dashboard.secert: no such key. Did you mean secret?
2 errors, 1 warning
`,
    },
  ));

test('check: warnings are exit code 3 under --strict and 0 otherwise', async () => {
  const files = { 'config.yaml': `${minimal}dashboards: {x: {kind: console}}\nlgo: {}\n` };
  const stdout = `config.yaml:5:1: warning: lgo: no such key. Did you mean log?
1 target every 1m, dashboards "default" (incidents), "x" (console), 1 warning
`;
  await check(['check'], files, { code: 0, stdout });
  await check(['check', '--strict'], files, { code: 3, stdout });
  await check(['check', '--strict'], { 'config.yaml': broken }, { code: 78, stdout: expect.any(String) });
});

test('check: JSON for programs', async () => {
  const folder = makeFolder({ 'config.yaml': minimal });
  const { code, stdout } = await run(['check', '--format', 'json', '-c', join(folder, 'config.yaml')], {
    MP_CONVERTOR__TIMEOUT: 'soon',
    MP_STATUS_DASHBOARD__SECERT: 'x',
  });
  expect(code).toBe(78);
  expect(JSON.parse(stdout)).toEqual({
    valid: false,
    problems: [
      {
        level: 'error',
        env: 'MP_CONVERTOR__TIMEOUT',
        key: 'convertor.timeout',
        message: 'must be a duration, from 100ms to 1h',
        remedy: 'Write seconds (30) or a text such as 30s, 5m or 2h30m',
      },
      {
        level: 'warning',
        env: 'MP_STATUS_DASHBOARD__SECERT',
        key: '',
        message: 'no such key',
        remedy: 'Did you mean MP_STATUS_DASHBOARD__SECRET?',
      },
    ],
  });
  const valid = await run(['check', '--format', 'json', '-c', join(folder, 'config.yaml')]);
  expect(JSON.parse(valid.stdout)).toEqual({
    valid: true,
    problems: [],
    targets: 1,
    dashboards: [{ name: 'default', kind: 'incidents' }],
  });
});

test('check --online: a peer that does not answer is exit code 1', async () => {
  const server = createServer((_, response) =>
    response.writeHead(200).end('{"name":"api","environment":"production","metrics":[]}'),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const online = (dashboard: string) => ({
    'config.yaml': `convertor: {url: "${url}", retries: 0}\nstatus_dashboard: {url: "${dashboard}"}\n${parts.services}`,
  });
  await check(['check', '--online'], online(url), {
    code: 0,
    stdout: '1 target every 1m, dashboard "default" (incidents), every peer answered\n',
  });
  await check(['check', '--online'], online('http://127.0.0.1:1'), {
    code: 1,
    stdout: `dashboard default: unreachable: http://127.0.0.1:1/: connection refused (ECONNREFUSED)
1 target every 1m, dashboard "default" (incidents), 1 peer failed
`,
  });
});

test('check and config without a file, and with a flag that does not exist, are usage errors', async () => {
  for (const args of [['check'], ['config'], ['check', '-c', 'x', '--format', 'xml'], ['schema', '--yaml']]) {
    expect((await run(args)).code).toBe(64);
  }
});

test('config: every value with what it comes from, secrets as ***', () =>
  check(
    ['config'],
    {
      'config.yaml': `convertor:
  url: http://user:hunter2@localhost:3005
  bearer_token_file: token
  proxy: http://user:hunter2@proxy:8080
status_dashboard:
  url: "https://dashboard.example.com"
  secret: hunter2
  claims: {stackmon: "yes", api_key: hunter2}
  message: {degraded: slow}
  open_after: 2m
reporter:
  services:
    - name: api
      environments: [prod, 0123]
      attributes: {region: EU-DE}
`,
      'conf.d/more.yaml': 'reporter:\n  services: [{name: "a: b"}]\n',
      token: 'hunter2',
    },
    {
      code: 0,
      stdout: `convertor:
  url: http://***@localhost:3005  # config.yaml:2
  path: auto  # default
  timeout: 30s  # env MP_CONVERTOR__TIMEOUT
  retries: 2  # default
  max_data_age: 10m  # default
  bearer_token: "***"  # file token, config.yaml:3
  proxy: http://***@proxy:8080  # config.yaml:4
status_dashboard:
  kind: incidents  # default
  url: https://dashboard.example.com  # config.yaml:6
  secret: "***"  # config.yaml:7
  claims:
    stackmon: "yes"  # config.yaml:8
    api_key: "***"  # config.yaml:8
  token_ttl: 0  # default
  path: /api/incidents  # default
  message:
    "2": "Service outage"  # default
    "3": "Service critical"  # default
    degraded: slow  # config.yaml:9
  severity:
    "1": 1  # default
    "2": 2  # default
    "3": 3  # default
  timeout: 10  # default
  retries: 3  # default
  mode: send  # default
  send: every_poll  # default
  repeat_interval: 0  # default
  open_after: 2m  # config.yaml:10
  close_after: 1  # default
  match:
    services: ["*"]  # default
    environments: ["*"]  # default
    min_status: 1  # default
  adopt: ours  # default
reporter:
  id: cloudmon-reporter  # default
  poll_interval: 60  # default
  concurrency: 16  # default
  defaults:
    environment: production  # default
  services:
    - name: api  # config.yaml:13
      environments:
        - prod  # config.yaml:14
        - "0123"  # config.yaml:14
      attributes:
        region: EU-DE  # config.yaml:15
    - name: "a: b"  # conf.d/more.yaml:2
  state_dir: auto  # default
telemetry:
  port: 0  # default
  address: "127.0.0.1"  # default
log:
  level: info  # default
  format: auto  # default
`,
    },
    { MP_CONVERTOR__TIMEOUT: '30s' },
  ));

test('config: what follows from a CloudMon file says so', async () => {
  const folder = makeFolder({
    'config.yaml': `server: {port: 8080}
environments: [{name: prod, attributes: {region: EU}}]
health_metrics: {api: {component_name: API, unknown: 1}}
datasource: {url: "http://u:hunter2@graphite", password: hunter2}
status_dashboard: {kind: console}
`,
  });
  const { code, stdout } = await run(['config', '-c', join(folder, 'config.yaml')]);
  expect(code).toBe(0);
  const printed = stdout.replaceAll(`${folder}/`, '').split('\n');
  expect(printed.filter((line) => line.includes('# ') && !line.endsWith('# default'))).toEqual([
    '  url: http://localhost:8080  # from server.port, config.yaml:1',
    '  kind: console  # config.yaml:5',
    '    - name: api  # config.yaml:3',
    '  port: 8080  # config.yaml:1',
    '  - name: prod  # config.yaml:2',
    '      region: EU  # config.yaml:2',
    '    component_name: API  # config.yaml:3',
    '    unknown: 1  # config.yaml:3',
    '  url: http://***@graphite  # config.yaml:4',
    '  password: "***"  # config.yaml:4',
  ]);
});

test('config: of a collector alone, what its health is made of, and no secret', async () => {
  const folder = makeFolder({
    'config.yaml': `environments: [{name: prod}]
metric_templates: {t: {query: up, op: gt, threshold: 1, note: x}}
flag_metrics: [{name: up, service: api, template: {name: t}, environments: [{name: prod}]}]
health_metrics: {api: {category: c, metrics: [api.up], expressions: [{expression: "!api.up", weight: 1}]}}
datasource: {type: prometheus, url: "http://u:hunter2@localhost", headers: {X-Scope-OrgID: hunter2}, bearer_token: hunter2}
collector: {on_missing: false}
status_dashboards: hunter2
`,
  });
  const { code, stdout } = await run(['config', '-c', join(folder, 'config.yaml')]);
  expect(code).toBe(0);
  const written = stdout.split('\n').filter((line) => line.includes('config.yaml:'));
  expect(written.map((line) => line.replace(/ +# .*/, ''))).toEqual([
    '  - name: prod',
    '      - api.up',
    '    category: c',
    '      - expression: "!api.up"',
    '        weight: 1',
    '  - name: up',
    '    service: api',
    '      name: t',
    '      - name: prod',
    '    query: up',
    '    op: gt',
    '    threshold: 1',
    '    note: x',
    '  type: prometheus',
    '  url: http://***@localhost',
    '  bearer_token: "***"',
    '    X-Scope-OrgID: "***"',
    '  on_missing: "false"',
  ]);
  expect(stdout).toContain('  timeout: 10  # default\n');
});

test('config: a default is shown only where it counts', async () => {
  const folder = makeFolder({
    'config.yaml': `environments: [{name: prod}]
metric_templates: {t: {query: up, op: gt, threshold: 1}}
flag_metrics: [{name: up, service: api, template: {name: t}, environments: [{name: prod}]}]
health_metrics: {api: {category: c, metrics: [api.up], expressions: [{expression: api.up, weight: 1}]}}
collector: {}
maintenance:
  - {cron: 0 2 * * 0, duration: 1h}
  - {from: 2036-12-01T22:00:00Z, to: 2036-12-02T22:00:00Z}
`,
  });
  const { stdout } = await run(['config', '-c', join(folder, 'config.yaml')]);
  const { datasource, maintenance } = parse(stdout);
  expect(datasource).toEqual({ type: 'embedded' });
  expect(maintenance.map((entry: object) => Object.keys(entry).at(-1))).toEqual(['time_zone', 'to']);
});

test('config: an invalid configuration is told, not printed', () =>
  check(
    ['config'],
    { 'config.yaml': `${minimal}log: {level: loud}\n` },
    {
      code: 78,
      stderr:
        'config.yaml:4:14: error: log.level: must be one of trace, debug, info, warn, error, fatal, silent\n',
    },
  ));

test('config: what it prints means the same when it is loaded', async () => {
  for (const shown of [
    'config/all-keys.yaml',
    'config/minimal.yaml',
    'config/health.yaml',
    'config/several.yaml',
    'config/cloudmon.yaml',
  ]) {
    const { stdout } = await run(['config', '-c', shown]);
    const printed = revealed(parse(stdout), parse(readFileSync(shown, 'utf8')));
    const folder = makeFolder({ 'config.yaml': JSON.stringify(printed) });
    const [again, before] = await Promise.all([
      loadConfig([join(folder, 'config.yaml')], {}),
      loadConfig([shown], {}),
    ]);
    expect(again.problems).toEqual([]);
    const { files: _a, ...loaded } = again.config ?? { files: [] };
    const { files: _b, ...written } = before.config ?? { files: [] };
    expect(JSON.stringify(loaded)).toBe(JSON.stringify(written));
  }
});

/** What is printed as ***, as it is written. */
function revealed(printed: unknown, written: unknown): unknown {
  if (printed === '***') return written;
  if (typeof printed !== 'object' || printed === null) return printed;
  const inside = (key: string) => (written as Record<string, unknown> | undefined)?.[key];
  const entries = Object.entries(printed).map(([key, value]) => [key, revealed(value, inside(key))]);
  return Array.isArray(printed) ? entries.map(([, value]) => value) : Object.fromEntries(entries);
}

test('config: no secret of any kind of dashboard is printed', async () => {
  const secret = 'hunter2hunter2hunter2hunter2abcd';
  const { code, stdout, stderr } = await run(
    [
      'config',
      '-c',
      file(`${parts.convertor}${parts.services}dashboards:
  a: {url: https://user:${secret}@a.example.com, secret: ${secret}, proxy: "http://user:${secret}@proxy"}
  b: {kind: stackmon-v1, url: https://b.example.com, secret: ${secret}}
  c: {kind: stackmon-v2, url: https://c.example.com, secret: ${secret}}
  d: {kind: auto, url: https://d.example.com, secret: ${secret}}
  e: {kind: statuspage, page_id: x, api_key: ${secret}}
  f: {kind: cachet, url: https://f.example.com, token: ${secret}}
  g: {kind: pagerduty, routing_key: ${secret}}
  h: {kind: slack, webhook_url: https://hooks.slack.com/services/${secret}}
  i: {kind: alertmanager, url: https://i.example.com, bearer_token: ${secret}}
  j: {kind: webhook, url: https://j.example.com/${secret}?key=${secret}, secret: ${secret}, headers: {X-Key: ${secret}, X-Tenant: ${secret}}}
`),
    ],
    { MP_DASHBOARDS__E__API_KEY: secret, MP_DASHBOARDS__H__WEBHOOK_URL: `https://hooks.slack.com/${secret}` },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).not.toContain('hunter2');
  expect(stdout.match(/"\*\*\*"/g)).toHaveLength(13);
  expect(stdout).toContain('    webhook_url: "***"  # env MP_DASHBOARDS__H__WEBHOOK_URL\n');
  expect(stdout).toMatch(/ {6}X-Tenant: "\*\*\*"/);
});

test('schema: JSON, and the same at every run', async () => {
  const [first, second] = await Promise.all([run(['schema']), run(['schema'])]);
  expect(first.code).toBe(0);
  expect(JSON.parse(first.stdout)).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#' });
  expect(second.stdout).toBe(first.stdout);
});
