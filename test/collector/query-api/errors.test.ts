/** What is wrong with a question is said in Prometheus's words, whatever is sent. */
import { expect, test } from 'vitest';
import { limits } from '../../../src/model/limits.ts';
import { drawing } from '../../chance.ts';
import type { Stage } from '../stage.ts';
import { asked, errorOf, posted, stageWith } from './opened.ts';

const up = [{ name: 'up', labels: { job: 'shop' }, value: 1 }];
const range = { query: 'up', start: '0', end: '60', step: '15' };

async function check(
  path: string,
  parameters: Readonly<Record<string, string>>,
  status: number,
  kind: string,
  error: string,
): Promise<void> {
  const opened = await stageWith(up);
  const answer = await opened.get(asked(path, parameters));
  expect(answer.json()).toEqual(errorOf(kind, error));
  expect([answer.status, answer.headers['content-type']]).toEqual([status, 'application/json']);
  if (path.startsWith('query') || path === 'series' || path === 'labels') {
    expect((await posted(opened, path, parameters)).json()).toEqual(answer.json());
  }
}

const noTime = (text: string) => `cannot parse "${text}" to a valid timestamp`;
const noDuration = (text: string) => `cannot parse "${text}" to a valid duration`;

test.each([
  ['query', {}, 'invalid parameter "query": 1:1: parse error: no expression found in input'],
  ['query', { query: '__proto__{' }, /^invalid parameter "query": 1:\d+: parse error: /],
  [
    'query',
    { query: '1', time: 'x' },
    `invalid parameter "time": Invalid time value for 'time': ${noTime('x')}`,
  ],
  ['query', { query: '1', timeout: 'x' }, `invalid parameter "timeout": ${noDuration('x')}`],
  ['query_range', { ...range, start: '' }, `invalid parameter "start": ${noTime('')}`],
  ['query_range', { ...range, start: 'x' }, `invalid parameter "start": ${noTime('x')}`],
  ['query_range', { ...range, end: '-5min' }, `invalid parameter "end": ${noTime('-5min')}`],
  [
    'query_range',
    { ...range, end: '-1' },
    'invalid parameter "end": end timestamp must not be before start time',
  ],
  ['query_range', { ...range, step: '' }, `invalid parameter "step": ${noDuration('')}`],
  [
    'query_range',
    { ...range, step: '1e30' },
    `invalid parameter "step": ${noDuration('1e30')}. It overflows int64`,
  ],
  ['query_range', { ...range, step: '-1s' }, `invalid parameter "step": ${noDuration('-1s')}`],
  [
    'query_range',
    { ...range, step: '0' },
    'invalid parameter "step": zero or negative query resolution step widths are not accepted. Try a positive integer',
  ],
  [
    'query_range',
    { ...range, end: '11001', step: '1' },
    'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
  ],
  [
    'query_range',
    { ...range, query: 'up[5m]' },
    'invalid expression type "range vector" for range query, must be Scalar or instant Vector',
  ],
  ['series', {}, 'no match[] parameter provided'],
  [
    'series',
    { 'match[]': '{}' },
    'invalid parameter "match[]": match[] must contain at least one non-empty matcher',
  ],
  ['labels', { 'match[]': '{job=~".*"}' }, 'match[] must contain at least one non-empty matcher'],
  ['series', { 'match[]': 'up', limit: '-1' }, 'invalid parameter "limit": limit must be non-negative'],
  ['labels', { start: 'x' }, `invalid parameter "start": Invalid time value for 'start': ${noTime('x')}`],
  ['labels', { 'match[]': 'up{' }, /parse error/],
  ['label/a-b/values', {}, 'invalid label name: "a-b"'],
  ['label/%C3%A9%22/values', {}, 'invalid label name: "é\\""'],
  ['label/%zz/values', {}, 'invalid label name: "%zz"'],
  ['label/job/values', { end: 'x' }, `invalid parameter "end": Invalid time value for 'end': ${noTime('x')}`],
  ['metadata', { limit: 'x' }, 'limit must be a number'],
] as const)('%s with %j is refused', async (path, parameters, error) => {
  await check(path, parameters, 400, 'bad_data', expect.stringMatching(literal(error)));
});

function literal(error: string | RegExp): RegExp {
  return typeof error === 'string' ? new RegExp(`^${error.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`) : error;
}

test('what this subset of PromQL lacks is named', async () => {
  const query = 'histogram_quantile(0.9, up)';
  await check('query', { query }, 422, 'execution', expect.stringContaining('histogram_quantile'));
  await check(
    'query_range',
    { ...range, query },
    422,
    'execution',
    expect.stringContaining('histogram_quantile'),
  );
});

