/** A program and its collector over real sockets: nothing that either does hurts the program. */
import { createServer } from 'node:net';
import { inspect } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { Client, type Stats } from '../../src/client/client.ts';
import { CollectorError } from '../../src/client/collector-error.ts';
import { findEndpoint } from '../../src/client/endpoint.ts';
import type { Metric } from '../../src/client/metric.ts';
import type { ClientOptions } from '../../src/client/settings.ts';
import { freePort } from '../process/program.ts';
import { type Received, type Reply, refusing, startCollector, taken } from './collector.ts';

const token = 'a-token-that-nobody-may-read';
const metric: Metric = { service: 'api', method: 'GET', path: '/', status_code: 200, latency_ms: 4.5 };
const nothing = { sent: 0, dropped: 0, failed: 0, queued: 0, inFlight: 0, repeated: 0, lastError: undefined };

function open(url: string | URL | undefined, options: ClientOptions = {}): Client {
  const client = new Client(url, { timeoutMs: 300, ...options });
  onTestFinished(() => client.close({ timeoutMs: 0 }));
  return client;
}

/** Sends some to a collector that answers so, and waits until they are settled or the time is over. */
async function check(answer: (received: Received) => Reply, count: number, expected: Partial<Stats>) {
  const collector = await startCollector(answer);
  const client = open(collector.url);
  for (let index = 0; index < count; index++) client.send({ ...metric, path: `/${index}` });
  await client.flush({ timeoutMs: 200 });
  // On a busy machine it takes longer.
  await expect.poll(client.stats, { timeout: 4_000, interval: 10 }).toMatchObject(expected);
  expect(sum(client.stats())).toBe(count);
  return { collector, client };
}

function sum({ sent, dropped, failed, queued, inFlight }: Stats): number {
  return sent + dropped + failed + queued + inFlight;
}

test('what is sent arrives, in one request, as the collector reads it', async () => {
  const { collector, client } = await check(taken, 3, { ...nothing, sent: 3 });
  expect(collector.requests).toHaveLength(1);
  const [{ url, method, headers, metrics } = taken as never] = collector.requests;
  expect([method, url, headers['content-type']]).toEqual(['POST', '/api/ingest', 'application/x-ndjson']);
  expect(headers.authorization).toBeUndefined();
  expect(metrics.map(({ path }) => path)).toEqual(['/0', '/1', '/2']);
  expect(metrics[0]).toEqual({ ...metric, path: '/0', timestamp: expect.stringMatching(/^20.*Z$/) });
  await client.close();
});

test.each([
  ['', '/api/ingest'],
  ['/', '/api/ingest'],
  ['/api/ingest', '/api/ingest'],
  ['/api/ingest/', '/api/ingest'],
  ['/metrics', '/metrics/api/ingest'],
  ['/team/a/', '/team/a/api/ingest'],
  ['/team/a/api/ingest', '/team/a/api/ingest'],
  ['/?key=1#top', '/api/ingest?key=1'],
])('a URL that ends in "%s" leads to %s', async (given, expected) => {
  const collector = await startCollector();
  await open(collector.url + given).sendSync(metric);
  await open(new URL(collector.url + given)).sendSync(metric);
  expect(collector.requests.map(({ url }) => url)).toEqual([expected, expected]);
});

test('the environment names the collector and its token, for who names none', () => {
  const env = { REPORTER_URL: 'http://collector:3000/', REPORTER_TOKEN: ` ${token}\n` };
  const found = findEndpoint(undefined, undefined, env);
  if (found instanceof Error) throw found;
  expect(found.name).toBe('http://collector:3000/api/ingest');
  expect(found.headers).toEqual({ authorization: `Bearer ${token}` });
});

test('the token of the environment does not go to another collector', () => {
  const found = findEndpoint('http://other:3000', undefined, {
    REPORTER_URL: 'http://a',
    REPORTER_TOKEN: token,
  });
  if (found instanceof Error) throw found;
  expect(found.headers).toEqual({});
});

