/** Graphite's render API: what is asked, what its answers mean, and how many queries go together. */
import { expect, test } from 'vitest';
import { json, type Reply, text, type Whole } from '../../../src/demo/reply.ts';
import { limits } from '../../../src/model/limits.ts';
import { open, type Peer, question, type Request, seriesOf, startMs, startPeer, told } from './peer.ts';

/** A Graphite that knows what each query, without its alias, names; what it does not know it leaves out. */
function graphite(
  known: Readonly<Record<string, Readonly<Record<number, unknown>>>>,
  bad: (query: string) => Reply | undefined = () => undefined,
): (request: Request) => Reply {
  return ({ fields }) => {
    const targets = fields.getAll('target').map((target) => /^alias\((.*),"(\d+)"\)$/.exec(target));
    const asked = targets.map((found) => ({ query: found?.[1] ?? '', alias: found?.[2] ?? '' }));
    const refusal = asked.map(({ query }) => bad(query)).find((reply) => reply !== undefined);
    if (refusal) return refusal;
    const series = asked.map(({ query, alias }) => known[query] && seriesOf('graphite', known[query], alias));
    return json(
      200,
      series.filter((one) => one !== undefined),
    );
  };
}

async function check(answer: unknown, expected: readonly string[] | string) {
  const peer = await startPeer(() => (typeof answer === 'string' ? text(200, answer) : json(200, answer)));
  expect(await told(open('graphite', peer.url))).toEqual(expected);
  return peer;
}

const ask = (peer: Peer, queries: readonly string[]) => {
  const datasource = open('graphite', peer.url);
  return Promise.all(queries.map((query) => told(datasource, { ...question, query })));
};

const second = startMs / 1_000;
const datapoints = (...points: readonly unknown[]) => [{ target: '0', datapoints: points }];
const garbled = (why: string) => `datasource.garbled: ${why}`;

test('a window is asked in whole seconds, from before its first one, without averages and nulls', async () => {
  const { requests } = await check([], []);
  const [{ method, path, fields } = { method: '', path: '', fields: new URLSearchParams() }] = requests;
  expect([method, path]).toEqual(['GET', '/render']);
  expect([...fields]).toEqual([
    ['format', 'json'],
    ['noNullPoints', 'true'],
    ['from', String(second - 1)],
    ['until', String(second + 60)],
    ['target', 'alias(up,"0")'],
  ]);
});

test.each([
  [0, 60_000, second - 1, second + 60],
  [1, 60_999, second, second + 60],
  [-1, 59_999, second - 1, second + 59],
  [999, 1_000, second, second + 1],
])('a window from %d ms to %d ms', async (fromMs, toMs, from, until) => {
  const { requests, url } = await startPeer(() => json(200, datapoints([1, second - 5])));
  await told(open('graphite', url), { query: 'up', fromMs: startMs + fromMs, toMs: startMs + toMs });
  const { fields } = requests[0] ?? {};
  expect([fields?.get('from'), fields?.get('until')]).toEqual([String(from), String(until)]);
});

test.each([
  [1, 999],
  [60_000, 0],
])('from %d ms to %d ms there is no second: nothing is asked', async (fromMs, toMs) => {
  const { requests, url } = await startPeer(() => text(500, ''));
  const window = { query: 'up', fromMs: startMs + fromMs, toMs: startMs + toMs };
  expect(await told(open('graphite', url), window)).toEqual([]);
  expect(requests).toEqual([]);
});

test.each(['/graphite', '/graphite/'])('Graphite may be below a path: %s', async (path) => {
  const { requests, url } = await startPeer(() => json(200, []));
  await told(open('graphite', url + path));
  expect(requests[0]?.path).toBe('/graphite/render');
});

test('nulls are no values, and what is outside of the window is left out', () =>
  check(
    datapoints(
      [7, second - 1],
      [1, second],
      [null, second + 10],
      [-2.5, second + 20],
      [0, second + 60],
      [9, second + 61],
    ),
    ['0=1 20=-2.5 60=0'],
  ));
test('a series without a value is none', () => check(datapoints([null, second], [null, second + 10]), []));
test('a series without a point is none', () => check(datapoints(), []));
test('an unknown metric is no series', () => check([], []));
test('infinities are values', () =>
  check(`[{"target":"0","datapoints":[[1e9999,${second}],[-1e9999,${second + 10}]]}]`, [
    '0=Infinity 10=-Infinity',
  ]));
test('series of one name are several', () =>
  check([seriesOf('graphite', { 0: 1 }), seriesOf('graphite', { 0: 2, 10: 3 })], ['0=1', '0=2 10=3']));
