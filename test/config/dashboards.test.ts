/** Which dashboards there are, and of which kind. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { kinds } from '../../src/dashboards/kinds.ts';
import { load, parts } from './folder.ts';

async function check(
  text: string,
  expected: string | ((dashboards: Config['dashboards']) => void),
): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': `${parts.convertor}${parts.services}${text}` });
  expect(lines).toBe(typeof expected === 'string' ? expected : '');
  if (typeof expected === 'function') expected(config?.dashboards ?? []);
}

test('every key of a dashboard', () =>
  check(
    `dashboards:
  public:
    kind: incidents
    url: https://status.example.com/base/
    secret: s
    claims: {stackmon: dummy}
    token_ttl: 300
    path: /v2/incidents
    message: {degraded: slow}
    severity: {3: 30}
    timeout: 5
    retries: 0
    mode: record
    send: on_change
    repeat_interval: 1h
    open_after: 2
    close_after: 5m
    match: {services: [api*], environments: [prod*], min_status: 2}
    rate: {requests: 60, per: 1m}
    adopt: ours
    proxy: http://proxy:8080
`,
    ([dashboard]) =>
      expect({ ...dashboard, secret: undefined, proxy: dashboard?.proxy?.reveal() }).toEqual({
        name: 'public',
        mark: expect.any(String),
        kind: 'incidents',
        url: 'https://status.example.com/base',
        secret: undefined,
        claims: { stackmon: 'dummy' },
        tokenTtlMs: 300_000,
        path: '/v2/incidents',
        message: { 1: 'slow', 2: 'Service outage', 3: 'Service critical' },
        severity: { 1: 1, 2: 2, 3: 30 },
        timeoutMs: 5_000,
        retries: 0,
        mode: 'record',
        send: 'on_change',
        repeatIntervalMs: 3_600_000,
        openAfter: { readings: 2 },
        closeAfter: { durationMs: 300_000 },
        match: { services: ['api*'], environments: ['prod*'], minStatus: 2 },
        rate: { requests: 60, perMs: 60_000 },
        adopt: 'ours',
        proxy: 'http://proxy:8080/',
        tls: {},
      }),
  ));

test('a console needs nothing', () =>
  check('status_dashboard: {kind: console}\n', ([dashboard]) =>
    expect(dashboard).toEqual({
      name: 'default',
      mark: expect.any(String),
      kind: 'console',
      url: '',
      severity: { 1: 'degraded', 2: 'outage', 3: 'critical' },
      timeoutMs: 10_000,
      retries: 3,
      mode: 'send',
      send: 'on_change',
      repeatIntervalMs: 0,
      openAfter: { readings: 1 },
      closeAfter: { readings: 1 },
      match: { services: ['*'], environments: ['*'], minStatus: 1 },
      adopt: 'ours',
      tls: {},
    }),
  ));

test('a kind that does not exist is named, with those that do', () => {
  const known = [...kinds.keys()].join(', ');
  return check(
    `status_dashboard: {kind: nagios, url: https://x}
dashboards:
  a: {kind: pager-duty, routing_key: hunter2}
  b: {kind: [x]}
  c: {kind: "x y"}
  d: {kind: Console}
`,
    `config.yaml:3:26: error: status_dashboard.kind: nagios is no kind of dashboard. Use one of ${known}
config.yaml:5:13: error: dashboards.a.kind: pager-duty is no kind of dashboard. Did you mean pagerduty?
config.yaml:6:7: error: dashboards.b.kind: this is no kind of dashboard. Use one of ${known}
config.yaml:7:13: error: dashboards.c.kind: this is no kind of dashboard. Use one of ${known}
config.yaml:8:13: error: dashboards.d.kind: Console is no kind of dashboard. Did you mean console?`,
  );
});

test('a key of another kind is unknown', () =>
  check(
    'status_dashboard: {kind: console, secret: x, message: {1: x}}\n',
    `config.yaml:3:35: warning: status_dashboard.secret: no such key. Take it out
config.yaml:3:46: warning: status_dashboard.message: no such key. Take it out`,
  ));

test('a status that has no value of its own is told which do', () =>
  check(
    `dashboards:
  a: {kind: slack, webhook_url: https://a, severity: {4: x, 0: fine, Outage: x}}
  b: {kind: cachet, url: https://b, token: t, message: {0: fine, five: x, healthy: x}}
`,
    `config.yaml:4:55: warning: dashboards.a.severity.4: no such key. Use 1, 2 and 3, or degraded, outage and critical
config.yaml:4:61: warning: dashboards.a.severity.0: no such key. Use 1, 2 and 3, or degraded, outage and critical; 0 has none
config.yaml:4:70: warning: dashboards.a.severity.Outage: no such key. Did you mean outage?
config.yaml:5:57: warning: dashboards.b.message.0: no such key. Use recovered for what is over
config.yaml:5:66: warning: dashboards.b.message.five: no such key. Use 1, 2 and 3, or degraded, outage and critical
config.yaml:5:75: warning: dashboards.b.message.healthy: no such key. Use recovered for what is over`,
  ));

test('a small section is told with its keys', () =>
  check(
    `dashboards:
  a: {kind: console, rate: 60/m, match: [api]}
  b: {kind: console, tls: {verify: false}, match: {min_status: outage}}
`,
    `config.yaml:4:28: error: dashboards.a.rate: must be a section of keys and values. Write its keys below it, indented: requests, per
config.yaml:4:34: error: dashboards.a.match: must be a section of keys and values. Write its keys below it, indented: services, environments, min_status
config.yaml:5:28: warning: dashboards.b.tls.verify: no such key. Take it out; there are ca_file, cert_file, key_file
config.yaml:5:64: error: dashboards.b.match.min_status: must be a whole number from 1 to 3. Write 1 (degraded), 2 (outage) or 3 (critical)`,
  ));

test('a key that does nothing because of another', () =>
  check(
    `dashboards:
  a: {kind: alertmanager, url: https://a, repeat_interval: 1h}
  b: {kind: statuspage, page_id: x, api_key: x, adopt: system}
  c: {url: https://c, claims: {stackmon: dummy}, token_ttl: 5m}
  d: {kind: stackmon-v2, url: https://d, secret: s, claims: {x: y}, adopt: system, repeat_interval: 1h}
`,
    `config.yaml:4:60: warning: dashboards.a.repeat_interval: is not used: every poll is told. Set send to on_change, or take it out
config.yaml:5:56: warning: dashboards.b.adopt: means the same as ours: statuspage has no incidents that say a machine opened them. Use ours
config.yaml:6:23: warning: dashboards.c.claims: is not used: without secret there is no token. Add secret, or take it out
config.yaml:6:61: warning: dashboards.c.token_ttl: is not used: without secret there is no token. Add secret, or take it out`,
  ));

test('a place that does not end', () =>
  check(
    'status_dashboard: {kind: slack, webhook_url: https://a, text: "{{component} is {{word}}"}\n',
    'config.yaml:3:63: error: status_dashboard.text: has {{ without }} after a name. Use {{service}} {{environment}} {{component}} {{status}} {{word}} {{timestamp}} {{since}}',
  ));

test('an incidents dashboard without a url', () =>
  check(
    'status_dashboard: {secret: x}\n',
    'config.yaml:3:1: error: status_dashboard.url: is missing. Add it',
  ));

test('a name that status_dashboard has, and names that are no names', () =>
  check(
    `status_dashboard: {kind: console}
dashboards:
  default: {kind: console}
  "a\\nb": {kind: console}
`,
    `config.yaml:5:3: error: dashboards.default: has the name of status_dashboard. Give it another name
config.yaml:6:3: error: dashboards."a\\nb": has a name that contains a control character. Use a short plain name`,
  ));

test('credentials over plain http to another host are a warning', async () => {
  const warning = (column: number) =>
    `config.yaml:3:${column}: warning: status_dashboard.url: sends credentials over plain http to another host. Use https`;
  await check('status_dashboard: {url: http://status.example.com, secret: x}\n', warning(25));
  await check('status_dashboard: {secret: x, url: http://127.0.0.1.example.com}\n', warning(36));
  await check('status_dashboard: {url: http://user:pass@status.example.com}\n', warning(25));
  await check(
    'status_dashboard: {kind: webhook, url: http://status.example.com, headers: {X-Api-Key: x}}\n',
    warning(40),
  );
  await check(
    'status_dashboard: {kind: webhook, url: http://status.example.com, headers: {X-Tenant: x}}\n',
    () => undefined,
  );
  await check(
    'status_dashboard: {kind: slack, webhook_url: http://slack.example.com/x}\n',
    warning(46).replace('.url', '.webhook_url'),
  );
  for (const url of [
    'http://localhost:1',
    'http://127.0.0.1',
    'http://[::1]:80',
    'http://x.localhost',
    'https://x',
  ]) {
    await check(`status_dashboard: {url: "${url}", secret: x}\n`, () => undefined);
  }
  await check('status_dashboard: {url: http://status.example.com}\n', () => undefined);
  await check('status_dashboard: {kind: slack, webhook_url: http://127.0.0.1/x}\n', () => undefined);
  await check(
    'status_dashboard: {url: http://status.example.com, proxy: "http://user:pass@proxy"}\n',
    () => undefined,
  );
});

const rivals = (first: string, second: string) =>
  `status_dashboard: {url: https://a, secret: x${first}}\ndashboards: {b: {url: https://a/, secret: x${second}}}\n`;

test('two that tell one page about one target are a warning, unless one of them is silent', async () => {
  const fight =
    'config.yaml:4:14: warning: dashboards.b: tells the same page about the same services as status_dashboard, with the same reporter.id. Give them services of their own with match, or take one of them out';
  await check(rivals('', ''), fight);
  await check(rivals(', match: {min_status: 2}', ', match: {services: [ap*]}'), fight);
  await check(rivals(', retries: 1', ', send: on_change'), fight);
  for (const apart of [
    ', match: {services: [web]}',
    ', match: {environments: [staging]}',
    ', mode: record',
    ', mode: paused',
    ', path: /other',
  ]) {
    for (const text of [rivals('', apart), rivals(apart, '')]) {
      const { lines } = await load({ 'config.yaml': `${parts.convertor}${parts.services}${text}` });
      expect(lines, apart).not.toContain('tells the same page');
    }
  }
  await check(rivals('', '').replace('/, secret: x', ', secret: y'), () => undefined);
  await check(rivals('', '').replace('https://a/', 'https://b'), () => undefined);
  await check('dashboards: {a: {kind: console}, b: {kind: console}}\n', () => undefined);
});

test('the third of three is told with whom it fights', () =>
  check(
    `dashboards:
  a: {url: https://a, match: {services: ["*"], min_status: 2}, mode: record}
  b: {url: https://a}
  c: {url: https://a, match: {services: [api]}}
`,
    'config.yaml:6:3: warning: dashboards.c: tells the same page about the same services as dashboards.b, with the same reporter.id. Give them services of their own with match, or take one of them out',
  ));
