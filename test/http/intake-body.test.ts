/** How long a body may take, and how much of all of them is held at once. */
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { BodyBudget } from '../../src/http/body-budget.ts';
import { Connection } from '../../src/http/connections.ts';
import { IntakeBody } from '../../src/http/intake-body.ts';
import { FakeClock } from '../fake-clock.ts';
import { heldBytes, mebibyte } from '../memory.ts';
import { type Dialogue, request, say, statusOf } from './listening.ts';
import { answered, chunked, head, isKept, post, sayInPieces, type Taking, taking } from './taking.ts';

const announced = (bytes: number, ...more: readonly string[]) =>
  head('/batch', [`Content-Length: ${bytes}`, ...more]);
const inChunks = head('/batch', ['Transfer-Encoding: chunked']);
const whole = 8 * mebibyte;

/** Bytes that are different everywhere. */
function noise(bytes: number, seed: number): Buffer {
  const blocks = Array.from({ length: Math.ceil(bytes / 64) }, (_, at) =>
    createHash('sha512').update(`${seed} ${at}`).digest(),
  );
  return Buffer.concat(blocks).subarray(0, bytes);
}

/** From 0 to 1, always the same. */
function chance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

test('a body comes through whatever pieces it comes in', async () => {
  const { port, taken } = await taking();
  for (let seed = 1; seed <= 40; seed++) {
    const next = chance(seed);
    const body = noise(Math.floor(next() ** 3 * 300_000) + 1, seed);
    const isChunked = next() < 0.5;
    const pieces: Buffer[] = [Buffer.from(isChunked ? inChunks : announced(body.length))];
    for (let at = 0; at < body.length; ) {
      const piece = body.subarray(at, at + 1 + Math.floor(next() * (next() < 0.5 ? 300 : 100_000)));
      at += piece.length;
      if (isChunked) pieces.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n'));
      else pieces.push(piece);
    }
    if (isChunked) pieces.push(Buffer.from('0\r\n\r\n'));
    const all = Buffer.concat(pieces);
    const cuts: Buffer[] = [];
    for (let at = 0; at < all.length; ) {
      const cut = all.subarray(at, at + 1 + Math.floor(next() * (all.length / 8)));
      at += cut.length;
      cuts.push(cut);
    }
    const dialogue = await sayInPieces(port, cuts);
    expect(statusOf(await answered(dialogue)), `seed ${seed}`).toBe(200);
    expect(taken.at(-1)?.body.equals(body), `seed ${seed}`).toBe(true);
    dialogue.socket.destroy();
  }
  expect(taken.length).toBe(40);
});

test('a body of single bytes takes no more than it is', async () => {
  const { port, taken } = await taking();
  const bytes = 200_000;
  expect(statusOf(await answered(say(port, chunked('/batch', 'x'.repeat(bytes), 1))))).toBe(200);
  const body = taken[0]?.body;
  expect([body?.length, (body?.buffer.byteLength ?? 0) <= 2 * bytes]).toEqual([bytes, true]);
});

test('nor while it comes: no crumb of it is kept', () => {
  const [request, bytes] = [new PassThrough() as unknown as IncomingMessage, 200_000];
  const body = new IntakeBody(
    request,
    { bytes: undefined, bytesMax: mebibyte },
    new BodyBudget(() => undefined),
  );
  const isNone = () => expect.fail('there is room for it');
  body.read({ whole: isNone, tooLarge: isNone, noRoom: isNone, come: () => undefined });
  const before = heldBytes();
  for (let come = 0; come < bytes; come++) request.emit('data', Buffer.of(120));
  // Kept one by one they would take some 200 bytes each.
  expect(heldBytes() - before).toBeLessThan(8 * mebibyte);
  expect(body.content.equals(Buffer.alloc(bytes, 'x'))).toBe(true);
});

