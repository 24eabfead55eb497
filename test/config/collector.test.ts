/** The collector's configuration: alone, beside a reporter, and by the variables of seed 000. */
import { expect, test } from 'vitest';
import { loadAnyConfig, loadCollectConfig, loadConfig } from '../../src/config/load.ts';
import { type Files, loadBy, minimal } from './folder.ts';

type Env = Readonly<Record<string, string>>;

async function check(text: string, expected: string, files: Files = {}, env: Env = {}): Promise<void> {
  const { config, lines } = await loadBy(loadCollectConfig, { ...files, 'config.yaml': text }, env);
  expect(lines).toBe(expected);
  expect(config === undefined).toBe(expected.includes('error'));
}

const defaults = {
  address: '127.0.0.1',
  port: 3000,
  historyMs: 1_800_000,
  cleanupIntervalMs: 300_000,
  metricsMax: 1_000_000,
  rate: 20_000,
  collectIntervalMs: 15_000,
  pointsPerSeriesMax: 5_760,
  seriesMax: 10_000,
  pointsMax: 2_000_000,
  namesMax: 50_000,
  environment: 'production',
  hashIps: false,
  sources: [],
};

test('without a file everything has its default', async () => {
  const { config, problems } = await loadCollectConfig([], {});
  expect(problems).toEqual([]);
  expect(config?.collector).toEqual(defaults);
});

test('the variables of seed 000 count, MP_ ones win', async () => {
  const env = { PORT: '8080', HISTORY_DURATION: '2h30m', CLEANUP_INTERVAL: '1m' };
  const { config } = await loadCollectConfig([], { ...env, MP_COLLECTOR__CLEANUP_INTERVAL: '10m' });
  const { port, historyMs, cleanupIntervalMs } = config?.collector ?? {};
  expect([port, historyMs, cleanupIntervalMs]).toEqual([8080, 9_000_000, 600_000]);
  const { problems } = await loadCollectConfig([], {
    PORT: 'x',
    HISTORY_DURATION: '15',
    CLEANUP_INTERVAL: '',
  });
  expect(problems.map(({ key, message }) => `${key} ${message}`)).toEqual([
    'collector.history must be from 1m to 24h',
    'server.port must be a whole number from 1 to 65535',
  ]);
});

test('PORT is no affair of a reporter, and no variable makes a collector of it', async () => {
  const env = { PORT: 'x', HISTORY_DURATION: 'x' };
  const { config, lines } = await loadBy(loadConfig, { 'config.yaml': minimal }, env);
  expect(lines).toBe('');
  expect(config?.collector).toBeUndefined();
});

test('a reporter may have one beside it', async () => {
  const text = `${minimal}server: {port: 3001}\ncollector: {history: 1h}\n`;
  const { config, lines } = await loadBy(loadConfig, { 'config.yaml': text });
  expect(lines).toBe('');
  expect(config?.collector).toEqual({ ...defaults, port: 3001, historyMs: 3_600_000 });
});

test('files with nothing but a collector are taken for one', async () => {
  const alone = await loadBy(loadAnyConfig, { 'config.yaml': 'collector: {}\n' });
  expect(alone.lines).toBe('');
  expect(alone.config && 'reporter' in alone.config).toBe(false);
  const both = await loadBy(loadAnyConfig, { 'config.yaml': `${minimal}collector: {}\n` });
  expect(both.config && 'reporter' in both.config).toBe(true);
});

test('what the reporter needs is not looked at for a collector alone', () =>
  check('collector: {}\nstatus_dashboard: {url: nowhere}\nreporter: {poll_interval: never}\n', ''));

