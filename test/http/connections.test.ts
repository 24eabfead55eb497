/** How long a connection may take, how many there may be, and how the listener ends. */
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { expect, test, vi } from 'vitest';
import type { Intake, Page } from '../../src/http/routes.ts';
import { plain } from '../../src/http/routes.ts';
import { limits } from '../../src/model/limits.ts';
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
  await vi.waitFor(() => expect(clock.waiting).toEqual([5_000]), 10_000);
  for (let second = 1; second <= 5; second++) {
    expect(socket.closed).toBe(false);
    await new Promise((resolve) => socket.write(drip, resolve));
    await clock.advance(second < 5 ? 1_000 : 999);
  }
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  expect(statusOf(await closed)).toBe(undefined);
});

test('an idle connection is closed 4.5 s after its last answer, between two that our pages ask for', async () => {
  const { port, clock } = await listening();
  const { socket, hears, closed } = say(port, whole);
  await hears('healthy\n');
  await clock.advance(4_000);
  socket.write(whole.replace('healthy', 'ready'));
  await hears('not yet\n');
  await clock.advance(4_499);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  expect(await closed).not.toContain('[E');
});

test('whoever is kept is told for how long, and whoever is not, is not', async () => {
  const { port } = await listening();
  const told = async (text: string) => {
    const { hears, heard } = say(port, text);
    await hears('healthy\n');
    return heard().match(/^(connection|keep-alive): .*$/gim);
  };
  const old = whole.replace('1.1', '1.0');
  const kept = ['keep-alive: timeout=4', 'Connection: keep-alive'];
  expect(await told(whole)).toEqual(kept);
  expect(await told(old.replace('\r\n\r\n', '\r\nConnection: keep-alive\r\n\r\n'))).toEqual(kept);
  expect(await told(old)).toEqual(['Connection: close']);
  expect(await told(request('GET /-/healthy HTTP/1.1'))).toEqual(['Connection: close']);
  const withBody = whole.replace('\r\n\r\n', '\r\nContent-Length: 1\r\n\r\nx');
  expect(await told(withBody)).toEqual(['connection: close']);
});

test('whoever is told asks anew before the connection is closed', async () => {
  const { url, clock } = await listening();
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const [answer] = await once(get(`${url}/-/healthy`, { agent }), 'response');
  await once(answer.resume(), 'close');
  await vi.waitFor(() => expect(Object.values(agent.freeSockets).flat()).toHaveLength(1), 10_000);
  const [socket] = Object.values(agent.freeSockets).flat();
  expect(socket?.timeout).toBeLessThanOrEqual(4_000);
  expect(Math.min(...clock.waiting)).toBe(4_500);
  agent.destroy();
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
  const { hears } = say(port, `GET /-/healthy HTTP/1.1\r\n${more}\r\n\r\n${'x'.repeat(800_000)}`);
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

test('a request whose body is on its way keeps no place, and has no more time', async () => {
  const { port, clock } = await listening();
  const post = 'POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\nx';
  const all = [];
  for (let number = 0; number < 32; number++) {
    const dialogue = say(port, whole);
    await dialogue.hears('healthy\n');
    all.push(dialogue);
  }
  const [first, second] = all;
  await clock.advance(4_000);
  for (const dialogue of [first, second]) {
    await new Promise((resolve) => dialogue?.socket.write(post, resolve));
  }
  await clock.advance(499);
  expect(all.filter(({ socket }) => socket.closed)).toEqual([]);
  await say(port, whole).hears('healthy\n');
  await first?.closed;
  expect(second?.socket.closed).toBe(false);
  await clock.advance(1);
  await second?.closed;
  const next = say(port, post);
  await vi.waitFor(() => expect(clock.waiting.at(-1)).toBe(5_000), 10_000);
  await clock.advance(4_999);
  next.socket.write('x');
  await next.hears('only GET and HEAD\n');
});

/** A route that says when it is asked, and answers when it is told to. */
function slowRoute() {
  let finish: (page: Page) => void = () => undefined;
  const page = new Promise<Page>((resolve) => {
    finish = resolve;
  });
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const route = () => {
    asked();
    return page;
  };
  return { route, isAsked, finish: (text: string) => finish(plain(200, text)) };
}

test('a client waits for an answer as long as it takes to make, and then has 5 s to read it', async () => {
  const slow = slowRoute();
  const { port, clock } = await listening({}, slow.route);
  const { socket, hears, closed } = say(port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await slow.isAsked;
  await clock.advance(limits.answerMsMax - 1);
  expect(socket.closed).toBe(false);
  slow.finish(large);
  await hears('HTTP/1.1 200');
  socket.pause();
  await clock.advance(4_999);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  socket.resume();
  expect((await closed).length).toBeLessThan(large.length);
});

test('an answer that is never made does not hold its connection for ever', async () => {
  const slow = slowRoute();
  const { port, clock } = await listening({}, slow.route);
  const { socket, closed } = say(port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await slow.isAsked;
  await clock.advance(limits.answerMsMax - 1);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  expect(await closed).toBe('');
});

test('an intake may take its time, too', async () => {
  const slow = slowRoute();
  const take: Intake = { admit: () => 10, take: slow.route, refusal: (status, text) => plain(status, text) };
  const { port, clock } = await listening({}, undefined, { intakes: new Map([['/take', take]]) });
  const { hears } = say(port, 'POST /take HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\n\r\nx');
  await slow.isAsked;
  await clock.advance(7_000);
  slow.finish('taken');
  await hears('taken\n');
});

test('a listener that stops answers what is under way and closes the rest at once', async () => {
  const slow = slowRoute();
  const { port, stop, clock } = await listening({}, slow.route);
  const underWay = say(port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const arriving = say(port, whole.replace('\r\n\r\n', '\r\nContent-Length: 2\r\n\r\nx'));
  const idle = say(port, whole);
  const begun = say(port, 'GET /-/hea');
  await Promise.all([idle.hears('healthy\n'), slow.isAsked]);
  await vi.waitFor(() => expect(clock.waiting).toHaveLength(4), 10_000);
  await clock.advance(0);
  const stopped = stop();
  await Promise.all([idle.closed, begun.closed]);
  expect(await say(port, request('GET /-/healthy HTTP/1.1')).closed).toBe('[ECONNREFUSED]');
  expect([underWay.socket.closed, arriving.socket.closed]).toEqual([false, false]);
  arriving.socket.write('x');
  expect(await arriving.closed).toMatch(/connection: close.*healthy\n$/is);
  slow.finish('at last');
  expect(await underWay.closed).toMatch(/connection: close.*at last\n$/is);
  await stopped;
});

test('an answer that does not come keeps the listener for a second', async () => {
  const slow = slowRoute();
  const { port, stop, clock } = await listening({}, slow.route);
  const { closed, socket } = say(port, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await slow.isAsked;
  const stopped = stop();
  await clock.advance(999);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  await Promise.all([stopped, closed]);
});
