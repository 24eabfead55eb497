/** What is asked is answered as Prometheus answers it, by GET and in a form. */
import { request } from 'node:http';
import { expect, test } from 'vitest';
import { type Stage, stage } from '../stage.ts';
import { asked, nowSeconds, posted, stageWith } from './opened.ts';

const samples = [
  {
    name: 'up',
    labels: { job: 'shop', instance: 'a' },
    value: 1,
    type: 'gauge',
    help: 'Whether it is there.',
  },
  { name: 'up', labels: { job: 'shop', instance: 'b' }, value: 0, type: 'gauge' },
  { name: 'jobs_total', labels: { job: 'mail' }, value: 3, type: 'counter', unit: 'jobs', help: 'Done.' },
  { name: 'odd', labels: { kind: 'nan' }, value: 'NaN' },
  { name: 'odd', labels: { kind: 'inf' }, value: '-Inf' },
  { name: 'odd', labels: { kind: '😀 "x"\n<b>' }, value: 1e-7 },
  { name: 'old', value: 1, timestamp: '2026-01-20T11:00:00Z' },
  { name: 'old', value: 2, timestamp: '2026-01-20T11:00:30.5Z' },
] as const;

const shopA = { __name__: 'up', instance: 'a', job: 'shop' };
const shopB = { __name__: 'up', instance: 'b', job: 'shop' };
const mail = { __name__: 'jobs_total', job: 'mail' };

/** The same by GET and, where Prometheus takes it, by POST. */
async function check(
  path: string,
  parameters: Readonly<Record<string, string>> | string,
  data: unknown,
  more: object = {},
): Promise<Stage> {
  const opened = await stageWith(samples);
  const query = String(new URLSearchParams(parameters));
  const answer = await opened.get(`/api/v1/${path}?${query}`);
  expect([answer.status, answer.headers['content-type']]).toEqual([200, 'application/json']);
  expect(answer.json()).toEqual({ status: 'success', data, ...more });
  if (!/^(label\/|metadata|status|rules|alerts)/.test(path)) {
    expect((await posted(opened, path, parameters)).text).toBe(answer.text);
  }
  return opened;
}

const vector = (result: unknown) => ({ resultType: 'vector', result });
const matrix = (result: unknown) => ({ resultType: 'matrix', result });

test('a vector, at the time of the collector', () =>
  check(
    'query',
    { query: 'up' },
    vector([
      { metric: shopA, value: [nowSeconds, '1'] },
      { metric: shopB, value: [nowSeconds, '0'] },
    ]),
  ));

test('a scalar, which Grafana asks for to see whether anybody is there', () =>
  check('query', { query: '1+1', time: '4' }, { resultType: 'scalar', result: [4, '2'] }));

test('points of a range', () =>
  check(
    'query',
    { query: 'old[1m]', time: '2026-01-20T11:00:31Z' },
    matrix([
      {
        metric: { __name__: 'old' },
        values: [
          [nowSeconds - 3_600, '1'],
          [nowSeconds - 3_569.5, '2'],
        ],
      },
    ]),
  ));

test('what JSON has no number for, and texts as they are', () =>
  check(
    'query',
    { query: 'odd' },
    vector([
      { metric: { __name__: 'odd', kind: 'inf' }, value: [nowSeconds, '-Inf'] },
      { metric: { __name__: 'odd', kind: 'nan' }, value: [nowSeconds, 'NaN'] },
      { metric: { __name__: 'odd', kind: '😀 "x"\n<b>' }, value: [nowSeconds, '1e-07'] },
    ]),
  ));

test('a time in milliseconds is printed with three decimals', async () => {
  const opened = await check('query', { query: 'nothing' }, vector([]));
  const { text } = await opened.get(asked('query', { query: 'vector(1)', time: '1795224749.1' }));
  expect(text).toBe(
    '{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795224749.100,"1"]}]}}',
  );
});

test('a series over time', () =>
  check(
    'query_range',
    { query: 'old', start: '2026-01-20T10:59:45Z', end: '2026-01-20T11:00:45Z', step: '15' },
    matrix([
      {
        metric: { __name__: 'old' },
        values: [
          [nowSeconds - 3_600, '1'],
          [nowSeconds - 3_585, '1'],
          [nowSeconds - 3_570, '1'],
          [nowSeconds - 3_555, '2'],
        ],
      },
    ]),
  ));

test('a number over time is a series without labels', () =>
  check(
    'query_range',
    { query: '1', start: '0', end: '1', step: '500ms' },
    matrix([
      {
        metric: {},
        values: [
          [0, '1'],
          [0.5, '1'],
          [1, '1'],
        ],
      },
    ]),
  ));

test('as many points as Prometheus gives, and not one more', async () => {
  const opened = await check(
    'query_range',
    { query: 'nothing', start: '0', end: '1', step: '1' },
    matrix([]),
  );
  const parameters = { query: '1', start: '0', end: '11000', step: '1' };
  const { text } = await opened.get(asked('query_range', parameters));
  expect(JSON.parse(text).data.result[0].values.length).toBe(11_001);
});

