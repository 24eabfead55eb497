/** The environment: which variable means which key, and which means none. */
import { expect, test } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { load, minimal } from './folder.ts';

/** `expected` is what is printed, or what must be true of the configuration. */
async function check(
  env: Readonly<Record<string, string>>,
  expected: string | ((config: Config) => void),
  text = minimal,
): Promise<void> {
  const { config, lines } = await load({ 'config.yaml': text }, env);
  expect(lines).toBe(typeof expected === 'string' ? expected : '');
  if (typeof expected === 'string') return;
  if (!config) throw new Error('no configuration');
  expected(config);
}

test('a variable wins over the files, whatever its case', () =>
  check(
    {
      MP_CONVERTOR__URL: 'http://convertor-svc:3005',
      mp_convertor__timeout: '30s',
      Mp_Status_Dashboard__Secret: 'new-secret',
      MP_TELEMETRY__PORT: '9090',
      MP_REPORTER__POLL_INTERVAL: '120',
      MP_REPORTER__DEFAULTS__ENVIRONMENT: 'staging',
      MP_LOG__LEVEL: 'debug',
      MP_STATUS_DASHBOARD__MESSAGE__1: 'slow',
      MP_STATUS_DASHBOARD__CLAIMS__STACKMON: 'dummy',
      PATH: '/bin',
      MPX: '1',
    },
    ({ convertor, dashboards: [dashboard], telemetry, reporter, log }) => {
      expect(convertor).toMatchObject({ url: 'http://convertor-svc:3005', timeoutMs: 30_000 });
      expect(telemetry.port).toBe(9090);
      expect(reporter.pollIntervalMs).toBe(120_000);
      expect(reporter.targets[0]?.environment).toBe('staging');
      expect(log.level).toBe('debug');
      expect(dashboard).toMatchObject({ message: { 1: 'slow' }, claims: { stackmon: 'dummy' } });
      expect(dashboard?.kind === 'incidents' && dashboard.secret?.reveal()).toBe('new-secret');
    },
  ));

test('sections need not be in a file', () =>
  check(
    {
      MP_CONVERTOR__URL: 'http://c',
      MP_STATUS_DASHBOARD__KIND: 'console',
      MP_DASHBOARDS__PAGE__URL: 'http://p',
    },
    ({ dashboards }) => {
      expect(dashboards.map(({ name, kind, url }) => ({ name, kind, url }))).toEqual([
        { name: 'default', kind: 'console', url: '' },
        { name: 'page', kind: 'incidents', url: 'http://p' },
      ]);
    },
    'reporter: {services: [{name: api}]}\n',
  ));

test('a dashboard is found by its name, whatever its case and signs', () =>
  check(
    {
      MP_DASHBOARDS__PUBLIC__TIMEOUT: '5',
      MP_DASHBOARDS__MY_PAGE__TIMEOUT: '6',
      MP_DASHBOARDS__my_other__TIMEOUT: '7',
    },
    ({ dashboards }) => {
      expect(dashboards.map(({ name, timeoutMs }) => [name, timeoutMs])).toEqual([
        ['default', 10_000],
        ['Public', 5_000],
        ['my-page', 6_000],
        ['my_other', 7_000],
      ]);
    },
    `${minimal}dashboards: {Public: {kind: console}, my-page: {kind: console}, my_other: {kind: console}}\n`,
  ));

test('an empty variable is not set', () =>
  check({ MP_CONVERTOR__TIMEOUT: '', MP_REPORTER__SERVICES: '', MP_NO_SUCH: '' }, ({ convertor }) => {
    expect(convertor.timeoutMs).toBe(10_000);
  }));

test('an empty variable for a secret is an error', () =>
  check(
    { MP_STATUS_DASHBOARD__SECRET: '', MP_CONVERTOR__BEARER_TOKEN_FILE: '' },
    `env MP_CONVERTOR__BEARER_TOKEN_FILE: error: convertor.bearer_token_file: is empty. Set the secret, or unset the variable
env MP_STATUS_DASHBOARD__SECRET: error: status_dashboard.secret: is empty. Set the secret, or unset the variable`,
  ));

test('an unknown variable is a warning that says what was meant', () =>
  check(
    {
      MP_CONVERTER__URL: 'x',
      MP_CONVERTOR_URL: 'x',
      MP_STATUS_DASHBOARD__SECERT: 'x',
      MP_STATUS_DASHBOARD__SECRET_FIEL: 'x',
      MP_DASHBOARDS: '',
      MP_SOMETHING_ELSE_ALTOGETHER: 'x',
      [`MP_${'X'.repeat(5_000)}`]: 'x',
    },
    `env MP_CONVERTER__URL: warning: no such key. Did you mean MP_CONVERTOR__URL?
env MP_CONVERTOR_URL: warning: no such key. Did you mean MP_CONVERTOR__URL?
env MP_SOMETHING_ELSE_ALTOGETHER: warning: no such key. Unset it, unless it is for another program
env MP_STATUS_DASHBOARD__SECERT: warning: no such key. Did you mean MP_STATUS_DASHBOARD__SECRET?
env MP_STATUS_DASHBOARD__SECRET_FIEL: warning: no such key. Did you mean MP_STATUS_DASHBOARD__SECRET_FILE?
env MP_${'X'.repeat(5_000)}: warning: no such key. Unset it, unless it is for another program`,
  ));

