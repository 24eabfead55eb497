/** What may be written for one value: each line is a value and what becomes of it. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { load } from './folder.ts';

/** Sets one key; `expected` is what `pick` finds in the configuration, or the message about it. */
async function check(
  key: keyof typeof places,
  written: string,
  expected: unknown,
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { config, problems } = await load({ 'config.yaml': places[key].text(written) }, env);
  const [problem] = problems;
  expect(problem ? problem.message : config && places[key].pick(config)).toEqual(expected);
}

type Place = { readonly text: (written: string) => string; readonly pick: (config: Config) => unknown };

function convertor(key: string, pick: Place['pick']): Place {
  const url = key === 'url' ? '' : '  url: http://localhost\n';
  return {
    text: (written) =>
      `convertor:\n${url}  ${key}: ${written}\ndashboards: {x: {kind: console}}\nreporter: {services: [{name: a}]}\n`,
    pick,
  };
}

function dashboard(key: string, pick: (dashboard: Config['dashboards'][number]) => unknown): Place {
  return {
    text: (written) =>
      `convertor: {url: http://localhost}\nstatus_dashboard:\n  url: https://x\n${key === 'secret' ? '' : '  secret: s\n'}  ${key}: ${written}\nreporter: {services: [{name: a}]}\n`,
    pick: ({ dashboards }) => dashboards[0] && pick(dashboards[0]),
  };
}

const places = {
  url: convertor('url', (config) => config.convertor.url),
  path: convertor('path', (config) => config.convertor.path),
  timeout: convertor('timeout', (config) => config.convertor.timeoutMs),
  retries: convertor('retries', (config) => config.convertor.retries),
  max_data_age: convertor('max_data_age', (config) => config.convertor.maxDataAgeMs),
  proxy: convertor('proxy', (config) => config.convertor.proxy?.reveal()),
  open_after: dashboard('open_after', ({ openAfter }) => openAfter),
  repeat_interval: dashboard('repeat_interval', ({ repeatIntervalMs }) => repeatIntervalMs),
  rate: dashboard('rate', ({ rate }) => rate),
  match: dashboard('match', ({ match }) => match),
  token_ttl: dashboard('token_ttl', (each) => each.kind === 'incidents' && each.tokenTtlMs),
  claims: dashboard('claims', (each) => each.kind === 'incidents' && each.claims),
  message: dashboard('message', (each) => each.kind === 'incidents' && each.message),
  severity: dashboard('severity', ({ severity }) => severity),
  secret: dashboard('secret', (each) => each.kind === 'incidents' && each.secret?.reveal()),
} satisfies Record<string, Place>;

const timeout = 'must be from 100ms to 1h';
for (const [written, expected] of [
  ['10', 10_000],
  ['0.5', 500],
  ['"10"', 10_000],
  ['30s', 30_000],
  ['5m', 300_000],
  ['0h5m', 300_000],
  ['500ms', 500],
  ['1m30s', 90_000],
  ['0.5m', 30_000],
  ['1h', 3_600_000],
  ['3600', 3_600_000],
  ['3601', timeout],
  ['2h30m', timeout],
  ['0', timeout],
  ['0.09', timeout],
  ['-1', timeout],
  ['"-5"', timeout],
  ['1e12', timeout],
  ['999999999999999999999999h', timeout],
  ['.nan', 'must be a duration, from 100ms to 1h'],
  ['.inf', 'must be a duration, from 100ms to 1h'],
  ['-.inf', 'must be a duration, from 100ms to 1h'],
  ['1e999', 'must be a duration, from 100ms to 1h'],
  ['10 s', 'must be a duration, from 100ms to 1h'],
  ['-5s', 'must be a duration, from 100ms to 1h'],
  ['5x', 'must be a duration, from 100ms to 1h'],
  ['true', 'must be a duration, from 100ms to 1h'],
  ['[5]', 'must be a duration, from 100ms to 1h'],
  ['{s: 5}', 'must be a duration, from 100ms to 1h'],
  ['""', 'must be a duration, from 100ms to 1h'],
] as const) {
  test(`timeout: ${written}`, () => check('timeout', written, expected));
}

test('no interval is long enough to overflow a timer', async () => {
  await check('max_data_age', '7d', 604_800_000);
  await check('max_data_age', '25d', 'must be from 1s to 7d');
  await check('repeat_interval', '0', 0);
  await check('repeat_interval', '25d', 'must be 0, or from 1s to 7d');
  await check('token_ttl', '2d', 'must be 0, or from 1s to 1d');
});