test('a query that has no time is not worked out', async () => {
  await check('query', { query: 'up', timeout: '0' }, 503, 'timeout', 'query timed out in query queue');
});

test.each([
  ['query=%zz', 'error parsing form values: invalid URL escape "%zz"'],
  ['query=%ff', 'error parsing form values: a parameter is not UTF-8'],
  ['query=up;time=1', 'error parsing form values: invalid semicolon separator in query'],
])('%s is refused, in the URL and in a form', async (form, error) => {
  const opened = await stageWith(up);
  const answers = [await opened.get(`/api/v1/query?${form}`), await posted(opened, 'query', '')];
  expect(answers[0]?.json()).toEqual(errorOf('bad_data', error));
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  const other = await opened.post('/api/v1/query', form, type);
  expect([other.status, other.json()]).toEqual([400, errorOf('bad_data', error)]);
});

test('a body that is no form is not guessed at', async () => {
  const opened = await stageWith(up);
  const error = errorOf('bad_data', 'send Content-Type: application/x-www-form-urlencoded');
  for (const type of ['application/json', 'multipart/form-data; boundary=x', '']) {
    const answer = await opened.post('/api/v1/query', 'query=up', { 'content-type': type });
    expect([answer.status, answer.json()]).toEqual([415, error]);
  }
});

test('a form may have 64 KiB', async () => {
  const opened = await stageWith(up);
  const form = `query=up&x=${'x'.repeat(limits.requestBytesMax - 11)}`;
  const answer = await opened.post('/api/v1/query', form, {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(answer.status).toBe(200);
  const larger = await posted(opened, 'query', `${form}x`);
  expect([larger.status, larger.json()]).toEqual([413, errorOf('bad_data', 'more than 65536 bytes')]);
});

test.each([
  '/api/v1/label/',
  '/api/v1/label/job',
  '/api/v1/label/job/x',
  '/api/v1/label//values',
  '/api/v1/label/a/b/values',
])('%s is not there, as Prometheus says it', async (path) => {
  const { status, text, headers } = await (await stageWith(up)).get(path);
  expect([status, text, headers['content-type']]).toEqual([
    404,
    '404 page not found\n',
    'text/plain; charset=utf-8',
  ]);
});

test.each(['targets', 'status/config', 'status/flags', 'status/tsdb', 'status/runtimeinfo', 'x'])(
  'there is no %s',
  async (path) => expect((await (await stageWith(up)).get(`/api/v1/${path}`)).status).toBe(404),
);

test.each(['label/job/values', 'metadata', 'status/buildinfo', 'rules', 'alerts'])(
  'who posts to %s is told to get it',
  async (path) => {
    const { status, headers } = await posted(await stageWith(up), path, '');
    expect([status, headers['allow']]).toEqual([405, 'GET, HEAD']);
  },
);

test('whatever is sent is answered, and nothing breaks', async () => {
  const opened = await stageWith(up);
  const draw = drawing(20_260_120);
  const paths = ['query', 'query_range', 'series', 'labels', 'label/job/values', 'metadata'];
  const names = ['query', 'time', 'start', 'end', 'step', 'timeout', 'match[]', 'limit', '__proto__', ''];
  const values = [
    'up',
    'up{',
    '1',
    '0',
    '-1',
    '1e400',
    'NaN',
    '%00',
    '%',
    '%ff',
    '{}',
    '1+1',
    '[',
    '"',
    '\\',
    '5m',
  ];
  const statuses = new Set<number>();
  for (let round = 0; round < 300; round++) {
    const pairs = Array.from({ length: draw(6) }, () => `${pick(draw, names)}=${pick(draw, values)}`);
    const path = `/api/v1/${pick(draw, paths)}`;
    const query = pairs.join('&');
    const answer = await sent(opened, path, query, draw(2) === 0);
    statuses.add(answer.status);
    expect([200, 400, 405, 422, 503], `${path}?${query}`).toContain(answer.status);
    if (answer.status !== 405) expect(answer.json()).toHaveProperty('status');
  }
  expect(statuses.has(200) && statuses.has(400)).toBe(true);
});

function pick<Item>(draw: (below: number) => number, items: readonly Item[]): Item {
  return items[draw(items.length)] as Item;
}

function sent(opened: Stage, path: string, query: string, isForm: boolean) {
  return isForm
    ? opened.post(path, query, { 'content-type': 'application/x-www-form-urlencoded' })
    : opened.get(`${path}?${query}`);
}
