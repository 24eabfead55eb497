import { Agent } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type Convertor, type ConvertorOptions, startConvertor } from '../../src/demo/convertor.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';

const clock = new FakeClock();
const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function start(options: ConvertorOptions = {}): Promise<Convertor> {
  const convertor = await startConvertor({ clock, ...options });
  stops.push(convertor.stop);
  return convertor;
}

const window = 'from=2026-01-20T11:55:00Z&to=2026-01-20T12:00:00Z';
const query = `${window}&service=ecs&environment=eu-de`;

async function checkRefusal(
  options: ConvertorOptions,
  path: string,
  status: number,
  body: string,
): Promise<void> {
  const convertor = await start(options);
  convertor.set('ecs', 'eu-nl', {});
  convertor.set('gone', 'eu-de', { shape: 'X' });
  const answer = await ask(convertor.url + path);
  expect([answer.status, String(answer.body)]).toEqual([status, body]);
}

test('shape X is a refusal', () =>
  checkRefusal(
    {},
    `/v1/health?${window}&service=gone&environment=eu-de`,
    409,
    '{"message":"Service not supported"}',
  ));
test('a strict convertor knows only what was set', () =>
  checkRefusal(
    { strict: true },
    `/v1/health?${window}&service=x&environment=y`,
    409,
    '{"message":"Service not supported"}',
  ));
test('a strict convertor knows a service in another environment', () =>
  checkRefusal(
    { strict: true },
    `/v1/health?${query}`,
    409,
    '{"message":"Environment for service not supported"}',
  ));
test('a missing parameter is refused in the words of the real one', () =>
  checkRefusal(
    {},
    '/v1/health?from=2026-01-20T11:55:00Z&service=a&environment=b',
    400,
    'Failed to deserialize query string: missing field `to`',
  ));
test('a repeated parameter is refused', () =>
  checkRefusal(
    {},
    `/v1/health?${query}&service=b`,
    400,
    'Failed to deserialize query string: duplicate field `service`',
  ));
test('a time without a zone is refused', () =>
  checkRefusal(
    {},
    '/v1/health?from=2026-01-20&to=now&service=a&environment=b',
    400,
    'Failed to deserialize query string: premature end of input',
  ));
test('a path that was left out answers 404', () =>
  checkRefusal({ paths: ['/api/v1/health'] }, `/v1/health?${query}`, 404, ''));
test('a convertor with a token refuses who has none', () =>
  checkRefusal({ bearerToken: 't' }, `/v1/health?${query}`, 401, '{"message":"Unauthorized"}'));

test('an answer of the test’s own is sent as it is', async () => {
  const convertor = await start();
  convertor.set('ecs', 'eu-de', { answer: { status: 418, headers: { 'x-tea': 'green' }, body: 'short' } });
  const answer = await ask(`${convertor.url}/v1/health?${query}`);
  expect([answer.status, answer.headers['x-tea'], String(answer.body)]).toEqual([418, 'green', 'short']);
});

test('every request is in the ledger, decoded, with its connection', async () => {
  const convertor = await start();
  const agent = new Agent({ keepAlive: true });
  const url = `${convertor.url}/v1/health?${window}&service=a%20%26%2Fb&environment=%C3%A9`;
  await ask(url, { agent });
  await ask(url, { agent });
  await ask(url);
  agent.destroy();
  const [first, second, third] = convertor.requests;
  expect([first?.service, first?.environment, first?.method, first?.path]).toEqual([
    'a &/b',
    'é',
    'GET',
    '/v1/health',
  ]);
  expect([first?.socket, second?.socket, third?.socket]).toEqual([1, 1, 2]);
  expect(convertor.requests.map(({ number }) => number)).toEqual([1, 2, 3]);
});

test('one can wait for a request that is still to come', async () => {
  const convertor = await start();
  const second = convertor.waitForRequest(({ service }) => service === 'ecs', 2);
  await ask(`${convertor.url}/v1/health?${query}`);
  await ask(`${convertor.url}/v1/health?${window}&service=other&environment=eu-de`);
  await ask(`${convertor.url}/v1/health?${query}`);
  expect((await second).number).toBe(3);
});

test('who waits when the convertor stops is told', async () => {
  const convertor = await start();
  const waiting = convertor.waitForRequest();
  await convertor.stop();
  await expect(waiting).rejects.toThrow('the peer stopped while somebody waited for a request; it saw 0');
});

test('the whole convertor fails so many times, and then is well', async () => {
  const convertor = await start();
  convertor.fail('status-503', { times: 2 });
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await ask(`${convertor.url}/v1/health?${query}`)).status);
  expect(statuses).toEqual([503, 503, 200]);
});

test('a delayed answer waits for the clock, and stopping does not wait for it', async () => {
  const convertor = await start();
  convertor.set('ecs', 'eu-de', { delayMs: 5_000 });
  const answer = ask(`${convertor.url}/v1/health?${query}`);
  await convertor.waitForRequest();
  expect(clock.waiting).toContain(5_000);
  await clock.advance(5_000);
  expect((await answer).status).toBe(200);
  const cut = ask(`${convertor.url}/v1/health?${query}`);
  await convertor.waitForRequest(() => true, 2);
  await convertor.stop();
  expect((await cut).broken).toBe('ECONNRESET');
  expect(clock.waiting).toEqual([]);
});

test('two convertors live in one process', async () => {
  const [a, b] = [await start(), await start()];
  a.set('ecs', 'eu-de', { status: 1, shape: 'B' });
  await ask(`${a.url}/v1/health?${query}`);
  expect([a.requests.length, b.requests.length]).toEqual([1, 0]);
});
