/** Prometheus's query API as Prometheus, Thanos, Mimir and VictoriaMetrics speak it. */
import { expect, test } from 'vitest';
import { json } from '../../../src/demo/reply.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';
import {
  answerOf,
  good,
  goodTracks,
  open,
  question,
  type Request,
  seriesOf,
  startMs,
  startPeer,
  told,
} from './peer.ts';

async function check(answer: unknown, expected: readonly string[] | string, status = 200) {
  const peer = await startPeer(() => json(status, answer));
  expect(await told(open('prometheus', peer.url))).toEqual(expected);
}

const second = startMs / 1_000;
const matrix = (...result: readonly unknown[]) => answerOf('prometheus', result);
const values = (...points: readonly unknown[]) => matrix({ metric: {}, values: points });
const garbled = (why: string) => `datasource.garbled: ${why}`;
const offset = ({ fields }: Request) =>
  ['start', 'end'].map((name) => Math.round((Number(fields.get(name)) - second) * 1_000));

test('a query is asked at whole multiples of the step, and half of the truth is not wanted', async () => {
  const { url, requests } = await startPeer(() => good('prometheus'));
  expect(await told(open('prometheus', url))).toEqual(goodTracks);
  const [{ method, path, fields } = { method: '', path: '', fields: new URLSearchParams() }] = requests;
  expect([method, path]).toEqual(['GET', '/api/v1/query_range']);
  expect([...fields]).toEqual([
    ['query', 'up'],
    ['start', String(second)],
    ['end', String(second + 60)],
    ['step', '10'],
    ['partial_response', 'false'],
    ['deny_partial_response', '1'],
  ]);
});

test.each(['/prometheus', '/prometheus/', '/select/0/prometheus'])(
  'it may be below a path: %s',
  async (path) => {
    const { requests, url } = await startPeer(() => good('prometheus'));
    await told(open('prometheus', url + path));
    expect(requests[0]?.path).toBe(`${path.replace(/\/$/, '')}/api/v1/query_range`);
  },
);

test.each([
  [0, 60_000, 0, 60_000],
  [1, 69_999, 10_000, 60_000],
  [-9_999, 0, 0, 0],
  [0, 900_000, 0, 120_000],
])('a window from %d ms to %d ms, 2 min after the start', async (fromMs, toMs, first, last) => {
  const { requests, url } = await startPeer(() => good('prometheus'));
  const clock = new FakeClock(startMs + 125_000);
  const window = { query: 'up', fromMs: startMs + fromMs, toMs: startMs + toMs };
  await told(open('prometheus', url, {}, clock), window);
  expect(requests.map(offset)).toEqual([[first, last]]);
});

test.each([
  [1, 9_999],
  [60_000, 0],
  [130_000, 140_000],
])('from %d ms to %d ms nothing has been evaluated: nothing is asked', async (fromMs, toMs) => {
  const { requests, url } = await startPeer(() => json(500, {}));
  const clock = new FakeClock(startMs + 125_000);
  const window = { query: 'up', fromMs: startMs + fromMs, toMs: startMs + toMs };
  expect(await told(open('prometheus', url, {}, clock), window)).toEqual([]);
  expect(requests).toEqual([]);
});

test('a window of more than 11,000 steps is refused, and one of 11,000 is not', async () => {
  const { requests, url } = await startPeer(() => good('prometheus'));
  const datasource = open('prometheus', url);
  const toMs = startMs + 10_000 * (limits.queryStepsMax + 1);
  expect(await told(datasource, { query: 'up', fromMs: startMs, toMs })).toBe(
    'datasource.rejected: the window has more than 11000 steps of 10 s',
  );
  expect(requests).toEqual([]);
  expect(await told(datasource, { query: 'up', fromMs: startMs, toMs: toMs - 10_000 })).toEqual(goodTracks);
});

test('as many points are read as a window has at its longest', async () => {
  const points = Array.from({ length: limits.queryStepsMax + 1 }, (_, at) => [second + at * 10, '1']);
  const { url } = await startPeer(() => json(200, values(...points)));
  const toMs = startMs + 10_000 * limits.queryStepsMax;
  const tracks = await open('prometheus', url).ask({ query: 'up', fromMs: startMs, toMs });
  expect(tracks[0]?.values).toHaveLength(11_001);
});

test('values are texts, NaN is none of them, infinities are', () =>
  check(
    values(
      [second, '1'],
      [second + 10, 'NaN'],
      [second + 20, '+Inf'],
      [second + 30, '-Inf'],
      [second + 40, '-1.5e-3'],
      [second + 50, '0'],
    ),
    ['0=1 20=Infinity 30=-Infinity 40=-0.0015 50=0'],
  ));
test('nothing known is no series', () => check(matrix(), []));
test('a series of nothing but NaN is none', () => check(values([second, 'NaN']), []));
test('several series are several', () =>
  check(matrix(seriesOf('prometheus', { 0: 1 }), seriesOf('prometheus', { 10: 2 })), ['0=1', '10=2']));
test('remarks about the query, statistics and other words are let be', () =>
  check(
    {
      ...(values([second, '1']) as object),
      infos: ['PromQL info: x'],
      warnings: ['PromQL info: metric might not be a counter'],
      isPartial: false,
      stats: {},
    },
    ['0=1'],
  ));