/** How many of the clients are let in. */
async function admittedOf(dialogues: readonly Dialogue[]): Promise<number> {
  await Promise.all(dialogues.map(({ heard }) => vi.waitFor(() => expect(heard()).toMatch(/^HTTP/), 10_000)));
  return dialogues.filter(({ heard }) => heard().startsWith('HTTP/1.1 100')).length;
}

/** There is room for four bodies of 8 MiB, so nobody else holds anything. */
async function expectAllRoom({ port }: Taking): Promise<void> {
  const asking = (bytes = whole) => say(port, announced(bytes, 'Expect: 100-continue'));
  const four = [asking(), asking(), asking(), asking()];
  try {
    expect(await admittedOf(four)).toBe(4);
    const fifth = asking(65_537);
    expect(await admittedOf([fifth])).toBe(0);
    expect(await fifth.closed).toMatch(/^HTTP\/1.1 503 .*retry-after: 1\r\n.*"too much at once"}\n$/s);
  } finally {
    for (const { socket } of four) socket.resetAndDestroy();
    await Promise.all(four.map(({ closed }) => closed));
  }
}

test('large bodies have 32 MiB together, and what is small needs none of it', async () => {
  const listener = await taking();
  const { port, taken } = listener;
  const four = Array.from({ length: 4 }, () => say(port, announced(whole)));
  const asks = () => say(port, announced(65_537, 'Expect: 100-continue'));
  await vi.waitFor(async () => expect(await admittedOf([asks()])).toBe(0), 10_000);
  // In chunks, so that nobody knows it before it comes.
  const long = chunked('/batch', 'x'.repeat(65_537), 10_000);
  const heard = await say(port, long.slice(0, -5)).closed;
  expect(heard).toMatch(/^HTTP\/1.1 503 .*retry-after: 1\r\n/s);
  const dialogue = say(port, post('/batch', 'x'.repeat(65_536)));
  expect([statusOf(await answered(dialogue)), taken.length]).toEqual([200, 1]);
  expect(await isKept(dialogue)).toBe(true);
  // One is whole: its room is another's.
  four[0]?.socket.write(Buffer.alloc(whole, 'x'));
  await answered(four[0] as Dialogue);
  expect(taken.at(-1)?.body.length).toBe(whole);
  expect(statusOf(await answered(say(port, post('/batch', 'x'.repeat(65_537)))))).toBe(200);
  for (const { socket } of four.slice(1)) socket.resetAndDestroy();
  await vi.waitFor(() => expectAllRoom(listener), 10_000);
});

test('a body that finds no more room on its way gives back what it had, once', async () => {
  const listener = await taking();
  const { port, admissions } = listener;
  const others = [whole, whole, whole, whole - mebibyte].map((bytes) => say(port, announced(bytes)));
  await vi.waitFor(() => expect(admissions()).toBe(4), 10_000);
  const long = chunked('/batch', 'x'.repeat(2 * mebibyte), 100_000);
  expect(statusOf(await say(port, long.slice(0, -5)).closed)).toBe(503);
  for (const { socket } of others) socket.resetAndDestroy();
  await Promise.all(others.map(({ closed }) => closed));
  await vi.waitFor(() => expectAllRoom(listener), 10_000);
});

test('a body that is still being taken keeps its room, though its client is gone', async () => {
  const listener = await taking();
  const { port, finishLater, clock, taken } = listener;
  const large = Buffer.alloc(whole, 'x');
  const four = Array.from({ length: 4 }, () =>
    say(port, Buffer.concat([Buffer.from(announced(whole).replace('batch', 'later-batch')), large])),
  );
  await vi.waitFor(() => expect(listener.later()).toBe(4), 10_000);
  for (const { socket } of four) socket.resetAndDestroy();
  await Promise.all(four.map(({ closed }) => closed));
  await clock.advance(0);
  expect(await admittedOf([say(port, announced(65_537, 'Expect: 100-continue'))])).toBe(0);
  finishLater();
  await vi.waitFor(() => expect(taken.length).toBe(4), 10_000);
  await expectAllRoom(listener);
});