test('anything with a URL as href names the collector', async () => {
  const collector = await startCollector();
  const client = new Client({ href: collector.url });
  await client.sendSync(metric);
  await client.close();
  expect(collector.kept).toHaveLength(1);
});

test('a URL that is given and wrong does not lead to the collector of the environment', () => {
  const env = { REPORTER_URL: 'http://collector:3000', REPORTER_TOKEN: token };
  const broken = Object.defineProperty({}, 'href', { get: thrower('from a getter') });
  for (const url of ['', ' ', 7, true, {}, [], () => 'http://a', { href: '' }, { href: 7 }, broken]) {
    expect(findEndpoint(url, undefined, env)).toEqual(
      new Error('the URL of the collector is no http:// or https:// URL'),
    );
  }
  const other = findEndpoint({ href: 'http://other:3000' }, undefined, env);
  expect(other).toMatchObject({ name: 'http://other:3000/api/ingest', headers: {} });
});

test.each<readonly [unknown, unknown, string]>([
  [undefined, undefined, 'no collector is known: name its URL, or set REPORTER_URL'],
  ['', undefined, 'the URL of the collector is no http:// or https:// URL'],
  [7, undefined, 'the URL of the collector is no http:// or https:// URL'],
  ['collector:3000', undefined, 'the URL of the collector is no http:// or https:// URL'],
  ['ftp://collector', undefined, 'the URL of the collector is no http:// or https:// URL'],
  ['http://', undefined, 'the URL of the collector is no http:// or https:// URL'],
  ['http://collector', `${token}\nx: y`, 'the token holds what no header can'],
])('with the URL %j and the token %j everything is dropped, and said why', async (url, given, why) => {
  const told: string[] = [];
  const onError = ({ message }: Error) => void told.push(message);
  const client = open(url as string, { token: given as string, onError });
  client.send(metric);
  client.send(metric);
  await expect(client.sendSync(metric)).rejects.toThrow(why);
  expect(await client.flush()).toBe(true);
  expect(client.stats()).toEqual({ ...nothing, dropped: 2, lastError: why });
  expect(told).toEqual([why]);
});

test('a client without options, or with wrong ones, works as one with the default', async () => {
  const collector = await startCollector();
  const odd: readonly unknown[] = [
    null,
    { batch: null },
    { batch: { max: 'x', everyMs: -5 }, queueMax: Number.NaN, timeoutMs: {} },
  ];
  for (const options of odd) {
    const client = open(collector.url, options as ClientOptions);
    client.send(metric);
    expect(await client.flush()).toBe(true);
  }
  expect(collector.kept).toHaveLength(3);
});

