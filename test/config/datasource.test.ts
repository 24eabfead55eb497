/** The data source of health: what it is by default, what is wrong with it, what of it is a secret. */
import { expect, test } from 'vitest';
import { loadAnyConfig, loadCollectConfig, loadConfig } from '../../src/config/load.ts';
import { type Files, loadBy, minimal, parts } from './folder.ts';

type Env = Readonly<Record<string, string>>;

const health = `environments: [{name: prod}]
metric_templates: {t: {query: up, op: gt, threshold: 1}}
flag_metrics: [{name: up, service: api, template: {name: t}, environments: [{name: prod}]}]
health_metrics: {api: {component_name: API, category: c, metrics: [api.up], expressions: [{expression: api.up, weight: 1}]}}
`;

async function check(text: string, expected: unknown, warnings = '', env: Env = {}): Promise<void> {
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': `${text}\n${health}` }, env);
  expect(lines).toBe(warnings);
  expect(JSON.parse(JSON.stringify(config?.collector.health?.datasource))).toEqual(expected);
}

async function checkErrors(text: string, expected: string, files: Files = {}): Promise<void> {
  const { config, lines } = await loadBy(loadCollectConfig, {
    ...files,
    'config.yaml': `${text}\n${health}`,
  });
  expect(lines).toBe(expected);
  expect(config).toBeUndefined();
}

const remote = { timeoutMs: 10_000, headers: {}, tls: {} };

test('which one it is without a type follows from the url', async () => {
  await check('', { type: 'embedded' });
  await check('datasource:', { type: 'embedded' });
  await check('datasource: {timeout: 30}', { type: 'embedded' });
  await check('datasource: {url: http://g/graphite/}', {
    type: 'graphite',
    url: 'http://g/graphite',
    ...remote,
  });
  await check('datasource: {url: http://g, type: graphite, timeout: 30}', {
    type: 'graphite',
    url: 'http://g',
    ...remote,
    timeoutMs: 30_000,
  });
  await check('datasource: {url: https://p/mimir, type: prometheus}', {
    type: 'prometheus',
    url: 'https://p/mimir',
    ...remote,
  });
});

test('variables of the environment', async () => {
  await check('', { type: 'prometheus', url: 'http://p', ...remote, timeoutMs: 2_000 }, '', {
    MP_DATASOURCE__URL: 'http://p',
    MP_DATASOURCE__TYPE: 'prometheus',
    MP_DATASOURCE__TIMEOUT: '2s',
  });
  await check('datasource: {type: graphite}', { type: 'graphite', url: 'http://g', ...remote }, '', {
    mp_datasource__url: 'http://g',
  });
});

test('a type that there is not, a url that is missing or none, a time that is none', async () => {
  await checkErrors(
    'datasource: {type: influx}',
    'config.yaml:1:20: error: datasource.type: must be one of embedded, graphite, prometheus',
  );
  await checkErrors(
    'datasource: {type: graphite}',
    'config.yaml:1:1: error: datasource.url: is missing. Add the base URL of the graphite',
  );
  await checkErrors(
    'datasource: {type: prometheus, timeout: soon}',
    'config.yaml:1:41: error: datasource.timeout: must be a duration, from 100ms to 1h. Write seconds (30) or a text such as 30s, 5m or 2h30m',
  );
  await checkErrors(
    'datasource: {url: graphite:8080}',
    'config.yaml:1:19: error: datasource.url: must be an http or https URL. Write it as http://host:port or https://host',
  );
});

test('what embedded has no use for is ignored, and told', () =>
  check(
    'datasource: {type: embedded, url: http://g, bearer_token: x}',
    { type: 'embedded' },
    `config.yaml:1:35: warning: datasource.url: is ignored: embedded asks the collector’s own series. Take it out, or set type to graphite or prometheus
config.yaml:1:59: warning: datasource.bearer_token: is ignored: embedded asks the collector’s own series. Take it out, or set type to graphite or prometheus`,
  ));

test('keys that nobody reads warn', () =>
  check(
    'datasource: {url: http://g, bearer_tokn: x}',
    { type: 'graphite', url: 'http://g', ...remote },
    'config.yaml:1:29: warning: datasource.bearer_tokn: no such key. Did you mean bearer_token?',
  ));

