/**
 * What is asked of a Prometheus is answered by the collector as a real Prometheus answers it: the same
 * samples in both, the same requests to both.
 */
import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { type Stage, stage } from '../collector/stage.ts';
import { startPrometheusWith } from './prometheus-blocks.ts';

type Parameters = Readonly<Record<string, string>> | readonly (readonly [string, string])[];
type Answer = { readonly status: number; readonly type: string | null; readonly body: unknown };
type Both = {
  readonly ask: (method: string, path: string, parameters?: Parameters) => Promise<readonly Answer[]>;
  /** Of the newest samples. */
  readonly nowSeconds: number;
};

/** Series with odd values, odd labels and gaps, a point every 15 s for half an hour. */
const series: readonly (readonly [
  name: string,
  labels: Readonly<Record<string, string>>,
  at: (index: number) => number,
])[] = [
  ['up', { job: 'shop', instance: 'a:80' }, () => 1],
  ['up', { job: 'shop', instance: 'b:80' }, (index) => index % 2],
  ['up', { job: 'mail' }, () => 0],
  ['requests_total', { job: 'shop', code: '200' }, (index) => 3 * (index % 50)],
  ['requests_total', { job: 'shop', code: '500' }, (index) => index],
  ['small', {}, (index) => (index + 1) * 1e-7],
  ['large', {}, (index) => 10 ** (15 + (index % 10))],
  [
    'odd',
    { kind: '😀 "x"\\ <b>&' },
    (index) => [Number.NaN, Infinity, -Infinity, 0, 0.1, 1 / 3][index % 6] ?? 0,
  ],
  ['gap', { kind: 'é' }, (index) => (index > 20 && index < 60 ? Number.NEGATIVE_INFINITY : index)],
];
const stepSeconds = 15;
const count = 120;

async function both(): Promise<Both> {
  const nowSeconds = Math.floor(Date.now() / 1_000) - 60;
  const points = series.flatMap(([name, labels, at]) =>
    Array.from({ length: count }, (_, index) => ({
      name,
      labels,
      value: at(index),
      // Not on whole seconds: times are printed with their milliseconds.
      timeMs: (nowSeconds - (count - 1 - index) * stepSeconds) * 1_000 - 877 * (index % 2),
    })).filter(({ value }, index) => name !== 'gap' || Number.isFinite(value) || index % 30 === 0),
  );
  const lines = points.map(
    ({ name, labels, value, timeMs }) => `${name}${printed(labels)} ${number(value)} ${timeMs / 1_000}`,
  );
  const { url } = await startPrometheusWith(`${lines.join('\n')}\n`);
  const collector = await stage({}, nowSeconds * 1_000);
  await push(collector, points);
  const urls = [url, collector.url];
  return {
    nowSeconds,
    ask: (method, path, parameters = {}) =>
      Promise.all(urls.map((base) => exchange(method, `${base}/api/v1/${path}`, parameters))),
  };
}

/** Where a row has no method: both of those that Prometheus takes. */
type Row = readonly [path: string, parameters: Parameters, methods?: readonly string[]];

async function checkAll(rows: (nowSeconds: number) => readonly Row[], status?: number): Promise<void> {
  const { ask, nowSeconds } = await both();
  const wanted: unknown[] = [];
  const found: unknown[] = [];
  for (const [path, parameters, methods = ['GET', 'POST']] of rows(nowSeconds)) {
    for (const method of methods) {
      const [theirs, ours] = await ask(method, path, parameters);
      const asked = `${method} ${path} ${JSON.stringify(parameters)}`;
      if (status !== undefined) expect({ asked, status: theirs?.status }).toEqual({ asked, status });
      if (isDeepStrictEqual(theirs, ours)) continue;
      wanted.push({ asked, ...theirs });
      found.push({ asked, ...ours });
    }
  }
  expect(found).toEqual(wanted);
}

const get = ['GET'];

test('results of queries', { timeout: 60_000 }, () =>
  checkAll((nowSeconds) => {
    const time = String(nowSeconds);
    const over = (query: string, step = '15', from = 600.25): Row => [
      'query_range',
      { query, start: String(nowSeconds - from), end: time, step },
    ];
    const queries = [
      'up',
      'requests_total',
      'small',
      'large',
      'odd',
      'gap',
      'nothing',
      'vector(1)',
      'large*1e9',
    ];
    const scalars = ['1', '1+1', '-1*0', '1e21', '1e-7', '0/0', '-1/0', '123456789*1e15', '1/3'];
    const more = [
      'rate(requests_total[5m])',
      'sum by (job) (up)',
      'up == 0',
      'max_over_time(small[1m])',
      'up{job=~"s.*"}',
    ];
    return [
      ...[...queries, ...scalars, ...more].map((query): Row => ['query', { query, time }]),
      ...[...queries, ...scalars, ...more].map((query): Row => over(query)),
      ...['odd[1m]', 'requests_total[2m] offset 1m', 'gap[30m]', 'nothing[5m]'].map(
        (query): Row => ['query', { query, time }],
      ),
      ['query', { query: 'up', time: `${nowSeconds - 0.1}` }],
      ['query', { query: 'vector(1)', time: '1.5e9' }],
      ['query', { query: '1', time: '1000.125' }],
      ['query', { query: 'vector(1)', time: '-1.5' }],
      ['query', { query: 'up', time: new Date(nowSeconds * 1_000).toISOString() }],
      ['query', { query: 'up', time: '2015-07-01T20:10:51.781Z' }],
      ['query', { query: '1', time: '2026-07-01T20:10:51.781+05:30', timeout: '5s' }],
      ['query', { query: 'up', time, timeout: '1m30s' }],
      [
        'query',
        [
          ['query', 'up'],
          ['query', 'nothing'],
          ['time', time],
          ['time', '0'],
        ],
      ],
      over('up', '1m'),
      over('up', '30.5'),
      over('up', '1h'),
      over('up', '100ms', 5),
      over('1', '1', 11_000),
      ['query_range', { query: 'up', start: time, end: time, step: '1d2h' }],
    ];
  }, 200),
);