const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;
const deep = JSON.parse(`${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`) as object;
const hostile: readonly (readonly [unknown, string])[] = [
  [undefined, 'a metric is an object'],
  [null, 'a metric is an object'],
  ['text', 'a metric is an object'],
  [7n, 'a metric is an object'],
  [Symbol('x'), 'a metric is an object'],
  [() => metric, 'a metric is an object'],
  [{}, 'service: is missing'],
  [{ service: '' }, 'service: is missing'],
  [{ service: 7 }, 'service: is no text'],
  [{ service: 'x'.repeat(201) }, 'service: is longer than 200 characters'],
  [{ service: 'x'.repeat(50_000_000) }, 'service: is too long'],
  [{ ...metric, path: Symbol('x') }, 'path: is no text'],
  [{ ...metric, path: 'x'.repeat(70_000) }, 'path: is too long'],
  [{ ...metric, path: '\u0000'.repeat(60_000) }, 'the metric is too long'],
  [{ ...metric, status_code: 99 }, 'status_code: is no whole number from 100 to 599'],
  [{ ...metric, status_code: '200' }, 'status_code: is no whole number from 100 to 599'],
  [{ ...metric, status_code: 200n }, 'status_code: is no whole number from 100 to 599'],
  [{ ...metric, latency_ms: -1 }, 'latency_ms: is no number from 0 up'],
  [{ ...metric, latency_ms: Number.NaN }, 'latency_ms: is no number from 0 up'],
  [{ ...metric, latency_ms: Number.POSITIVE_INFINITY }, 'latency_ms: is no number from 0 up'],
  [{ ...metric, timestamp: new Date(Number.NaN) }, 'timestamp: is an invalid Date'],
  [{ ...metric, timestamp: 1_790_000_000 }, 'timestamp: is no text'],
  [{ ...metric, custom: [] }, 'custom: is no object'],
  [{ ...metric, custom: cyclic }, 'custom: is nested deeper than 8, or holds itself'],
  [{ ...metric, custom: deep }, 'custom: is nested deeper than 8, or holds itself'],
  [{ ...metric, custom: { big: 1n } }, 'custom: holds a bigint, which JSON cannot say'],
  [{ ...metric, custom: { run: () => 1 } }, 'custom: holds a function, which JSON cannot say'],
  [{ ...metric, custom: { text: 'x'.repeat(50_000_000) } }, 'custom: is too long'],
  [{ ...metric, custom: { holes: new Array(1e9) } }, 'custom: is too long'],
  [{ ...metric, custom: { bytes: Buffer.alloc(1e8) } }, 'custom: holds bytes, which JSON cannot say'],
  [
    Object.defineProperty({}, 'service', { get: thrower('from a getter'), enumerable: true }),
    'from a getter',
  ],
  [
    { ...metric, custom: Object.defineProperty({}, 'x', { get: thrower('inside'), enumerable: true }) },
    'custom: inside',
  ],
  [new Proxy({}, { get: thrower('from a proxy') }), 'from a proxy'],
  [Object.defineProperty({}, 'service', { get: () => Promise.reject }), 'service: is no text'],
  [new Proxy({}, { get: () => cyclic['self'] }), 'timestamp: is no text'],
];

function thrower(message: string): () => never {
  return () => {
    throw new Error(message);
  };
}

test('whatever send is given, it is dropped with the reason and never thrown back', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  for (const [given, why] of hostile) {
    client.send(given as Metric);
    expect(client.stats().lastError).toBe(why);
    await expect(client.sendSync(given as Metric)).rejects.toThrow(why);
  }
  expect(client.stats()).toMatchObject({ dropped: hostile.length, queued: 0 });
  expect(await client.flush()).toBe(true);
});

test('of an object that is huge and says nothing, no more is looked at than may be sent', () => {
  const client = open('http://127.0.0.1:1');
  let looks = 0;
  const nobody = () => void looks++;
  const keys = Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, 0]));
  client.send({ ...metric, custom: new Proxy(keys, { get: nobody }) });
  expect(client.stats()).toMatchObject({ dropped: 1, lastError: 'custom: is too long' });
  expect(looks).toBeLessThanOrEqual(65_536);
});

test('what an object inherits is not sent', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  client.send({ ...metric, custom: Object.assign(Object.create({ inherited: 1 }), { own: 2 }) });
  await client.flush();
  expect(collector.kept).toEqual([expect.objectContaining({ custom: { own: 2 } })]);
});

test('the caller may change afterwards what was sent', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  const custom = { tags: ['a'] };
  const mine = { ...metric, custom };
  client.send(mine);
  mine.service = 'changed';
  custom.tags.push('b');
  await client.flush();
  expect(collector.kept).toEqual([expect.objectContaining({ service: 'api', custom: { tags: ['a'] } })]);
});

test('an empty text is left out, and a name is as long as people count', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  client.send({ service: '😀'.repeat(200), environment: '', method: '', timestamp: '' });
  await client.flush();
  expect(collector.kept).toEqual([{ service: '😀'.repeat(200), timestamp: expect.stringMatching(/^20/) }]);
});

test('send may be handed on without its client', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  [metric, metric].forEach(client.send);
  await client.flush();
  expect(collector.kept).toHaveLength(2);
});