const host = 'must be a URL with a host';
for (const [written, expected] of [
  ['http://localhost:3005', 'http://localhost:3005'],
  ['http://localhost:3005/', 'http://localhost:3005'],
  ['https://example.com/a/b//', 'https://example.com/a/b'],
  ['HTTPS://Example.COM:443', 'https://example.com'],
  ['http://[::1]:3005', 'http://[::1]:3005'],
  ['http://u:p@h', 'http://u:p@h'],
  ['ftp://localhost', 'must be an http or https URL'],
  ['file:///etc/passwd', 'must be an http or https URL'],
  ['localhost:3005', 'must be an http or https URL'],
  ['"http://"', host],
  ['http:localhost', host],
  ['http:///x', host],
  ['http://h:99999', host],
  ['http://[::1', host],
  ['"http://h /x"', 'must be a URL without spaces and backslashes'],
  ['http://h\\x', 'must be a URL without spaces and backslashes'],
  ['http://h/?a=1', 'must not have a query or a fragment'],
  ['http://h/?', 'must not have a query or a fragment'],
  ['"http://h/#x"', 'must not have a query or a fragment'],
  ['""', 'is empty'],
  ['5', 'must be an http or https URL'],
  ['[a]', 'must be a URL'],
  [`http://${'h'.repeat(3_000)}`, 'is longer than 2048 characters'],
] as const) {
  test(`url: ${written.slice(0, 40)}`, () => check('url', written, expected));
}

test('a path begins with a slash and has no query', async () => {
  await check('path', '/v2/health', '/v2/health');
  await check('path', 'auto', 'auto');
  await check('path', 'v2', 'must be a path without a query, or auto');
  await check('path', '/v2?x=1', 'must be a path without a query, or auto');
});

test('an empty proxy is none', async () => {
  await check('proxy', '""', undefined);
  await check('proxy', 'http://u:p@proxy:8080', 'http://u:p@proxy:8080/');
  await check('proxy', 'socks5://proxy', 'must be an http or https URL');
});

test('numbers are whole and within limits, also where quotes or the environment make them texts', async () => {
  await check('retries', '0', 0);
  await check('retries', '"3"', 3);
  await check('retries', '1.0', 1);
  await check('retries', '0x3', 3);
  await check('retries', '2', 4, { MP_CONVERTOR__RETRIES: '4' });
  for (const wrong of ['-1', '11', '1.5', '.nan', '.inf', 'true', 'many', '[1]']) {
    await check('retries', wrong, 'must be a whole number from 0 to 10');
  }
});

test('an integer is a number of readings, a text with a unit is a duration', async () => {
  await check('open_after', '3', { readings: 3 });
  await check('open_after', '"3"', { readings: 3 });
  await check('open_after', '1', { readings: 7 }, { MP_STATUS_DASHBOARD__OPEN_AFTER: '7' });
  await check('open_after', '2m', { durationMs: 120_000 });
  await check('open_after', '0', 'must be from 1 to 1000 readings, or a duration from 1s to 7d');
  await check('open_after', '1.5', 'must be from 1 to 1000 readings, or a duration from 1s to 7d');
  await check('open_after', '100ms', 'must be from 1 to 1000 readings, or a duration from 1s to 7d');
  await check('open_after', 'soon', 'must be from 1 to 1000 readings, or a duration from 1s to 7d');
});

test('a rate is a number in a time', async () => {
  await check('rate', '{requests: 60, per: 1m}', { requests: 60, perMs: 60_000 });
  await check('rate', '{requests: 60}', 'is missing');
  await check('rate', '{requests: 0, per: 60}', 'must be a whole number from 1 to 100000');
  await check('rate', '60', 'must be a section of keys and values');
});

test('match is globs and a status', async () => {
  await check('match', '{services: [a*, "?"], min_status: 2}', {
    services: ['a*', '?'],
    environments: ['*'],
    minStatus: 2,
  });
  await check('match', '{services: api}', 'must be a list');
  await check('match', '{min_status: 0}', 'must be a whole number from 1 to 3');
});

test('values per status are written with the status or its word', async () => {
  await check('message', '{1: slow, outage: down}', { 1: 'slow', 2: 'down', 3: 'Service critical' });
  await check('message', '{1: slow, degraded: slow}', 'means the same as 1');
  await check('message', '{1: ""}', 'is empty');
  await check('message', '{1: [x]}', 'must be text');
  await check('message', '{4: x}', 'no such key');
  await check('severity', '{1: 10, critical: 30}', { 1: 10, 2: 2, 3: 30 });
  await check('severity', '{1: major}', 'must be a whole number from 1 to 1000000');
});

test('claims are anything that JSON can hold, but not those that are always there', async () => {
  await check('claims', '{stackmon: dummy, n: 1, deep: {list: [true, x]}, nothing: }', {
    stackmon: 'dummy',
    n: 1,
    deep: { list: [true, 'x'] },
  });
  for (const reserved of ['service', 'environment', 'status', 'timestamp']) {
    await check(
      'claims',
      `{${reserved}: x}`,
      `cannot replace the claim ${reserved}, which is always in the token`,
    );
  }
  await check('claims', '[a]', 'must be a section of claims');
  await check('claims', '{a: [.inf]}', 'has a number that JSON cannot hold');
});

test('a secret that is no text is refused without being told', async () => {
  await check('secret', '{hunter2: x}', 'must be text');
  await check('secret', '[hunter2]', 'must be text');
});