test('an open door is shut unless somebody says that it is meant', async () => {
  const open = 'server: {address: 0.0.0.0}\n';
  await check(
    `${open}collector: {rate: 5}\n`,
    'config.yaml:2:1: error: collector.bearer_token: is missing, and server.address 0.0.0.0 is open to the network. Name its file in bearer_token_file, or say allow_anonymous: true',
  );
  await check(`${open}collector: {allow_anonymous: true}\n`, '');
  await check(`${open}collector: {bearer_token_file: token}\n`, '', { token: 'abc\n' });
  for (const address of ['127.0.0.1.example.com', '127.example', '127.0.0.1.']) {
    await check(
      `server: {address: ${address}}\ncollector: {rate: 5}\n`,
      `config.yaml:2:1: error: collector.bearer_token: is missing, and server.address ${address} is open to the network. Name its file in bearer_token_file, or say allow_anonymous: true`,
    );
  }
  await check('server: {address: "::1"}\ncollector: {}\n', '');
  await check('server: {address: 127.0.0.9}\ncollector: {}\n', '');
  await check('server: {address: localhost}\ncollector: {}\n', '');
});

test('a token that is empty, or that no header can carry, is an error', async () => {
  const text = 'collector: {bearer_token_file: token}\n';
  const place = 'config.yaml:1:32: error: collector.bearer_token_file:';
  await check(text, `${place} is empty. Write the token, or leave the key out`, { token: '\n' });
  await check(
    text,
    `${place} holds a character that no HTTP header can carry. Look for blanks and empty lines in it`,
    { token: 'a b' },
  );
});

test('every limit is checked', () =>
  check(
    `collector:
  history: 5s
  cleanup_interval: 2h
  max_metrics: 0
  rate: -1
  collect_interval: 0
  max_names: 65001
  allow_anonymous: maybe
  environment: ""
  histroy: 5m
`,
    `config.yaml:2:12: error: collector.history: must be from 1m to 24h. Write seconds (30) or a text such as 30s, 5m or 2h30m
config.yaml:3:21: error: collector.cleanup_interval: must be from 1s to 1h. Write seconds (30) or a text such as 30s, 5m or 2h30m
config.yaml:4:16: error: collector.max_metrics: must be a whole number from 1 to 20000000
config.yaml:5:9: error: collector.rate: must be a whole number from 1 to 10000000
config.yaml:6:21: error: collector.collect_interval: must be from 1s to 1h. Write seconds (30) or a text such as 30s, 5m or 2h30m
config.yaml:7:14: error: collector.max_names: must be a whole number from 1 to 65000
config.yaml:8:20: error: collector.allow_anonymous: must be true or false
config.yaml:9:16: error: collector.environment: is empty. Write 1 to 200 characters
config.yaml:10:3: warning: collector.histroy: no such key. Did you mean history?`,
  ));

test('what is wrong with a source is told with its place', () =>
  check(
    `collector:
  sources:
    - type: cpu
    - type: node
      url: http://localhost:9100/metrics
    - type: prometheus
    - type: prometheus
      url: ftp://localhost
    - type: json
      url: http://localhost:9000/api#x
      map: {a.b: "1bad"}
    - type: json
      url: http://localhost:9000/api
    - type: node
      labels: {__name__: x, fine: y}
      timeout: 0
`,
    `config.yaml:3:13: error: collector.sources[0].type: must be one of node, prometheus, json
config.yaml:5:12: error: collector.sources[1].url: is not for a node. Take it out
config.yaml:6:7: error: collector.sources[2].url: is missing. Add it
config.yaml:8:12: error: collector.sources[3].url: must be an http or https URL. Write it as http://host:port or https://host
config.yaml:10:12: error: collector.sources[4].url: must not have a fragment. End it before #
config.yaml:12:7: error: collector.sources[5].map: maps no field. Write field.path: metric_name
config.yaml:16:16: error: collector.sources[6].timeout: must be from 100ms to 1m. Write seconds (30) or a text such as 30s, 5m or 2h30m`,
  ));

test('names that Prometheus would not take are refused', () =>
  check(
    `collector:
  sources:
    - {type: node, labels: {__name__: x}}
    - {type: json, url: "http://localhost/?a=b", map: {a.b: 1bad}}
`,
    `config.yaml:3:39: error: collector.sources[0].labels.__name__: is no name for a label. Use letters, digits and _, begin with no digit and not with __
config.yaml:4:61: error: collector.sources[1].map."a.b": is no name for a metric. Use letters, digits, _ and :, and begin with no digit`,
  ));