test('tokens and headers are secrets, from files too', async () => {
  const text = `datasource:
  type: prometheus
  url: https://mimir.example.com
  bearer_token_file: token
  headers:
    X-Scope-OrgID: team-a|team-b
    X-Api-Key_file: key
${health}`;
  const files = { 'config.yaml': text, token: 'hunter22\n', key: 'a b\n' };
  const { config, lines } = await loadBy(loadCollectConfig, files);
  expect(lines).toBe('');
  const { datasource } = config?.collector.health ?? {};
  expect(JSON.parse(JSON.stringify(datasource))).toEqual({
    type: 'prometheus',
    url: 'https://mimir.example.com',
    timeoutMs: 10_000,
    tls: {},
    bearerToken: '***',
    headers: { 'X-Scope-OrgID': '***', 'X-Api-Key': '***' },
  });
  if (datasource?.type !== 'prometheus') throw new Error('another data source');
  expect(datasource.bearerToken?.reveal()).toBe('hunter22');
  expect(Object.values(datasource.headers).map((each) => each.reveal())).toEqual(['team-a|team-b', 'a b']);
});

test('a variable finds a header that the file names', async () => {
  const text = `datasource: {url: http://localhost, headers: {X-Scope-OrgID: x}}\n${health}`;
  const env = { MP_DATASOURCE__HEADERS__X_SCOPE_ORGID: 'tenant' };
  const { config } = await loadBy(loadCollectConfig, { 'config.yaml': text }, env);
  const { datasource } = config?.collector.health ?? {};
  if (datasource?.type !== 'graphite') throw new Error('another data source');
  expect(Object.entries(datasource.headers).map(([name, each]) => [name, each.reveal()])).toEqual([
    ['X-Scope-OrgID', 'tenant'],
  ]);
});

test('headers that cannot be sent', () =>
  checkErrors(
    `datasource:
  url: http://localhost
  bearer_token: x
  headers: {"a b": c, Host: x, authorization: Basic x, X-A: 1, x-a: 2}
  tls: {cert_file: c}`,
    `config.yaml:4:20: error: datasource.headers."a b": is no name for a header. Use letters, digits and dashes
config.yaml:4:29: error: datasource.headers.Host: is a header that cannot be set. Take it out
config.yaml:4:47: error: datasource.headers.authorization: stands beside bearer_token. Keep one of them
config.yaml:4:69: error: datasource.headers.x-a: is given twice. Keep one of them
config.yaml:5:20: error: datasource.tls.cert_file: the file does not exist. Check the path`,
  ));

test('values that no header can carry', () =>
  checkErrors(
    'datasource: {url: http://g, headers: {A: "x\\ny", B: " x", C: "", D: [x]}}',
    `config.yaml:1:42: error: datasource.headers.A: holds what no HTTP header can carry. Look for blanks at its ends and for other letters
config.yaml:1:53: error: datasource.headers.B: holds what no HTTP header can carry. Look for blanks at its ends and for other letters
config.yaml:1:62: error: datasource.headers.C: is empty. Write its value, or leave the header out
config.yaml:1:66: error: datasource.headers.D: must be text`,
  ));

test('a token over plain http to another host warns, a tenant’s name does not', async () => {
  const warning =
    'config.yaml:1:19: warning: datasource.url: sends a token or a key over plain http to another host. Use https';
  for (const [keys, expected] of [
    ['bearer_token: x', warning],
    ['headers: {Authorization: Basic x}', warning],
    ['headers: {X-Scope-OrgID: x}', ''],
  ] as const) {
    for (const [url, isTold] of [
      ['http://mimir', true],
      ['https://mimir', false],
      ['http://localhost:9009', false],
    ] as const) {
      const files = { 'config.yaml': `datasource: {url: ${url}, ${keys}}\n${health}` };
      expect((await loadBy(loadCollectConfig, files)).lines).toBe(isTold ? expected : '');
    }
  }
});

test('files of another role are not opened: its secrets need not be here', async () => {
  const datasource = 'datasource: {url: http://g, bearer_token_file: nowhere}\n';
  const reporter = await loadBy(loadConfig, { 'config.yaml': minimal + datasource });
  expect(reporter.lines).toBe('');
  const text = parts.dashboard.replace('secret: your-jwt-secret', 'secret_file: nowhere');
  const alone = await loadBy(loadCollectConfig, { 'config.yaml': text });
  expect(alone.lines).toBe('');
  const both = await loadBy(loadConfig, { 'config.yaml': `${minimal}collector: {}\n${datasource}` });
  expect(both.lines).toBe(
    'config.yaml:5:48: error: datasource.bearer_token_file: the file does not exist. Check the path',
  );
});

test('a collector with health and nothing to tell is a collector alone', async () => {
  const { config, lines } = await loadBy(loadAnyConfig, { 'config.yaml': `collector: {}\n${health}` });
  expect(lines).toBe('');
  expect(config && 'reporter' in config).toBe(false);
});