/** What clients do that never bring what they announced, or bring too much. */
const mischief: readonly ((port: number, next: () => number) => Dialogue)[] = [
  (port) => say(port, announced(whole)),
  (port, next) =>
    say(port, announced(1 + Math.floor(next() * whole)) + 'x'.repeat(Math.floor(next() * 90_000))),
  (port, next) => say(port, chunked('/batch', 'x'.repeat(Math.floor(next() * 300_000)), 5_000).slice(0, -5)),
  (port) => say(port, announced(whole, 'Expect: 100-continue')),
  (port) => say(port, `${inChunks}${(100_000).toString(16)}\r\n${'x'.repeat(100_000)}zz\r\n`),
  (port) => say(port, chunked('/one', 'x'.repeat(100_000), 5_000)),
  (port, next) => say(port, post('/batch', 'x'.repeat(Math.floor(next() * 200_000)))),
  (port) => say(port, `${post('/batch', 'x'.repeat(70_000))}${announced(whole)}`),
  (port) => say(port, chunked('/throws-batch', 'x'.repeat(70_000), 9_000)),
  (port) => say(port, post('/later-batch', 'x'.repeat(70_000))),
];

test.each([1, 2, 3, 4, 5, 6])('whatever becomes of bodies, their room is free again: %d', async (seed) => {
  const listener = await taking();
  const { port, clock } = listener;
  const next = chance(seed);
  const all: Dialogue[] = [];
  for (let step = 0; step < 60; step++) {
    const make = mischief[Math.floor(next() * mischief.length)];
    if (make) all.push(make(port, next));
    const one = all[Math.floor(next() * all.length)];
    const what = next();
    if (what < 0.2) one?.socket.resetAndDestroy();
    else if (what < 0.35) one?.socket.end();
    else if (what < 0.5) one?.socket.write('x'.repeat(50_000));
    else if (what < 0.55) await clock.advance(1_500);
    else await new Promise((resolve) => setImmediate(resolve));
  }
  listener.finishLater();
  const isClosed = Promise.all(all.map(({ closed }) => closed));
  for (let second = 0; second < 60; second++) await clock.advance(1_000);
  await isClosed;
  await expectAllRoom(listener);
});

test('64 half-sent bodies keep no honest client out', async () => {
  const { port, taken, clock } = await taking();
  const stuck = Array.from({ length: 64 }, (_, at) =>
    say(port, `${announced(whole)}${'x'.repeat(70_000)}`, '127.0.0.1', `127.0.1.${(at % 8) + 1}`),
  );
  await vi.waitFor(
    () => expect(stuck.filter(({ heard }) => heard().includes(' 503 ')).length).toBe(60),
    10_000,
  );
  for (let number = 1; number <= 20; number++) {
    expect(statusOf(await answered(say(port, post('/one', 'hello'))))).toBe(200);
    expect(taken.length).toBe(number);
  }
  expect(statusOf(await say(port, request('GET /-/healthy HTTP/1.1')).closed)).toBe(200);
  await clock.advance(7_000);
  await Promise.all(stuck.map(({ closed }) => closed));
  expect(statusOf(await answered(say(port, post('/batch', 'x'.repeat(100_000)))))).toBe(200);
});

/** What was written has come, and what was cut is known to be. */
async function hasCome(): Promise<void> {
  for (let turn = 0; turn < 30; turn++) await new Promise((resolve) => setImmediate(resolve));
}

/** How long it is let be when it brings so much a second of what it announced, or 60 s. */
async function lastsMs(
  bytesPerSecond: number,
  first: string,
  frame: (text: string) => string,
): Promise<number> {
  const { port, clock } = await taking();
  const { socket, heard, closed } = say(port, first);
  let isClosed = false;
  void closed.then(() => {
    isClosed = true;
  });
  await vi.waitFor(() => expect(clock.waiting).toHaveLength(1), 10_000);
  for (let ms = 0; ms < 60_000; ms += 500) {
    if (isClosed || heard() !== '') return ms;
    await new Promise((resolve) => socket.write(frame('x'.repeat(bytesPerSecond / 2)), resolve));
    await clock.advance(500);
    await hasCome();
  }
  return 60_000;
}

const asChunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

test('a client that brings 1 MiB a second has the time it needs', async () => {
  const { port, clock, taken } = await taking();
  const { socket, hears } = say(port, announced(whole));
  for (let second = 1; second <= 8; second++) {
    await clock.advance(1_000);
    await new Promise((resolve) => socket.write('x'.repeat(mebibyte), resolve));
    await hasCome();
  }
  await hears('{"success":true}\n');
  expect(taken[0]?.body.length).toBe(whole);
});

test.each([
  ['nothing', 0, announced(whole), String],
  ['a crumb', 2, announced(whole), String],
  ['a crumb in chunks', 2, inChunks, asChunk],
])('who brings %s a second of 8 MiB is cut after 5 s', async (_, bytes, first, frame) => {
  expect(await lastsMs(bytes, first, frame)).toBe(5_000);
});

test('who is too slow is cut, and nobody has more than a minute', async () => {
  const lasts = async (bytesPerSecond: number) => {
    const clock = new FakeClock();
    const socket = Object.assign(new PassThrough(), { remoteAddress: '::ffff:192.0.2.1' });
    const owner = { nextTurn: () => 1, gone: () => undefined };
    const connection = new Connection(socket as unknown as Socket, clock, owner);
    connection.admitted();
    for (let ms = 0; ms < 70_000; ms += 100) {
      connection.come((bytesPerSecond * ms) / 1_000);
      await clock.advance(100);
      if (socket.destroyed) return ms + 100;
    }
    return undefined;
  };
  expect(await lasts(0)).toBe(5_000);
  expect(await lasts(32_768)).toBe(9_900);
  for (const bytes of [65_536, mebibyte, 100 * mebibyte]) expect(await lasts(bytes)).toBe(60_000);
});

test('a connection that was kept until the last moment has time for its body', async () => {
  const { port, clock, taken, admissions } = await taking();
  const dialogue = say(port, post('/one', 'x'));
  await answered(dialogue);
  await clock.advance(4_400);
  dialogue.socket.write(head('/one', ['Content-Length: 10']));
  await vi.waitFor(() => expect(admissions()).toBe(2), 10_000);
  await clock.advance(4_900);
  dialogue.socket.write('0123456789');
  await answered(dialogue, 2);
  expect(taken.length).toBe(2);
});

test('a listener that stops takes what is on its way, and nothing new', async () => {
  const { port, stop, taken, finishLater, later, admissions } = await taking();
  const arriving = say(port, head('/one', ['Content-Length: 2']));
  const underWay = say(port, post('/later', 'x'));
  const kept = say(port, post('/one', 'x'));
  await answered(kept);
  await vi.waitFor(() => expect(later()).toBe(1), 10_000);
  arriving.socket.write('x');
  await vi.waitFor(() => expect(admissions()).toBe(3), 10_000);
  const stopped = stop();
  await kept.closed;
  arriving.socket.write('y');
  expect(await arriving.closed).toMatch(/connection: close.*true}\n$/is);
  finishLater();
  expect(await underWay.closed).toMatch(/connection: close.*true}\n$/is);
  await stopped;
  expect(taken.map(({ body }) => String(body))).toEqual(['x', 'xy', 'x']);
});

test('a body that does not come keeps a listener that stops for a second', async () => {
  const { port, stop, clock, taken } = await taking();
  const { closed, socket } = say(port, `${announced(whole)}x`);
  await vi.waitFor(() => expect(clock.waiting).toEqual([5_000]), 10_000);
  await clock.advance(0);
  const stopped = stop();
  await clock.advance(999);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  await Promise.all([stopped, closed]);
  expect(taken).toEqual([]);
});