const success = { status: 'success' };
const notWhole = 'datasource.failed: the answer is not the whole truth';
const wrong: Readonly<Record<string, readonly [unknown, string]>> = {
  'a list': [[], garbled('the answer is a list, not an object')],
  'an empty object': [{}, garbled('the answer has no status "success"')],
  'no data': [success, garbled('the data of the answer is nothing, not an object')],
  'empty data': [{ ...success, data: {} }, garbled('the result is no matrix')],
  'a vector': [
    { ...success, data: { resultType: 'vector', result: [] } },
    garbled('the result is no matrix'),
  ],
  'no result': [
    { ...success, data: { resultType: 'matrix', result: null } },
    garbled('the result is null, not a list of series'),
  ],
  'a series that is none': [matrix(1), garbled('a series is a number, not an object')],
  'a series without values': [
    matrix({ metric: {} }),
    garbled('the values of a series are nothing, not a list'),
  ],
  histograms: [
    matrix({ metric: {}, histograms: [[second, {}]] }),
    garbled('the values of a series are nothing, not a list'),
  ],
  'a point that is a text': [values('1'), garbled('a point is a text, not a time with its value')],
  'a time as text': [values(['1', '1']), garbled('the time of a point is a text, not a number')],
  'a value as a number': [values([second, 1]), garbled('the value of a point is a number, not a text')],
  'no value': [values([second]), garbled('the value of a point is nothing, not a text')],
  'an empty value': [values([second, '']), garbled('the value of a point is no number')],
  'a hexadecimal value': [values([second, '0x10']), garbled('the value of a point is no number')],
  'a word': [values([second, 'down']), garbled('the value of a point is no number')],
  'a time between the steps': [
    values([second + 1, '1']),
    garbled('a point has a time that was not asked for'),
  ],
  'a time before the window': [
    values([second - 10, '1']),
    garbled('a point has a time that was not asked for'),
  ],
  'a time after it': [values([second + 70, '1']), garbled('a point has a time that was not asked for')],
  'times that go back': [
    values([second + 10, '1'], [second, '1']),
    garbled('the times of a series do not rise'),
  ],
  'too many series': [
    matrix(...Array.from({ length: 1_001 }, () => seriesOf('prometheus', { 0: 1 }))),
    'datasource.rejected: the query has more than 1000 series',
  ],
  'a warning that a store is away': [
    { ...(values([second, '1']) as object), warnings: ['no StoreAPIs\nmatched'] },
    `${notWhole}: no StoreAPIs matched`,
  ],
  'a warning about what the query makes of the samples': [
    {
      ...(values([second, '1']) as object),
      warnings: ['PromQL warning: quantile value should be between 0 and 1'],
    },
    `${notWhole}: PromQL warning: quantile value should be between 0 and 1`,
  ],
  'a partial answer': [{ ...(values([second, '1']) as object), isPartial: true }, notWhole],
  'an empty partial answer': [{ ...(matrix() as object), isPartial: true }, notWhole],
  'an error in an answer that claims to be good': [
    { status: 'error', errorType: 'execution', error: 'no', data: { resultType: 'matrix', result: [] } },
    'datasource.rejected: answered 200 with an error: no',
  ],
  'an error of an unknown kind': [
    { status: 'error' },
    'datasource.failed: answered 200 with an error: an error',
  ],
};
test.each(Object.entries(wrong))('%s', (_, [answer, why]) => check(answer, why));

const error = (errorType: string, text = 'parse error') => ({ status: 'error', errorType, error: text });
test.each([
  [400, 'bad_data', 'rejected'],
  [422, 'execution', 'rejected'],
  [422, '422', 'rejected'],
  [503, 'timeout', 'timeout'],
  [503, 'unavailable', 'failed'],
  [500, 'internal', 'failed'],
  [500, 'execution', 'rejected'],
  [401, 'bad_data', 'unauthorized'],
  [429, 'too_many_requests', 'rate_limited'],
  [404, 'not_found', 'rejected'],
])('%d with the error %s', (status, kind, reason) =>
  check(error(kind), `datasource.${reason}: answered ${status}: parse error`, status),
);
test('what is said is one line, and short', () =>
  check(
    error('bad_data', `1:3: parse\nerror ${'x'.repeat(5_000)}`),
    `datasource.rejected: answered 400: ${`1:3: parse error ${'x'.repeat(200)}`.slice(0, 200)}`,
    400,
  ));

test('a query that is too long for a URL is posted', async () => {
  const { requests, url } = await startPeer(() => good('prometheus'));
  const query = `up{job=~"${'a|'.repeat(3_000)}"}`;
  expect(await told(open('prometheus', url), { ...question, query })).toEqual(goodTracks);
  expect(requests.map(({ method, rawUrl }) => [method, rawUrl])).toEqual([['POST', '/api/v1/query_range']]);
  expect(requests[0]?.fields.get('query')).toBe(query);
});

test('1,200 queries at once: eight at a time, each once, each with its own answer', async () => {
  const answer = ({ fields }: Request) => ({
    ...json(200, answerOf('prometheus', [seriesOf('prometheus', { 0: fields.get('query')?.slice(1) })])),
    delayMs: 2,
  });
  const { requests, url } = await startPeer(answer);
  const datasource = open('prometheus', url, { timeoutMs: 30_000 });
  const queries = Array.from({ length: 1_200 }, (_, at) => `q${at}`);
  const said = await Promise.all(
    [...queries, ...queries].map((query) => told(datasource, { ...question, query })),
  );
  expect(said).toEqual([...queries, ...queries].map((query) => [`0=${query.slice(1)}`]));
  expect(requests).toHaveLength(1_200);
  expect(Math.max(...requests.map(({ inFlight }) => inFlight))).toBe(limits.datasourceRequestsMax);
});