test('a list and a section cannot be set', () =>
  check(
    {
      MP_REPORTER__SERVICES: 'api',
      MP_REPORTER__SERVICES__0__NAME: 'api',
      MP_STATUS_DASHBOARD__MATCH__SERVICES: 'api',
      MP_CONVERTOR: 'http://x',
      MP_STATUS_DASHBOARD: 'http://x',
      MP_DASHBOARDS: 'x',
    },
    `env MP_CONVERTOR: error: convertor: is a section. Set its keys, such as MP_CONVERTOR__URL
env MP_DASHBOARDS: error: dashboards: is a section. Set its keys, such as MP_DASHBOARDS__NAME
env MP_REPORTER__SERVICES: error: reporter.services: a list cannot be set by the environment. Write it in a file
env MP_REPORTER__SERVICES__0__NAME: error: reporter.services: a list cannot be set by the environment. Write it in a file
env MP_STATUS_DASHBOARD: error: status_dashboard: is a section. Set its keys, such as MP_STATUS_DASHBOARD__URL
env MP_STATUS_DASHBOARD__MATCH__SERVICES: error: status_dashboard.match.services: a list cannot be set by the environment. Write it in a file`,
  ));

test('two variables for one key are an error', () =>
  check(
    { MP_CONVERTOR__TIMEOUT: '5', mp_convertor__timeout: '6' },
    'env mp_convertor__timeout: error: convertor.timeout: is set by another variable too, in other case. Keep one of them',
  ));

test('a wrong value is told by the name of its variable', () =>
  check(
    { MP_CONVERTOR__TIMEOUT: 'soon', MP_TELEMETRY__PORT: '-1', MP_STATUS_DASHBOARD__URL: 'ftp://hunter2' },
    `env MP_CONVERTOR__TIMEOUT: error: convertor.timeout: must be a duration, from 100ms to 1h. Write seconds (30) or a text such as 30s, 5m or 2h30m
env MP_STATUS_DASHBOARD__URL: error: status_dashboard.url: must be an http or https URL. Write it as http://host:port or https://host
env MP_TELEMETRY__PORT: error: telemetry.port: must be a whole number from 0 to 65535`,
  ));

test('names of prototypes do no harm', async () => {
  await check(
    {
      MP___PROTO____X: '1',
      MP_CONSTRUCTOR__PROTOTYPE__X: '1',
      MP_CONVERTOR____PROTO__: '1',
      MP_: '1',
      MP___: '1',
    },
    `env MP_: warning: no such key. Unset it, unless it is for another program
env MP_CONSTRUCTOR__PROTOTYPE__X: warning: no such key. Unset it, unless it is for another program
env MP_CONVERTOR____PROTO__: warning: no such key. Did you mean MP_CONVERTOR__PROXY?
env MP___: warning: no such key. Unset it, unless it is for another program
env MP___PROTO____X: warning: no such key. Unset it, unless it is for another program`,
  );
  expect(({} as Record<string, unknown>)['x']).toBeUndefined();
});

test('LOG_LEVEL and RUST_LOG say the level where MP_LOG__LEVEL does not', async () => {
  const level = (expected: string) => (config: Config) => expect(config.log.level).toBe(expected);
  const text = `${minimal}log: {level: error}\n`;
  await check({}, level('error'), text);
  await check({ RUST_LOG: 'debug' }, level('debug'), text);
  await check({ RUST_LOG: 'hyper=info,cloudmon=trace,warn' }, level('warn'), text);
  await check({ RUST_LOG: 'cloudmon_metrics=debug' }, level('debug'), text);
  await check({ RUST_LOG: 'debug', LOG_LEVEL: 'WARNING' }, level('warn'), text);
  await check({ RUST_LOG: 'debug', LOG_LEVEL: 'off', MP_LOG__LEVEL: 'fatal' }, level('fatal'), text);
  await check(
    { LOG_LEVEL: 'loud', RUST_LOG: '' },
    'env LOG_LEVEL: warning: log.level: holds no level that is known, so it is ignored. Use one of trace, debug, info, warn, error, fatal, silent',
    text,
  );
});

test('of thousands of foreign variables a hundred are told, and for a few of them which one was meant', async () => {
  const env = Object.fromEntries(
    Array.from({ length: 5_000 }, (_, n) => [`MP_CONVERTOR__URL_${1_000 + n}`, '10.0.0.1']),
  );
  const { problems } = await load({ 'config.yaml': minimal }, env);
  expect(problems).toHaveLength(101);
  const meant = problems.filter(({ remedy }) => remedy?.startsWith('Did you mean '));
  expect(meant).toHaveLength(20);
});
