import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { brotliDecompressSync, createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { hostileBodies, oddBodies } from '../../src/demo/bodies.ts';
import { type Convertor, startConvertor } from '../../src/demo/convertor.ts';
import {
  type ConvertorFault,
  convertorFaultNames,
  dashboardFaultNames,
  describeFaults,
  faultFor,
  faultyService,
} from '../../src/demo/faults.ts';
import { FakeClock } from '../fake-clock.ts';
import { mebibyte, peakBytes } from '../memory.ts';
import { ask, type Question, type Seen } from './ask.ts';

const clock = new FakeClock();
let convertor: Convertor;

afterEach(() => convertor?.stop());

async function provoke(fault: string, question: Question = {}): Promise<Seen> {
  convertor = await startConvertor({ clock });
  return ask(urlOf(fault), question);
}

function urlOf(fault: string): string {
  return `${convertor.url}/v1/health?from=2026-01-20T11:55:00Z&to=2026-01-20T12:00:00Z&service=${fault}&environment=any`;
}

async function check(fault: ConvertorFault, expected: Partial<Seen>): Promise<void> {
  const seen = await provoke(faultyService('convertor', fault));
  expect({ status: seen.status, broken: seen.broken }).toEqual({
    status: undefined,
    broken: undefined,
    ...expected,
  });
}

test('reset-before resets', () => check('reset-before', { broken: 'ECONNRESET' }));
test('close hangs up', () => check('close', { broken: 'ECONNRESET' }));
test('reset-midway begins well', () => check('reset-midway', { status: 200, broken: 'ECONNRESET' }));
test('truncated ends without the last chunk', () =>
  check('truncated', { status: 200, broken: 'ECONNRESET' }));
test('length-too-long breaks its promise', () =>
  check('length-too-long', { status: 200, broken: 'ECONNRESET' }));
test('bad-chunks cannot be parsed', () =>
  check('bad-chunks', { status: 200, broken: 'HPE_INVALID_CHUNK_SIZE' }));
test('header-flood is refused by the parser', () => check('header-flood', { broken: 'HPE_HEADER_OVERFLOW' }));
test('not-http is no HTTP', () => check('not-http', { broken: 'HPE_INVALID_CONSTANT' }));
test('status-204 has no body', () => check('status-204', { status: 204 }));
test('status-304 has no body', () => check('status-304', { status: 304 }));

test('length-too-short sends more than it promised', async () => {
  convertor = await startConvertor({ clock });
  const { port, pathname, search } = new URL(urlOf('fault-convertor-length-too-short'));
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [head = '', body = ''] = (await text(socket)).split('\r\n\r\n');
  const promised = Number(/content-length: (\d+)/.exec(head)?.[1]);
  expect(body.length).toBeGreaterThan(promised);
  expect(() => JSON.parse(body.slice(0, promised))).toThrow();
});

for (const fault of ['hang', 'slow-headers', 'interim-only'] as const) {
  test(`${fault} never gives a final answer`, async () => {
    const answer = provoke(faultyService('convertor', fault));
    const stopped = answer.then((seen) => seen.broken);
    while (!convertor?.requests.length) await clock.advance(0);
    await clock.advance(60_000);
    expect(convertor.requests[0]?.ended).toBe(undefined);
    await convertor.stop();
    expect(await stopped).toBe('ECONNRESET');
    expect(clock.waiting).toEqual([]);
  });
}

test('drip goes on byte by byte', async () => {
  convertor = await startConvertor({ clock });
  const answer = ask(urlOf('fault-convertor-drip'));
  await convertor.waitForRequest();
  for (let i = 0; i < 50; i++) await clock.advance(200);
  await convertor.stop();
  const seen = await answer;
  expect([seen.status, seen.broken]).toEqual([200, 'ECONNRESET']);
  expect(String(seen.body)).toMatch(/^\{"name":.* {40,}$/);
});

test('huge goes on beyond any limit, at the pace of the reader', async () => {
  const before = peakBytes();
  const seen = await provoke('fault-convertor-huge', { bytesMax: 5_000_000 });
  expect([seen.status, seen.broken]).toEqual([200, 'left']);
  expect(peakBytes() - before).toBeLessThan(256 * mebibyte);
});

const unpackers = {
  'gzip-bomb': createGunzip,
  'deflate-bomb': createInflate,
  'brotli-bomb': createBrotliDecompress,
};
for (const [fault, unpacker] of Object.entries(unpackers)) {
  test(`${fault} is small and inflates to more than a gibibyte`, async () => {
    const { body } = await provoke(`fault-convertor-${fault}`);
    expect(body.length).toBeLessThan(2_000_000);
    const unpack = unpacker();
    let bytes = 0;
    await new Promise<void>((resolve) => {
      unpack.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > 40 * 1024 * 1024) resolve();
      });
      unpack.end(body);
    });
    unpack.destroy();
    // It is the same all along: what holds for a part holds for all of it.
    expect((bytes / unpack.bytesWritten) * body.length).toBeGreaterThan(1_073_741_824);
  });
}