test('two fields cannot have one metric, and no label is one of a histogram or a summary', () =>
  check(
    `collector:
  sources:
    - {type: node, labels: {le: x, quantile: y, less: z}}
    - {type: json, url: "http://localhost/", map: {a: m, b: n, c: m, d: m}}
`,
    `config.yaml:3:33: error: collector.sources[0].labels.le: is what histograms and summaries call a label of their own. Use another name
config.yaml:3:46: error: collector.sources[0].labels.quantile: is what histograms and summaries call a label of their own. Use another name
config.yaml:4:67: error: collector.sources[1].map.c: names the metric m, as another field does. Give each field a metric of its own
config.yaml:4:73: error: collector.sources[1].map.d: names the metric m, as another field does. Give each field a metric of its own`,
  ));

test('no two sources are the same', async () => {
  await check(
    `collector:
  sources:
    - type: node
    - type: node
    - {type: prometheus, url: "http://localhost/a", labels: {a: x, b: y}}
    - {type: prometheus, url: "http://LOCALHOST:80/a", labels: {b: y, a: x}, timeout: 1}
`,
    `config.yaml:4:7: error: collector.sources[1]: has the same type and labels as sources[0]. Take it out, or give it other labels
config.yaml:6:7: error: collector.sources[3]: has the same type, url and labels as sources[2]. Take it out, or give it other labels`,
  );
  await check(
    `collector:
  sources:
    - type: node
    - {type: node, labels: {a: x}}
    - {type: prometheus, url: "http://localhost/a"}
    - {type: prometheus, url: "http://localhost/b"}
    - {type: json, url: "http://localhost/a", map: {a: b}}
    - {type: json, url: "http://localhost/a", map: {a: b}, labels: {a: x}}
`,
    '',
  );
});

test('sources are decoded, their tokens are secrets', async () => {
  const text = `collector:
  sources:
    - type: node
    - {type: prometheus, url: "http://localhost:9100/metrics", labels: {job: node}, bearer_token_file: token}
    - {type: json, url: "http://localhost:9000/api?x=1", map: {betanet.latency: betanet_latency}, timeout: 1}
`;
  const { config, lines } = await loadBy(loadCollectConfig, { 'config.yaml': text, token: 'hunter22' });
  expect(lines).toBe('');
  expect(JSON.parse(JSON.stringify(config?.collector.sources))).toEqual([
    { type: 'node', labels: {}, timeoutMs: 5_000 },
    {
      type: 'prometheus',
      url: 'http://localhost:9100/metrics',
      labels: { job: 'node' },
      timeoutMs: 5_000,
      tls: {},
      bearerToken: '***',
    },
    {
      type: 'json',
      url: 'http://localhost:9000/api?x=1',
      map: { 'betanet.latency': 'betanet_latency' },
      labels: {},
      timeoutMs: 1_000,
      tls: {},
    },
  ]);
});

test('a CloudMon file that relied on every address is told', async () => {
  const kinded = minimal.replace('secret:', 'kind: incidents, secret:');
  const service =
    'component_name: API, category: c, metrics: [api.up], expressions: [{expression: "!api.up", weight: 1}]';
  const cloudMon = `${kinded}health_metrics: {api: {${service}}}
metric_templates: {up: {query: 'up', op: gt, threshold: 0.5}}
flag_metrics: [{name: up, service: api, template: {name: up}, environments: [{name: production}]}]
environments: [{name: production}]
collector: {}
`;
  const warning =
    'warning: server.address: is 127.0.0.1, where CloudMon listens on every address. Write address: 0.0.0.0 if others are to reach the collector';
  const { lines } = await loadBy(loadConfig, { 'config.yaml': cloudMon });
  expect(lines).toBe(`config.yaml:1:1: ${warning}`);
  const { lines: said } = await loadBy(loadConfig, {
    'config.yaml': `${cloudMon}server: {address: 127.0.0.1}\n`,
  });
  expect(said).toBe('');
});
