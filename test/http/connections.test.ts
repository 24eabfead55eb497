/** How long a connection may take, how many there may be, and how the listener ends. */
import { Agent, get } from 'node:http';
import { expect, test } from 'vitest';
import type { Page } from '../../src/http/routes.ts';
import { plain } from '../../src/http/routes.ts';
import { large, listening, request, say, statusOf } from './listening.ts';

const whole = 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n';

test.each([
  ['that says nothing', '', ''],
  ['whose headers do not end', 'GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n', 'X: y\r\n'],
  ['whose body does not end', 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\n', 'x'],
  [
    'whose chunks do not end',
    'POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
    '1\r\nx\r\n',
  ],
])('a connection %s is cut after 5 s, however it drips', async (_, first, drip) => {
  const { port, clock } = await listening();
  const { socket, closed } = say(port, first);
  for (let second = 1; second <= 5; second++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(socket.closed).toBe(false);
    socket.write(drip);
    await clock.advance(second < 5 ? 1_000 : 999);
  }
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  expect(statusOf(await closed)).toBe(undefined);
});

test('an idle connection is closed 5 s after its last answer', async () => {
  const { port, clock } = await listening();
  const { socket, hears, closed } = say(port, whole);
  await hears('healthy\n');
  await clock.advance(4_000);
  socket.write(whole.replace('healthy', 'ready'));
  await hears('not yet\n');
  await clock.advance(4_999);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  expect(await closed).not.toContain('[E');
});

test('a client that does not read its answer is cut after 5 s', async () => {
  const { port, clock } = await listening();
  const { socket, hears, closed } = say(port, whole.replace('/-/healthy', '/large'));
  await hears('HTTP/1.1 200');
  socket.pause();
  await clock.advance(5_000);
  socket.resume();
  expect((await closed).length).toBeLessThan(large.length);
});

test('a client that was refused has a second to read why, before what it still sends is met by a reset', async () => {
  const { port, clock } = await listening();
  const more = 'Host: localhost\r\nContent-Length: 800000';
  const { hears } = say(port, `POST / HTTP/1.1\r\n${more}\r\n\r\n${'x'.repeat(800_000)}`);
  await hears('too large\n');
  expect(clock.waiting).toEqual([1_000]);
  await clock.advance(1_000);
  expect(clock.waiting).toEqual([]);
});

test('a connection that lasts is closed with the first answer after an hour', async () => {
  const { url, clock } = await listening();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ask = () =>
    new Promise<string | undefined>((resolve) => {
      get(`${url}/-/healthy`, { agent }, (answer) =>
        answer.resume().once('end', () => resolve(answer.headers.connection)),
      );
    });
  for (let atMs = 0; atMs < 3_600_000; atMs += 4_000) {
    expect(await ask()).toBe('keep-alive');
    await clock.advance(4_000);
  }
  expect(await ask()).toBe('close');
  expect(await ask()).toBe('keep-alive');
  agent.destroy();
}, 20_000);

test('the 33rd of an address takes the place of the one longest without a complete request', async () => {
  const { port } = await listening();
  const open = async (text = 'GET') => {
    const dialogue = say(port, text);
    if (text === whole) await dialogue.hears('healthy\n');
    else await new Promise((resolve) => dialogue.socket.once('connect', resolve));
    return dialogue;
  };
  const busy = await open(whole);
  const stuck = [];
  for (let number = 0; number < 31; number++) stuck.push(await open());
  // Asked again: now the others are longer without.
  busy.socket.write(whole.replace('healthy', 'ready'));
  await busy.hears('not yet\n');
  const elsewhere = say(port, whole, '127.0.0.1', '127.0.0.2');
  await elsewhere.hears('healthy\n');
  expect(stuck.filter(({ socket }) => socket.closed)).toEqual([]);
  await (await open(whole)).hears('healthy\n');
  await stuck[0]?.closed;
  await (await open(whole)).hears('healthy\n');
  await stuck[1]?.closed;
  expect(stuck.filter(({ socket }) => socket.closed)).toHaveLength(2);
  expect([busy.socket.closed, elsewhere.socket.closed]).toEqual([false, false]);
});

test('the 257th of all takes such a place, too', async () => {
  const { port } = await listening();
  const all = [];
  for (let number = 0; number < 256; number++) {
    const dialogue = say(port, whole, '127.0.0.1', `127.0.1.${number % 16}`.replace(/\.0$/, '.16'));
    await dialogue.hears('healthy\n');
    all.push(dialogue);
  }
  await say(port, whole).hears('healthy\n');
  await all[0]?.closed;
  expect(all.filter(({ socket }) => socket.closed)).toHaveLength(1);
});

test('a listener that stops answers what is under way and closes the rest at once', async () => {
  let finish: (page: Page) => void = () => undefined;
  const slow = new Promise<Page>((resolve) => {
    finish = resolve;
  });
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const { port, stop } = await listening({}, () => {
    asked();
    return slow;
  });
  const underWay = say(port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const idle = say(port, whole);
  const begun = say(port, 'GET /-/hea');
  await Promise.all([idle.hears('healthy\n'), isAsked]);
  const stopped = stop();
  await Promise.all([idle.closed, begun.closed]);
  expect(await say(port, request('GET /-/healthy HTTP/1.1')).closed).toBe('[ECONNREFUSED]');
  expect(underWay.socket.closed).toBe(false);
  finish(plain(200, 'at last'));
  expect(await underWay.closed).toMatch(/connection: close.*at last\n$/is);
  await stopped;
});

test('an answer that does not come keeps the listener for a second', async () => {
  const never = new Promise<Page>(() => undefined);
  const { port, stop, clock } = await listening({}, () => never);
  const { closed, socket } = say(port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const stopped = stop();
  await clock.advance(999);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  await Promise.all([stopped, closed]);
});