test('bad-gzip is no gzip', async () => {
  const seen = await provoke('fault-convertor-bad-gzip');
  expect(seen.headers['content-encoding']).toBe('gzip');
  expect(() => brotliDecompressSync(seen.body)).toThrow();
  expect(String(seen.body)).toContain('"weight":2');
});

for (const [fault, status] of [
  ['redirect', 302],
  ['redirect-permanently', 308],
] as const) {
  test(`${fault} points to a listener of its own that remembers who came`, async () => {
    const seen = await provoke(faultyService('convertor', fault));
    const location = String(seen.headers.location);
    expect(seen.status).toBe(status);
    expect(new URL(location).origin).not.toBe(convertor.url);
    expect(convertor.trap.requests).toEqual([]);
    await ask(location);
    expect(convertor.trap.requests.length).toBe(1);
  });
}

test('every status fault answers its status', async () => {
  convertor = await startConvertor({ clock });
  for (const fault of convertorFaultNames.filter((name) => name.startsWith('status-'))) {
    if (!/^status-\d+$/.test(fault)) continue;
    expect([fault, (await ask(urlOf(faultyService('convertor', fault)))).status]).toEqual([
      fault,
      Number(fault.slice(7)),
    ]);
  }
});

test('status-429 asks for patience', async () => {
  expect((await provoke('fault-convertor-status-429')).headers['retry-after']).toBe('1');
});

test('every body of the corpus is sent with 200 as it stands there', async () => {
  convertor = await startConvertor({ clock });
  const question = { environment: 'any', nowMs: clock.now() };
  for (const [name, make] of Object.entries({ ...hostileBodies, ...oddBodies })) {
    const service = faultyService('convertor', name as ConvertorFault);
    const body = make({ ...question, service });
    const expected = typeof body === 'string' || body instanceof Uint8Array ? body : (body.body ?? '');
    const seen = await ask(urlOf(service));
    expect([name, seen.status, seen.body.equals(Buffer.from(expected))]).toEqual([name, 200, true]);
  }
});

test('there are at least sixty hostile bodies', () => {
  expect(Object.keys(hostileBodies).length).toBeGreaterThanOrEqual(60);
});

test('several targets can have the same fault, in any environment', () => {
  expect(faultFor('convertor', 'fault-convertor-status-503-2')).toBe('status-503');
  expect(faultFor('convertor', faultyService('convertor', 'hang', 17))).toBe('hang');
  expect(faultFor('dashboard', faultyService('dashboard', 'status-503', 2))).toBe('status-503');
});

test('a fault of one peer is none of the other', () => {
  expect(faultFor('convertor', 'fault-dashboard-hang')).toBe(undefined);
  expect(faultFor('dashboard', 'fault-convertor-hang')).toBe(undefined);
  expect(faultFor('convertor', 'hang')).toBe(undefined);
});

test('a name inherited from every object is no fault', () => {
  expect(faultFor('convertor', 'fault-convertor-constructor')).toBe('unknown');
});

test('a fault that does not exist is answered with the names of those that do', async () => {
  const seen = await provoke('fault-convertor-hangs');
  expect(seen.status).toBe(500);
  expect(String(seen.body)).toMatch(/^no such fault; there are: hang drip /);
});

test('a service with a fault of the dashboard is degraded, so that the dashboard hears of it', async () => {
  const seen = await provoke('fault-dashboard-hang');
  expect(JSON.parse(String(seen.body)).metrics[0].weight).toBe(1);
});

test('every fault says what it does', () => {
  expect(describeFaults('convertor').trimEnd().split('\n').length).toBe(convertorFaultNames.length);
  expect(describeFaults('dashboard').trimEnd().split('\n').length).toBe(dashboardFaultNames.length);
  expect(describeFaults('convertor')).toContain(
    'fault-convertor-hang: takes the request and never answers\n',
  );
});
