/** The dialect of a receiver of webhooks: it takes each key once. */
import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { startWebhook } from '../../../src/demo/dialects/webhook.ts';
import { ask } from '../ask.ts';

const key = 'a'.repeat(64);
const secret = 'secret';
const good = {
  'content-type': 'application/json',
  'idempotency-key': key,
  'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update('{}').digest('hex')}`,
  'x-team': 'ops',
};

async function check(changed: Record<string, string>, status: number, body = '{}', method = 'POST') {
  const server = await startWebhook({ secret, wants: { 'x-team': 'ops' } });
  onTestFinished(() => server.stop());
  const seen = await ask(`${server.url}/hook`, { method, headers: { ...good, ...changed }, send: body });
  expect([seen.status, server.received.length]).toEqual([status, status === 200 ? 1 : 0]);
}

test('what is right is taken', () => check({}, 200));
test('by any method that brings something', () => check({}, 200, '{}', 'PATCH'));
test('another method is refused', () => check({}, 405, '', 'DELETE'));
test('a body that is not the signed one is refused', () => check({}, 401, '{ }'));
test('a header that is missing is refused', () => check({ 'x-team': 'dev' }, 401));
test('a key that is none is refused', () => check({ 'idempotency-key': '7' }, 400));
test('a body without a type is refused', () => check({ 'content-type': '' }, 415));

test('a key that comes again is taken once, and only with the same bytes', async () => {
  const server = await startWebhook();
  onTestFinished(() => server.stop());
  const send = async (body: string) =>
    (await ask(server.url, { method: 'POST', headers: good, send: body })).status;
  expect([await send('{"a":1}'), await send('{"a":1}'), await send('{"a":2}'), await send('{')]).toEqual([
    200, 200, 422, 400,
  ]);
  expect(server.received.map(({ body }) => body)).toEqual(['{"a":1}']);
});