test('a metric has the time at which it was sent, unless it says its own', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  const before = Date.now();
  client.send(metric);
  const after = Date.now();
  client.send({ ...metric, timestamp: new Date('2026-01-20T12:00:00.250Z') });
  client.send({ ...metric, timestamp: '2026-01-20T13:00:00+01:00' });
  await client.flush();
  const [own = '', ...given] = collector.kept.map(({ timestamp }) => timestamp as string);
  expect(Date.parse(own)).toBeGreaterThanOrEqual(before);
  expect(Date.parse(own)).toBeLessThanOrEqual(after);
  expect(given).toEqual(['2026-01-20T12:00:00.250Z', '2026-01-20T13:00:00+01:00']);
});

test('all that JSON can say may be custom, and what is undefined is left out', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  const custom = {
    text: '"\\\u2028\ud800',
    list: [1.5, null, undefined, { yes: true }],
    no: undefined,
    at: new Date(0),
  };
  client.send({ ...metric, method: undefined, custom });
  await client.flush();
  const { method, ...rest } = metric;
  expect(collector.kept).toEqual([
    {
      ...rest,
      timestamp: expect.any(String),
      custom: {
        text: '"\\\u2028\ud800',
        list: [1.5, null, null, { yes: true }],
        at: '1970-01-01T00:00:00.000Z',
      },
    },
  ]);
});

test('batches share a connection', async () => {
  const collector = await startCollector();
  const client = open(collector.url, { batch: { max: 10 } });
  for (let index = 0; index < 100; index++) client.send(metric);
  await client.flush();
  expect(collector.requests).toHaveLength(10);
  expect(new Set(collector.requests.map(({ connection }) => connection)).size).toBe(1);
});

test('nothing listens: all waits', async () => {
  const client = open(`http://127.0.0.1:${await freePort()}`);
  client.send(metric);
  expect(await client.flush({ timeoutMs: 100 })).toBe(false);
  expect(client.stats()).toMatchObject({ queued: 1, repeated: 0 });
  expect(client.stats().lastError).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+\/api\/ingest cannot be reached \(ECONNREFUSED\)$/,
  );
});

test('nobody has this name: all waits', async () => {
  const client = open('http://nobody.invalid:3000');
  client.send(metric);
  await client.flush({ timeoutMs: 200 });
  expect(client.stats()).toMatchObject({ sent: 0, failed: 0, dropped: 0 });
});

test('no answer: it waits, and counts as repeated when it is sent again', async () => {
  const { client } = await check(() => 'silent', 2, { inFlight: 2 });
  const waiting = { queued: 2, repeated: 2, sent: 0 };
  await expect.poll(client.stats, { timeout: 4_000, interval: 10 }).toMatchObject(waiting);
  expect(client.stats().lastError).toMatch(/gave no answer within 0\.3 s$/);
});

test('a cut connection: it waits', async () => {
  const { client } = await check(() => 'reset', 2, { queued: 2, repeated: 2 });
  expect(client.stats().lastError).toMatch(/cannot be reached \(ECONNRESET\)$/);
});

test('half an answer is none', async () => {
  const { client } = await check(() => 'half', 2, { queued: 2, repeated: 2, sent: 0 });
  expect(client.stats().lastError).toMatch(/broke off its answer|cannot be reached \(ECONNRESET\)/);
});

test('an answer that never came may have been a yes: sent is less than taken, by no more than repeated', async () => {
  let isFirst = true;
  const collector = await startCollector((received) => {
    if (!isFirst) return taken(received);
    isFirst = false;
    return 'taken and reset';
  });
  const client = open(collector.url);
  for (let index = 0; index < 5; index++) client.send(metric);
  expect(await client.flush()).toBe(true);
  const { sent, repeated } = client.stats();
  expect([sent, repeated, collector.kept.length]).toEqual([5, 5, 10]);
});

test.each([429, 503, 502, 408])('%d: all waits, and is not counted as repeated', async (status) => {
  await check(refusing(status), 3, { queued: 3, repeated: 0, failed: 0 });
});