test('errors', { timeout: 60_000 }, () =>
  checkAll((nowSeconds) => {
    const range = { query: 'up', start: String(nowSeconds - 60), end: String(nowSeconds), step: '15' };
    const texts = ['x', '-5min', 'now', '2026-02-30T00:00:00Z', '"', 'é', '2026-01-01', 'a\nb', ' 1'];
    const steps = ['', 'x', '0', '-1', '-5m', '1.5h', '5min', '1e30', '1m1m', '0s'];
    return [
      ['query', {}],
      ['query', { query: '' }],
      ...[
        'up{',
        'up)',
        '1 +',
        'rate(up)',
        'up[5m',
        'nofunction(up)',
        'sum(',
        '{}',
        '{job=~".*"}',
        'up[0s]',
      ].map((query): Row => ['query', { query }]),
      ...texts.map((time): Row => ['query', { query: 'up', time }]),
      ...['x', '5min', '1e30'].map((timeout): Row => ['query', { query: 'up', timeout }]),
      ['query_range', { query: 'up' }],
      ...texts.map((start): Row => ['query_range', { ...range, start }]),
      ...texts.map((end): Row => ['query_range', { ...range, end }]),
      ...steps.map((step): Row => ['query_range', { ...range, step }]),
      ['query_range', { ...range, start: String(nowSeconds + 1) }],
      ['query_range', { ...range, step: '5ms' }],
      ['query_range', { ...range, timeout: '5min' }],
      ['query_range', { ...range, query: '' }],
      ['query_range', { ...range, query: 'up[5m]' }],
      ['query_range', { ...range, query: 'up{' }],
      ['series', {}],
      ...['{}', '{job=~".*"}', 'up{', '1'].flatMap((match): Row[] => [
        ['series', { 'match[]': match }],
        ['labels', { 'match[]': match }],
        ['label/job/values', { 'match[]': match }, get],
      ]),
      ...texts.flatMap((text): Row[] => [
        ['series', { 'match[]': 'up', start: text }],
        ['labels', { end: text }],
        ['label/job/values', { start: text }, get],
      ]),
      ['label/a-b/values', {}, get],
      ['label/1a/values', {}, get],
      ['label/%C3%A9/values', {}, get],
      ['label/a%22b/values', {}, get],
      ['metadata', { limit: 'x' }, get],
      ['metadata', { limit: '1.5' }, get],
    ];
  }, 400),
);

test('what is no selector is refused alike, with its place in other words', async () => {
  const { ask } = await both();
  for (const match of ['', 'rate(up[5m])', 'up[5m]', 'up offset 5m', 'up + up', '"up"']) {
    for (const path of ['series', 'labels']) {
      const [theirs, ours] = (await ask('GET', path, { 'match[]': match })).map((answer) => ({
        ...answer,
        body: JSON.stringify(answer.body).replace(/1:\d+: parse error: [^}]*"/, 'parse error"'),
      }));
      expect({ match, path, ...ours }).toEqual({ match, path, ...theirs });
      expect(ours?.body).toContain('parse error');
    }
  }
});

test('paths that are not there, and methods that are not taken', async () => {
  const { ask } = await both();
  for (const path of ['label/', 'label/job', 'label/a/b/values', 'nothing', 'query/']) {
    const answers = await ask('GET', path);
    expect([path, answers.map(({ status }) => status)]).toEqual([path, [404, 404]]);
  }
  for (const path of ['label/job/values', 'metadata', 'status/buildinfo', 'rules', 'alerts']) {
    const answers = await ask('POST', path);
    expect([path, answers.map(({ status }) => status)]).toEqual([path, [405, 405]]);
  }
  for (const path of ['query', 'labels']) {
    const answers = await ask('PUT', path);
    expect([path, answers.map(({ status }) => status)]).toEqual([path, [405, 405]]);
  }
});

