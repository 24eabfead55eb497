/** What a server answers is what is recorded, in node:http, Express and Fastify. */
import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import express5, { type ErrorRequestHandler, type Request } from 'express';
import { fastify } from 'fastify';
import { expect, onTestFinished, test } from 'vitest';
import type { Metric } from '../../src/client/metric.ts';
import { type MiddlewareOptions, middleware } from '../../src/client/middleware.ts';

const require = createRequire(import.meta.url);
const express4 = require('express4') as typeof express5;

type Recording = { readonly send: (metric: Metric) => void; readonly metrics: Metric[] };
type Options = MiddlewareOptions;
type Started = { readonly port: number; readonly metrics: readonly Metric[] };

function recording(): Recording {
  const metrics: Metric[] = [];
  return { metrics, send: (metric) => void metrics.push(metric) };
}

async function listening(server: Server): Promise<number> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Answers as its path says; the same in every framework. */
function behave(path: string, response: ServerResponse): void {
  if (path === '/missing') response.writeHead(404).end();
  else if (path === '/unchanged') response.writeHead(304).end();
  else if (path === '/slow') setTimeout(() => response.end('late'), 60);
  else if (path === '/hang') response.on('close', () => undefined);
  else if (path === '/half') response.writeHead(206).write('half');
  else if (path === '/stream') void stream(response);
  else if (path === '/throw') throw new Error('the host throws');
  else response.writeHead(200, { 'content-type': 'text/plain' }).end('fine');
}

async function stream(response: ServerResponse): Promise<void> {
  for (let part = 0; part < 4; part++) {
    response.write('part');
    await sleep(20);
  }
  response.end();
}

type Start = (options: string | Options) => Promise<Started>;

const plain: Start = async (options) => {
  const { send, metrics } = recording();
  const record = middleware({ send }, options);
  const server = createServer((request, response) => {
    record(request, response);
    try {
      behave(request.url?.split('?')[0] ?? '', response);
    } catch {
      response.writeHead(500).end();
    }
  });
  return { port: await listening(server), metrics };
};

function inExpress(express: typeof express5): Start {
  return async (options) => {
    const { send, metrics } = recording();
    const app = express();
    app.use(middleware({ send }, options));
    const users = express.Router();
    users.get('/:id', (_, response) => void response.send('user'));
    app.use('/users', users);
    app.get('/rejected', async () => {
      throw new Error('the host rejects');
    });
    app.use((request, response) => behave(request.path, response));
    const failing: ErrorRequestHandler = (_error, _request, response, _next) =>
      void response.status(500).send('sorry');
    app.use(failing);
    return { port: await listening(createServer(app)), metrics };
  };
}