test('fewer series where that is wanted, which is said', () =>
  check('query', { query: 'up', limit: '1' }, vector([{ metric: shopA, value: [nowSeconds, '1'] }]), {
    warnings: ['results truncated due to limit'],
  }));

test('series by selectors, each once', async () => {
  await check('series', 'match[]=up&match[]={job=~".%2B"}&match[]=nothing', [shopA, shopB, mail]);
  await check('series', { 'match[]': '{__name__!=""}', limit: '2' }, [shopA, shopB], {
    warnings: ['results truncated due to limit'],
  });
});

test('series that have points in a time', async () => {
  const at = (start: string, end: string) => ({ 'match[]': '{__name__=~"old|jobs_total"}', start, end });
  await check('series', at('2026-01-20T10:00:00Z', '2026-01-20T11:00:00Z'), [{ __name__: 'old' }]);
  await check('series', at('2026-01-20T11:00:31Z', String(nowSeconds)), [mail]);
  await check('series', at('2026-01-20T11:00:31Z', '2026-01-20T11:59:59Z'), []);
});

test('names of labels', async () => {
  await check('labels', {}, ['__name__', 'instance', 'job', 'kind']);
  await check('labels', { 'match[]': 'jobs_total' }, ['__name__', 'job']);
  await check('labels', { 'match[]': 'nothing' }, []);
  await check('labels', { limit: '1' }, ['__name__'], { warnings: ['results truncated due to limit'] });
});

test('values of a label', async () => {
  await check('label/__name__/values', {}, ['jobs_total', 'odd', 'old', 'up']);
  await check('label/job/values', {}, ['mail', 'shop']);
  await check('label/job/values', { 'match[]': 'up' }, ['shop']);
  await check('label/job/values', { start: '2026-01-20T10:00:00Z', end: '2026-01-20T11:30:00Z' }, []);
  await check('label/j%6Fb/values', { limit: '1' }, ['mail'], {
    warnings: ['results truncated due to limit'],
  });
  for (const name of ['nothing', '__proto__', 'constructor']) await check(`label/${name}/values`, {}, []);
});

test('what metrics mean', async () => {
  const up = [{ type: 'gauge', help: 'Whether it is there.', unit: '' }];
  const done = [{ type: 'counter', help: 'Done.', unit: 'jobs' }];
  const unknown = [{ type: 'unknown', help: '', unit: '' }];
  await check('metadata', {}, { up, jobs_total: done, odd: unknown, old: unknown });
  await check('metadata', { metric: 'jobs_total', limit: '-1' }, { jobs_total: done });
  await check('metadata', { metric: 'nothing' }, {});
  await check('metadata', { limit: '0' }, {});
  await check('metadata', { limit: '1' }, { up });
});

test('a histogram is one metric of three', async () => {
  const opened = await stageWith([
    { name: 'took_bucket', labels: { le: '+Inf' }, value: 2, type: 'histogram', help: 'Took.' },
    { name: 'took_count', value: 2, type: 'histogram' },
  ]);
  const { text } = await opened.get('/api/v1/metadata');
  expect(JSON.parse(text).data).toEqual({ took: [{ type: 'histogram', help: 'Took.', unit: '' }] });
});

test('who asks what this is hears which Prometheus it speaks like', () =>
  check(
    'status/buildinfo',
    {},
    {
      version: '2.42.0',
      revision: '',
      branch: '',
      buildUser: 'cloudmon-reporter',
      buildDate: '',
      goVersion: '',
    },
  ));

test('there are no rules, no alerts and no exemplars', async () => {
  await check('rules', {}, { groups: [] });
  await check('alerts', {}, { alerts: [] });
  await check('query_exemplars', { query: 'histogram_quantile(0.9, x_bucket)', start: '0', end: '1' }, []);
});

test('HEAD is answered without a body', async () => {
  const opened = await stageWith(samples);
  for (const path of ['query?query=up', 'labels', 'label/job/values', 'query']) {
    const { status, text } = await opened.get(`/api/v1/${path}`);
    expect(await head(`${opened.url}/api/v1/${path}`)).toEqual([status, String(Buffer.byteLength(text)), '']);
  }
});

function head(url: string): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'HEAD', agent: false }, (answer) => {
      let body = '';
      answer.on('data', (chunk) => {
        body += chunk;
      });
      answer.once('end', () => resolve([answer.statusCode, answer.headers['content-length'], body]));
    });
    sent.once('error', reject);
    sent.end();
  });
}

test('the token is asked for, by GET and by POST', async () => {
  const opened = await stage({ bearer_token: 'secret-secret-secret' });
  const authorization = 'Bearer secret-secret-secret';
  for (const path of ['query?query=1', 'labels', 'status/buildinfo']) {
    expect((await opened.get(`/api/v1/${path}`)).status).toBe(401);
    expect((await opened.get(`/api/v1/${path}`, { authorization })).status).toBe(200);
  }
  expect((await posted(opened, 'query', { query: '1' })).status).toBe(401);
});
