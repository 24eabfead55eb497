import { once } from 'node:events';
import { Agent } from 'node:http';
import { request } from 'node:https';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { generate } from 'selfsigned';
import { afterEach, expect, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startDashboard } from '../../src/demo/dashboard.ts';
import { ask } from './ask.ts';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start<T extends { readonly stop: () => Promise<void> }>(starting: Promise<T>): Promise<T> {
  const peer = await starting;
  stops.push(peer.stop);
  return peer;
}

const path = '/v1/health?from=2026-01-20T11:55:00Z&to=2026-01-20T12:00:00Z&environment=e&service=';

test('a peer speaks TLS where it is given a certificate, faults too', async () => {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], {
    algorithm: 'sha256',
  });
  const convertor = await start(startConvertor({ tls: { key, cert } }));
  expect(convertor.url).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  const answer = (service: string) =>
    new Promise<string>((resolve) => {
      const asked = request(convertor.url + path + service, { rejectUnauthorized: false }, (response) => {
        resolve(
          text(response).catch((error: NodeJS.ErrnoException) => `${response.statusCode} ${error.code}`),
        );
      });
      asked.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)));
      asked.end();
    });
  expect(JSON.parse(await answer('api')).name).toBe('api');
  expect(await answer('fault-convertor-reset-before')).toBe('ECONNRESET');
  expect(await answer('fault-convertor-reset-midway')).toBe('200 ECONNRESET');
});

test('a peer without TLS survives a client that speaks it, and one that speaks nothing', async () => {
  const convertor = await start(startConvertor());
  for (const greeting of ['\u0016\u0003\u0001\u0002', 'GARBAGE\r\n\r\n', 'GET / HTTP/9.9\r\n\r\n']) {
    const socket = connect(Number(new URL(convertor.url).port), '127.0.0.1');
    socket.end(greeting);
    await once(
      socket.resume().on('error', () => {}),
      'close',
    );
  }
  expect((await ask(`${convertor.url}${path}api`)).status).toBe(200);
});

test('stopping closes idle and waiting connections, and may be asked for twice', async () => {
  const convertor = await start(startConvertor());
  const agent = new Agent({ keepAlive: true });
  await ask(`${convertor.url}${path}api`, { agent });
  const waiting = ask(`${convertor.url}${path}fault-convertor-hang`);
  await convertor.waitForRequest(() => true, 2);
  await Promise.all([convertor.stop(), convertor.stop()]);
  expect((await waiting).broken).toBe('ECONNRESET');
  agent.destroy();
  expect((await ask(`${convertor.url}${path}api`)).broken).toBe('ECONNREFUSED');
});

test('a port that is taken is an error to whoever starts', async () => {
  const { url } = await start(startConvertor());
  await expect(startDashboard({ port: Number(new URL(url).port) })).rejects.toThrow('EADDRINUSE');
});

test('a peer that stopped can start again on its port', async () => {
  const { url, stop } = await start(startConvertor());
  await stop();
  const again = await start(startConvertor({ port: Number(new URL(url).port) }));
  expect(again.url).toBe(url);
});

test('a request whose body never ended is in the ledger, and nothing is stored', async () => {
  const dashboard = await start(startDashboard());
  const socket = connect(Number(new URL(dashboard.url).port), '127.0.0.1');
  socket.write('POST /api/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"service":');
  await new Promise((resolve) => socket.write('"', resolve));
  const seen = dashboard.waitFor();
  socket.end();
  expect([(await seen).reasons, (await seen).body]).toEqual([['the body never ended'], '{"service":"']);
  expect(dashboard.accepted).toEqual([]);
});

test('an idle connection is closed after its time', async () => {
  const convertor = await start(startConvertor({ keepAliveMs: 1 }));
  const socket = connect(Number(new URL(convertor.url).port), '127.0.0.1');
  socket.write(`GET ${path}api HTTP/1.1\r\nHost: x\r\n\r\n`);
  expect(await text(socket)).toContain('"weight":0');
});

test('requests under way at once are counted', async () => {
  const convertor = await start(startConvertor());
  const both = [1, 2].map(() => ask(`${convertor.url}${path}fault-convertor-hang`));
  await convertor.waitForRequest(() => true, 2);
  expect(convertor.requests.map(({ inFlight }) => inFlight)).toEqual([1, 2]);
  await convertor.stop();
  await Promise.all(both);
  expect(convertor.requests.map(({ ended }) => ended)).toEqual(['cut', 'cut']);
});

test('old entries go, so that a peer may run for weeks', async () => {
  const convertor = await start(startConvertor({ keep: 10 }));
  for (let i = 0; i < 25; i++) await ask(`${convertor.url}${path}api`);
  expect(convertor.requests.length).toBeLessThanOrEqual(10);
  expect(convertor.requests.at(-1)?.number).toBe(25);
});