test('series, labels and their values', { timeout: 60_000 }, () =>
  checkAll((nowSeconds) => {
    const time = { start: String(nowSeconds - 3_600), end: String(nowSeconds + 60) };
    const past = { start: '2015-07-01T20:10:51.781Z', end: '2015-07-01T21:10:51.781Z' };
    const matches = ['up', '{__name__=~"up|odd"}', '{job="shop"}', '{job!=""}', 'nothing', 'up{instance=""}'];
    return [
      ...matches.flatMap((match): Row[] => [
        ['series', { ...time, 'match[]': match }],
        ['labels', { ...time, 'match[]': match }],
        ['label/job/values', { ...time, 'match[]': match }, get],
        ['label/__name__/values', { ...time, 'match[]': match }, get],
      ]),
      [
        'series',
        [
          ['match[]', 'up'],
          ['match[]', '{job="shop"}'],
        ],
      ],
      ['series', { ...past, 'match[]': 'up' }],
      ['labels', past],
      ['label/job/values', past, get],
      ['labels', {}],
      ['labels', { __proto__: 'x', limit: '40000' } as unknown as Parameters],
      ...['__name__', 'job', 'instance', 'kind', 'nothing', '__proto__', 'constructor'].flatMap(
        (name): Row[] => [
          [`label/${name}/values`, {}, get],
          [`label/${name}/values`, time, get],
        ],
      ),
      ['metadata', { metric: 'nothing' }, get],
      ['metadata', { limit: '0' }, get],
    ];
  }, 200),
);

/**
 * What Grafana sends when a data source is saved and tested, when Explore is opened, and while a query is
 * written; newer versions add `limit`.
 */
test('what Grafana asks, in its order', { timeout: 60_000 }, () =>
  checkAll((nowSeconds) => {
    const post = ['POST'];
    const time = { start: String(nowSeconds - 3_600), end: String(nowSeconds + 59) };
    const limit = { limit: '40000' };
    const range = { start: `${nowSeconds - 900}`, end: `${nowSeconds}`, step: '15' };
    return [
      ['query', { query: '1+1', time: '4' }, post],
      ['label/__name__/values', { ...time, ...limit }, get],
      ['labels', { ...time, ...limit }, post],
      ['label/__name__/values', time, get],
      ['labels', time],
      ['rules', {}, get],
      ['series', { ...time, ...limit, 'match[]': '{__name__!=""}' }, post],
      ['labels', { ...time, ...limit, 'match[]': '{__name__="up"}' }, post],
      ['label/job/values', { ...time, ...limit, 'match[]': '{__name__="up",instance!=""}' }, get],
      ['series', { ...time, 'match[]': 'up{job="shop"}' }],
      ['query_range', { ...range, query: 'rate(requests_total{job="shop"}[1m0s])' }, post],
      ['query', { time: String(nowSeconds), query: 'sum by(code) (rate(requests_total[1m0s]))' }, post],
      ['query_exemplars', { start: range.start, end: range.end, query: 'up' }, post],
      ['alerts', {}, get],
    ];
  }, 200),
);

test('Grafana takes it for a Prometheus that knows match[]', async () => {
  const { ask } = await both();
  const [theirs, ours] = await ask('GET', 'status/buildinfo');
  const shape = ({ status, type, body }: Answer) => {
    const { data, ...rest } = body as { readonly data: Readonly<Record<string, string>> };
    const isText = Object.values(data).every((value) => typeof value === 'string');
    return {
      status,
      type,
      rest,
      keys: Object.keys(data),
      isText,
      minor: /^2\.42\./.test(`${data['version']}`),
    };
  };
  expect(shape(ours as Answer)).toEqual(shape(theirs as Answer));
});

function printed(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value.replace(/[\\"]/g, '\\$&')}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function number(value: number): string {
  return word(value) ?? String(value);
}

function word(value: number): string | undefined {
  return new Map([
    [Number.NaN, 'NaN'],
    [Infinity, '+Inf'],
    [-Infinity, '-Inf'],
  ]).get(value);
}

type Point = { readonly value: number; readonly timeMs: number };

async function push(collector: Stage, points: readonly Point[]): Promise<void> {
  const samples = points.map(({ value, timeMs, ...metric }) => ({
    ...metric,
    value: word(value) ?? value,
    timestamp: new Date(timeMs).toISOString(),
  }));
  const { status, text } = await collector.post('/api/samples', samples);
  expect([status, text]).toEqual([200, expect.any(String)]);
}

async function exchange(method: string, url: string, parameters: Parameters): Promise<Answer> {
  const form = new URLSearchParams(parameters as Record<string, string>);
  const answer = await (method === 'POST'
    ? fetch(url, { method, body: form })
    : fetch(`${url}?${form}`, { method }));
  const type = answer.headers.get('content-type');
  const text = await answer.text();
  return {
    status: answer.status,
    type,
    body: type === 'application/json' ? ordered(JSON.parse(text)) : text,
  };
}

/** Lists whose order Prometheus leaves open are sorted; points of a series are not. */
function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(ordered);
    const isPoints = value.every((item) => Array.isArray(item)) || typeof value[0] === 'number';
    return isPoints
      ? items
      : items.sort((one, other) => (JSON.stringify(one) < JSON.stringify(other) ? -1 : 1));
  }
  if (typeof value !== 'object' || value === null) return value;
  const sorted = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([key, part]) => [key, ordered(part)]));
}
