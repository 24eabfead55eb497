/** The dialect of Slack's webhooks: a channel, and the words of its refusals. */
import { expect, onTestFinished, test } from 'vitest';
import { startSlack } from '../../../src/demo/dialects/slack.ts';
import { FakeClock } from '../../fake-clock.ts';
import { ask } from '../ask.ts';

const path = '/services/T1/B1/token';

async function start(only?: string) {
  const clock = new FakeClock();
  const server = await startSlack({ clock, ...(only !== undefined && { path: only }) });
  onTestFinished(() => server.stop());
  const send = async (message: unknown, to = path, type = 'application/json', method = 'POST') => {
    const { status, body, headers } = await ask(server.url + to, {
      method,
      headers: { 'content-type': type },
      send: typeof message === 'string' ? message : JSON.stringify(message),
    });
    return [status, String(body), headers['retry-after']].filter((part) => part !== undefined);
  };
  return { server, clock, send };
}

test('what has a text, an attachment or a block is taken, each time anew', async () => {
  const { server, send } = await start();
  const block = { blocks: [{ type: 'divider' }] };
  for (const message of [{ text: 'a' }, { text: 'a' }, { attachments: [{ text: 'b' }] }, block]) {
    expect(await send(message)).toEqual([200, 'ok']);
  }
  expect(server.messages.map(({ text }) => text)).toEqual(['a', 'a', '', '']);
});

test('what has none of them, or is no object, is refused', async () => {
  const { server, send } = await start();
  for (const empty of [{}, { text: '' }, { attachments: [] }])
    expect(await send(empty)).toEqual([400, 'no_text']);
  for (const bad of ['{', '[]', 'null', { text: 5 }, { text: 'a', attachments: {} }]) {
    expect(await send(bad)).toEqual([400, 'invalid_payload']);
  }
  expect(await send({ text: 'a' }, path, 'text/plain')).toEqual([400, 'invalid_payload']);
  expect(server.messages).toEqual([]);
});

test('only the webhook that there is is one', async () => {
  const { send } = await start(path);
  expect(await send({ text: 'a' }, '/services/T1/B1/other')).toEqual([403, 'invalid_token']);
  expect(await send({ text: 'a' }, '/services/T1/B2/token')).toEqual([404, 'no_service']);
  expect(await send({ text: 'a' }, '/')).toEqual([404, 'no_service']);
  expect(await send({ text: 'a' }, path, 'application/json', 'PUT')).toEqual([405, 'method_not_allowed']);
});

test('every refusal has its status and its word', async () => {
  const { server, send } = await start();
  const words = [
    ['invalid_payload', 400],
    ['user_not_found', 400],
    ['action_prohibited', 403],
    ['invalid_token', 403],
    ['channel_not_found', 404],
    ['no_service', 404],
    ['channel_is_archived', 410],
    ['rollup_error', 500],
  ] as const;
  for (const [word, status] of words) {
    server.refuse(word);
    expect(await send({ text: 'a' })).toEqual([status, word]);
  }
  server.refuse(undefined);
  expect(await send({ text: 'a' })).toEqual([200, 'ok']);
});

test('the 61st message within a minute is refused', async () => {
  const { clock, send } = await start();
  for (let sent = 0; sent < 60; sent++) expect(await send({ text: 'a' })).toEqual([200, 'ok']);
  expect(await send({ text: 'a' })).toEqual([429, 'rate_limited', '10']);
  await clock.advance(60_000);
  expect(await send({ text: 'a' })).toEqual([200, 'ok']);
});