test('what Graphite says besides is let be', () =>
  check([{ ...(seriesOf('graphite', { 0: 1 }) as object), tags: { name: 'x' } }], ['0=1']));

const wrong: Readonly<Record<string, readonly [unknown, string]>> = {
  'an object': [{}, 'the answer is an object, not a list of series'],
  'an error in an object': [{ error: 'no' }, 'the answer is an object, not a list of series'],
  null: [null, 'the answer is null, not a list of series'],
  'a number': [1, 'the answer is a number, not a list of series'],
  'a list of lists': [[[]], 'a series is a list, not an object'],
  'a list of nulls': [[null], 'a series is null, not an object'],
  'an empty series': [[{}], 'the answer has a series that was not asked for'],
  'another series': [[{ target: 'up', datapoints: [] }], 'the answer has a series that was not asked for'],
  'a series too many': [[{ target: '1', datapoints: [] }], 'the answer has a series that was not asked for'],
  'a name that is a number': [
    [{ target: 0, datapoints: [] }],
    'the answer has a series that was not asked for',
  ],
  'no points': [[{ target: '0' }], 'the points of a series are nothing, not a list'],
  'points in an object': [
    [{ target: '0', datapoints: {} }],
    'the points of a series are an object, not a list',
  ],
  'a point that is a number': [datapoints(1), 'a point is a number, not a value with its time'],
  'a point without a time': [datapoints([1]), 'the time of a point is nothing, not a number'],
  'a time as text': [datapoints([1, '1']), 'the time of a point is a text, not a number'],
  'a time with a fraction': [datapoints([1, 1.5]), 'the time of a point is no whole number'],
  'a value as text': [datapoints(['1', second]), 'the value of a point is a text, not a number'],
  'a value that is true': [datapoints([true, second]), 'the value of a point is true, not a number'],
  'no value': [datapoints([]), 'the time of a point is nothing, not a number'],
  'a value in a list': [datapoints([[1], second]), 'the value of a point is a list, not a number'],
  'times that go back': [datapoints([1, second + 10], [2, second]), 'the times of a series do not rise'],
  'a time twice': [datapoints([1, second], [2, second]), 'the times of a series do not rise'],
};
test.each(Object.entries(wrong))('garbled: %s', async (_, [answer, why]) => {
  await check(answer, garbled(why));
});

test('one series too many, and one point too many, is refused', async () => {
  const series = Array.from({ length: limits.datasourceSeriesMax + 1 }, () => seriesOf('graphite', { 0: 1 }));
  await check(series, 'datasource.rejected: the query has more than 1000 series');
  await check(
    series.slice(1),
    series.slice(1).map(() => '0=1'),
  );
  const points = Array.from({ length: limits.datasourcePointsMax + 1 }, (_, at) => [1, second + at]);
  const window = { query: 'up', fromMs: startMs, toMs: startMs + 20_000_000 };
  const { url } = await startPeer(() => json(200, datapoints(...points)));
  expect(await told(open('graphite', url), window)).toBe(
    'datasource.rejected: a series has more than 11001 points',
  );
});

test('queries of one breath go together, and each has its own answer', async () => {
  const peer = await startPeer(graphite({ a: { 0: 1 }, 'b(c,"d e")': { 10: 2 }, 'é☃': { 20: 3 } }));
  expect(await ask(peer, ['a', 'b(c,"d e")', 'typo', 'é☃', 'a'])).toEqual([
    ['0=1'],
    ['10=2'],
    [],
    ['20=3'],
    ['0=1'],
  ]);
  expect(peer.requests.map(({ fields }) => fields.getAll('target'))).toEqual([
    ['alias(a,"0")', 'alias(b(c,"d e"),"1")', 'alias(typo,"2")', 'alias(é☃,"3")'],
  ]);
});

test('queries of two windows do not', async () => {
  const peer = await startPeer(graphite({ a: { 0: 1, 20: 2 } }));
  const datasource = open('graphite', peer.url);
  const late = { query: 'a', fromMs: startMs + 10_000, toMs: startMs + 60_000 };
  const same = { query: 'a', fromMs: startMs - 999, toMs: startMs + 60_999 };
  const said = await Promise.all(
    [question, late, same].map((one) => told(datasource, { ...one, query: 'a' })),
  );
  expect(said).toEqual([['0=1 20=2'], ['20=2'], ['0=1 20=2']]);
  expect(peer.requests).toHaveLength(2);
});

const unknown = (query: string) =>
  query.startsWith('bad')
    ? {
        status: 400,
        headers: { 'content-type': 'text/html' },
        body: 'Invalid parameters (Received request for unknown function: &quot;bad&quot;); targets: &quot;alias(x)&quot;',
      }
    : undefined;