test.each([401, 403, 404, 405, 415, 302, 204])('%d: all fails', async (status) => {
  const { client, collector } = await check(refusing(status), 3, { failed: 3 });
  expect(client.stats().lastError).toContain(`answered ${status}`);
  expect(collector.requests).toHaveLength(1);
});

test.each<readonly [string, unknown]>([
  ['a page', '<h1>Welcome</h1>'],
  ['nothing', ''],
  ['no success', { success: false }],
  ['far too much', `"${'x'.repeat(200_000)}"`],
])('200 with %s is nobody who took it', async (_, body) => {
  const { client } = await check(() => ({ status: 200, body }), 2, { failed: 2, sent: 0 });
  expect(client.stats().lastError).toMatch(/answered 200, but not as a collector does$/);
});

test('413: the batch comes in halves', async () => {
  const answer = (received: Received) => (received.metrics.length > 3 ? refusing(413)() : taken(received));
  const { collector } = await check(answer, 12, { sent: 12 });
  expect(collector.kept).toHaveLength(12);
});

test('400: the named ones fail, the others arrive', async () => {
  const answer = (received: Received): Reply => {
    const errors = received.metrics.flatMap(({ path }, index) =>
      path === '/1' || path === '/4' ? [{ index, field: 'path', message: 'is odd' }] : [],
    );
    return errors.length > 0
      ? { status: 400, body: { success: false, message: 'odd', errors } }
      : taken(received);
  };
  const { collector, client } = await check(answer, 6, { sent: 4, failed: 2 });
  expect(collector.kept.map(({ path }) => path)).toEqual(['/0', '/2', '/3', '/5']);
  expect(client.stats().lastError).toMatch(/answered 400: odd$/);
});

test.each<readonly [string, unknown]>([
  ['none', undefined],
  ['no list', 'x'],
  ['one that was never sent', [{ index: 99, field: 'path', message: 'is odd' }]],
  ['others', [null, 7, { index: -1 }, { index: 99 }, { index: 0.5 }]],
])('400 that names %s: all fails', async (_, errors) => {
  await check(() => ({ status: 400, body: { success: false, errors } }), 3, { failed: 3 });
});

test('the program is told of trouble when it begins, and not of each case', async () => {
  const collector = await startCollector(refusing(401));
  const told: Error[] = [];
  const client = open(collector.url, { batch: { max: 1 }, onError: (error) => void told.push(error) });
  for (let index = 0; index < 20; index++) client.send(metric);
  await client.flush();
  expect(told.map(({ message }) => message)).toEqual([
    `${collector.url}/api/ingest answered 401: refused with 401`,
  ]);
  expect(told[0]).toMatchObject({ name: 'CollectorError', status: 401 });
});

test('whatever onError does stays with it', async () => {
  const collector = await startCollector(refusing(401));
  const rejections: unknown[] = [];
  const note = (reason: unknown) => void rejections.push(reason);
  process.on('unhandledRejection', note);
  onTestFinished(() => void process.off('unhandledRejection', note));
  const doings = [thrower('thrown'), () => Promise.reject(new Error('rejected'))];
  for (const onError of doings) {
    const client = open(collector.url, { onError });
    client.send(metric);
    expect(await client.flush()).toBe(true);
  }
  await new Promise((resolve) => setImmediate(resolve));
  expect(rejections).toEqual([]);
});

test('sendSync resolves once the collector has it, and does not queue', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  await client.sendSync(metric);
  expect(collector.kept).toHaveLength(1);
  expect(collector.requests[0]?.headers['content-type']).toBe('application/json');
  expect(client.stats()).toEqual(nothing);
});

test('sendSync rejects with what the collector found wrong', async () => {
  const errors = [{ index: 0, field: 'path', message: 'is odd' }];
  const collector = await startCollector(() => ({
    status: 400,
    body: { success: false, message: 'path: is odd', errors },
  }));
  const error = await open(collector.url)
    .sendSync(metric)
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(CollectorError);
  expect(error).toMatchObject({
    message: `${collector.url}/api/ingest answered 400: path: is odd`,
    status: 400,
    errors,
  });
});