const inFastify: Start = async (options) => {
  const { send, metrics } = recording();
  const app = fastify();
  app.addHook('onRequest', middleware({ send }, options));
  app.get('/users/:id', async () => 'user');
  app.get('/rejected', async () => {
    throw new Error('the host rejects');
  });
  app.route({
    method: ['GET', 'HEAD', 'POST'],
    url: '/:name',
    handler: (request, reply) => {
      const path = request.url.split('?')[0] ?? '';
      if (path === '/throw') throw new Error('the host throws');
      if (path === '/missing') return void reply.code(404).send('');
      reply.hijack();
      behave(path, reply.raw);
    },
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  onTestFinished(() => app.close());
  return { port: await listening(app.server), metrics };
};

/** Speaks for itself, so that it can break off. */
async function ask(port: number, line: string, { headers = '', leaveAfterMs = 0 } = {}): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  socket.write(`${line} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n${headers}\r\n`);
  if (leaveAfterMs > 0) setTimeout(() => socket.destroy(), leaveAfterMs);
  await once(socket, 'close');
  return text;
}

async function recorded({ metrics }: Started, count = 1): Promise<readonly Metric[]> {
  await expect.poll(() => metrics.length).toBe(count);
  return metrics;
}

const frameworks: readonly (readonly [string, Start])[] = [
  ['node:http', plain],
  ['Express 4', inExpress(express4)],
  ['Express 5', inExpress(express5)],
  ['Fastify 5', inFastify],
];

for (const [name, start] of frameworks) {
  const check = async (line: string, expected: Partial<Metric>, more: Parameters<typeof ask>[2] = {}) => {
    const started = await start('api');
    const text = await ask(started.port, line, more);
    const [metric] = await recorded(started);
    expect(metric).toMatchObject({ service: 'api', source_ip: '127.0.0.1', ...expected });
    return { text, latencyMs: metric?.latency_ms ?? Number.NaN };
  };

  test(`${name}: an answer, with its path and without its query`, async () => {
    const { text } = await check('GET /fine?key=secret', { method: 'GET', path: '/fine', status_code: 200 });
    expect(text).toContain('fine');
  });

  test(`${name}: an answer without a body`, async () => {
    await check('HEAD /fine', { method: 'HEAD', path: '/fine', status_code: 200 });
    await check('GET /unchanged', { path: '/unchanged', status_code: 304 });
    await check('GET /missing', { path: '/missing', status_code: 404 });
  });

  test(`${name}: a handler that throws`, () =>
    check('GET /throw', { path: '/throw', status_code: 500 }).then(() => undefined));

  test(`${name}: the latency is that of the whole answer`, async () => {
    const slow = await check('GET /slow', { status_code: 200 });
    expect(slow.latencyMs).toBeGreaterThan(50);
    const streamed = await check('GET /stream', { status_code: 200 });
    expect(streamed.latencyMs).toBeGreaterThan(70);
  });

  test(`${name}: a client that leaves before it is answered counts as 499`, async () => {
    await check('GET /hang', { path: '/hang', status_code: 499 }, { leaveAfterMs: 40 });
  });

  test(`${name}: one that leaves in the middle counts as what it was answered`, async () => {
    await check('GET /half', { path: '/half', status_code: 206 }, { leaveAfterMs: 40 });
  });

  test(`${name}: requests on one connection are told apart`, async () => {
    const started = await start('api');
    const socket = connect(started.port, '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.resume();
    for (const path of ['/fine', '/missing', '/fine'])
      socket.write(`GET ${path} HTTP/1.1\r\nhost: a\r\n\r\n`);
    const metrics = await recorded(started, 3);
    expect(metrics.map(({ status_code }) => status_code)).toEqual([200, 404, 200]);
  });

  test(`${name}: environment and instance are added, and the path may be anything`, async () => {
    const path = (request: { readonly method?: string | undefined }) => `all ${request.method}`;
    const started = await start({ service: 'api', environment: 'staging', instance: 'a-1', path });
    await ask(started.port, 'GET /fine');
    const [metric] = await recorded(started);
    expect(metric).toMatchObject({ environment: 'staging', instance: 'a-1', path: 'all GET' });
  });
}

for (const [name, start] of frameworks.slice(1)) {
  test(`${name}: the pattern of the route, where one is asked for and known`, async () => {
    const started = await start({ service: 'api', path: 'route' });
    await ask(started.port, 'GET /users/42?x=1');
    await ask(started.port, 'GET /nowhere/at/all');
    const [user, unknown] = await recorded(started, 2);
    expect(user?.path).toBe('/users/:id');
    expect(unknown?.path).toBe('/nowhere/at/all');
  });

  test(`${name}: the whole path behind a mount, without the pattern`, async () => {
    const started = await start('api');
    await ask(started.port, 'GET /users/42?x=1');
    expect((await recorded(started))[0]?.path).toBe('/users/42');
  });
}

for (const [name, start] of frameworks.slice(2)) {
  test(`${name}: an async handler that rejects`, async () => {
    const started = await start('api');
    await ask(started.port, 'GET /rejected');
    expect((await recorded(started))[0]).toMatchObject({ path: '/rejected', status_code: 500 });
  });
}

test('node:http has no patterns: the path is what it is', async () => {
  const started = await plain({ service: 'api', path: 'route' });
  await ask(started.port, 'GET /users/42');
  expect((await recorded(started))[0]?.path).toBe('/users/42');
});

test.each<readonly [Options['trustProxy'], string, string]>([
  [undefined, '10.0.0.1', '127.0.0.1'],
  [false, '10.0.0.1', '127.0.0.1'],
  [true, '10.0.0.1, 10.0.0.2', '10.0.0.1'],
  [1, '6.6.6.6, 10.0.0.2', '10.0.0.2'],
  [2, '6.6.6.6, 10.0.0.1, 10.0.0.2', '10.0.0.1'],
  [3, '10.0.0.1, 10.0.0.2', '127.0.0.1'],
  [true, '<script>', '127.0.0.1'],
  [true, '', '127.0.0.1'],
  [true, '::ffff:10.0.0.1', '10.0.0.1'],
  [true, '2001:db8::1', '2001:db8::1'],
])('trusting %j of X-Forwarded-For "%s" gives %s', async (trustProxy, header, expected) => {
  const started = await plain({ service: 'api', trustProxy });
  await ask(started.port, 'GET /fine', { headers: `x-forwarded-for: ${header}\r\n` });
  expect((await recorded(started))[0]?.source_ip).toBe(expected);
});

test('an IPv4 address that came through an IPv6 socket is one', async () => {
  const { send, metrics } = recording();
  const record = middleware({ send }, 'api');
  const response = {
    statusCode: 200,
    headersSent: true,
    once: (_: string, listener: () => void) => listener(),
  };
  record({ socket: { remoteAddress: '::ffff:192.0.2.7' } }, response);
  expect(metrics[0]?.source_ip).toBe('192.0.2.7');
});

test.each([
  ['http://host/path?query', '/path'],
  ['*', '*'],
  ['/#part', '/'],
  [`/${'x'.repeat(5_000)}`, `/${'x'.repeat(1_023)}`],
  ['/\u0085\u0000', '/??'],
  [`/${'x'.repeat(1_022)}😀`, `/${'x'.repeat(1_022)}`],
  ['', ''],
])('the path of %j is %j', (url, expected) => {
  const { send, metrics } = recording();
  const response = {
    statusCode: 200,
    headersSent: true,
    once: (_: string, listener: () => void) => listener(),
  };
  middleware({ send }, 'api')({ url }, response);
  expect(metrics.map(({ path }) => path)).toEqual([expected]);
});

test('a request is recorded once, and handed on, whatever becomes of the recording', () => {
  const metrics: Metric[] = [];
  const listeners: (() => void)[] = [];
  const response = {
    statusCode: 700,
    headersSent: true,
    once: (_: string, heard: () => void) => listeners.push(heard),
  };
  let handedOn = 0;
  const next = () => void handedOn++;
  middleware({ send: (metric) => void metrics.push(metric) }, 'api')({}, response, next);
  for (const heard of listeners) heard();
  expect(metrics).toHaveLength(1);
  // No collector takes it: left out, so that the rest of the metric counts.
  expect(metrics[0]?.status_code).toBeUndefined();

  const broken = middleware({ send: () => undefined }, 'api');
  broken({}, null as never, next);
  broken(undefined as never, response, next);
  expect(handedOn).toBe(3);
});

test('a path function that throws or says nonsense gives the path', async () => {
  const throwing = () => {
    throw new Error('the host throws');
  };
  for (const path of [throwing, () => 7 as unknown as string]) {
    const started = await plain({ service: 'api', path });
    await ask(started.port, 'GET /fine');
    expect((await recorded(started))[0]?.path).toBe('/fine');
  }
});

test('a connection that is upgraded is none of its business', async () => {
  const { send, metrics } = recording();
  const record = middleware({ send }, 'api');
  const server = createServer((request, response) => {
    record(request, response);
    response.end();
  });
  server.on('upgrade', (_, socket) => socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n'));
  const port = await listening(server);
  await ask(port, 'GET /socket', { headers: 'upgrade: websocket\r\nconnection: upgrade\r\n' });
  await ask(port, 'GET /after');
  await expect.poll(() => metrics.map(({ path }) => path)).toEqual(['/after']);
});

test('the types of Express and Fastify fit', async () => {
  const { send } = recording();
  const byRequest: MiddlewareOptions<Request> = { service: 'api', path: (request) => request.hostname };
  const app = express5().use(middleware({ send }, byRequest));
  expect(app).toBeDefined();
});