test('a query that Graphite does not understand spoils no other, and is asked alone from then on', async () => {
  const known = Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`q${at}`, { 0: at }]));
  const peer = await startPeer(graphite(known, unknown));
  const queries = [...Object.keys(known), 'bad(1)', 'bad(2)'];
  const refused =
    'datasource.rejected: answered 400: Invalid parameters (Received request for unknown function: "bad")';
  const expected = [...Object.keys(known).map((_, at) => [`0=${at}`]), refused, refused];
  const datasource = open('graphite', peer.url);
  const askAll = () => Promise.all(queries.map((query) => told(datasource, { ...question, query })));
  expect(await askAll()).toEqual(expected);
  expect(peer.requests.map(({ fields }) => fields.getAll('target').length)).toEqual([
    22,
    ...queries.map(() => 1),
  ]);
  expect(await askAll()).toEqual(expected);
  const sizes = peer.requests.slice(23).map(({ fields }) => fields.getAll('target').length);
  expect(sizes.sort()).toEqual([1, 1, 20]);
});

test('neither does one that makes Graphite fail, or one whose answer is too large', async () => {
  const traceback =
    '<body><pre>\nTraceback (most recent call last):\n  File &quot;x&quot;\nTypeError: alias() missing &#x27;newName&#x27;\n\n</pre></body>';
  const page = { status: 500, headers: { 'content-type': 'text/html' }, body: traceback };
  const replies: Readonly<Record<string, Reply>> = { fails: page, large: json(200, [' '.repeat(5e6)]) };
  const peer = await startPeer(graphite({ a: { 0: 1 } }, (query) => replies[query]));
  expect(await ask(peer, ['a', 'fails'])).toEqual([
    ['0=1'],
    "datasource.failed: answered 500: TypeError: alias() missing 'newName'",
  ]);
  expect(await ask(peer, ['a', 'large'])).toEqual([
    ['0=1'],
    'datasource.garbled: the answer is larger than 1048576 bytes',
  ]);
});

test('an answer that is garbled for one query is none for that one alone', async () => {
  const answer = [seriesOf('graphite', { 0: 1 }, '0'), seriesOf('graphite', { 0: 'x' }, '1')];
  const peer = await startPeer(() => json(200, answer));
  expect(await ask(peer, ['a', 'b'])).toEqual([
    ['0=1'],
    garbled('the value of a point is a text, not a number'),
  ]);
  expect(peer.requests).toHaveLength(1);
});

test('a Graphite that is busy is not asked again for each query', async () => {
  const peer = await startPeer(() => text(503, 'busy'));
  const said = await ask(peer, ['a', 'b', 'c']);
  expect(new Set(said)).toEqual(new Set(['datasource.failed: answered 503: busy']));
  expect(peer.requests).toHaveLength(1);
});

test('no URL is longer than servers take: a long query is posted', async () => {
  const long = `sumSeries(${'a.long.name.of.a.metric,'.repeat(200)}b)`;
  const middle = `sumSeries(${'x'.repeat(3_500)})`;
  const peer = await startPeer(graphite({ a: { 0: 1 }, [middle]: { 0: 2 }, [long]: { 0: 3 } }));
  expect(await ask(peer, ['a', middle, long])).toEqual([['0=1'], ['0=2'], ['0=3']]);
  expect(peer.requests.map(({ method, fields }) => [method, fields.getAll('target').length]).sort()).toEqual([
    ['GET', 1],
    ['GET', 1],
    ['POST', 1],
  ]);
  expect(peer.requests.every(({ rawUrl }) => rawUrl.length < 4_000)).toBe(true);
  const posted = peer.requests.find(({ method }) => method === 'POST');
  expect(posted?.headers['content-type']).toBe('application/x-www-form-urlencoded');
});

test('1,200 queries at once are answered by some dozens of requests, eight at a time, each below the limits', async () => {
  const queries = Array.from({ length: 1_200 }, (_, at) => `stats.production.service-${at}.error_rate`);
  const known = Object.fromEntries(queries.map((query, at) => [query, { 0: at }]));
  const answer = graphite(known);
  const peer = await startPeer((request) => ({ ...(answer(request) as Whole), delayMs: 5 }));
  const said = await ask(peer, queries);
  expect(said).toEqual(queries.map((_, at) => [`0=${at}`]));
  expect(peer.requests.length).toBeLessThan(60);
  expect(Math.max(...peer.requests.map(({ inFlight }) => inFlight))).toBe(limits.datasourceRequestsMax);
  expect(Math.max(...peer.requests.map(({ rawUrl }) => rawUrl.length))).toBeLessThanOrEqual(
    limits.datasourceBatchUrlBytesMax,
  );
});