test.each<readonly [string, () => Reply, string]>([
  ['silent', () => 'silent', 'gave no answer within 0.3 s'],
  ['cutting', () => 'reset', 'cannot be reached (ECONNRESET)'],
  ['busy', refusing(429), 'answered 429: refused with 429'],
  ['strict', refusing(401), 'answered 401: refused with 401'],
])('sendSync rejects when the collector is %s', async (_, answer, why) => {
  const collector = await startCollector(answer);
  await expect(open(collector.url).sendSync(metric)).rejects.toThrow(`${collector.url}/api/ingest ${why}`);
});

test('many sendSync at once share few connections', async () => {
  const collector = await startCollector();
  const client = open(collector.url, { timeoutMs: 2_000 });
  await Promise.all(Array.from({ length: 50 }, () => client.sendSync(metric)));
  expect(new Set(collector.requests.map(({ connection }) => connection)).size).toBeLessThanOrEqual(4);
});

test('after close everything is dropped, counted, and the connections are gone', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  client.send(metric);
  const closing = client.close();
  expect(client.close()).toBe(closing);
  client.send(metric);
  await closing;
  client.send(metric);
  await expect(client.sendSync(metric)).rejects.toThrow('the client is closed');
  expect(await client.flush()).toBe(true);
  expect(client.stats()).toMatchObject({ sent: 1, dropped: 2 });
  await expect.poll(() => collector.connections()).toBe(0);
});

test('close does not wait for ever, and tells what was lost', async () => {
  const collector = await startCollector(() => 'silent');
  const client = open(collector.url, { timeoutMs: 60_000, batch: { max: 2 } });
  for (let index = 0; index < 5; index++) client.send(metric);
  await client.close({ timeoutMs: 50 });
  expect(client.stats()).toMatchObject({ sent: 0, dropped: 3, failed: 2, queued: 0, inFlight: 0 });
});

test('a collector that starts anew is found again', async () => {
  const collector = await startCollector();
  const client = open(collector.url);
  client.send(metric);
  await client.flush();
  collector.cut();
  client.send(metric);
  expect(await client.flush()).toBe(true);
  expect(client.stats()).toMatchObject({ sent: 2, failed: 0 });
});

test('a collector that says no before it has read everything is heard', async () => {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => {
      const body = '{"success":false,"message":"too much"}';
      socket.end(
        `HTTP/1.1 413 Payload Too Large\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
    });
  });
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const client = open(`http://127.0.0.1:${port}`, { batch: { max: 1 } });
  client.send({ ...metric, custom: { text: 'x'.repeat(60_000) } });
  expect(await client.flush()).toBe(true);
  expect(client.stats()).toMatchObject({ failed: 1, repeated: 0 });
});

test('a token is sent, and seen nowhere else', async () => {
  const repeating = () => ({
    status: 401,
    body: { success: false, message: `not ${token}`, errors: [{ index: 0, field: token, message: token }] },
  });
  const collector = await startCollector(repeating);
  const told: unknown[] = [];
  const { host } = new URL(collector.url);
  const client = open(`http://someone:password@${host}/?key=password`, {
    token,
    onError: (error) => told.push(error),
  });
  client.send(metric);
  await client.flush();
  const error = await client.sendSync(metric).catch((thrown: unknown) => thrown);
  expect(collector.requests[0]?.headers.authorization).toBe(`Bearer ${token}`);
  expect(told).toHaveLength(1);
  for (const seen of [client, client.stats(), told, error]) {
    const text = inspect(seen, { depth: 20, showHidden: true }) + JSON.stringify(seen);
    expect(text).not.toContain(token);
    expect(text).not.toContain('password');
  }
  const dead = open(`http://someone:password@127.0.0.1:${await freePort()}`, { token });
  const unreachable = await dead.sendSync(metric).catch((thrown: unknown) => thrown);
  expect(inspect(unreachable, { depth: 20, showHidden: true })).not.toMatch(/password|a-token/);
});
