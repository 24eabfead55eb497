/** Whom the listener lets in under TLS, before and after its certificates were exchanged. */
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test, vi } from 'vitest';
import { byFirstByte } from '../../src/http/first-byte.ts';
import type { ServerTls } from '../../src/http/server-tls.ts';
import { Secret } from '../../src/model/secret.ts';
import { authority, type Certificate, certificate } from '../process/certificates.ts';
import { listening, request, say, statusOf } from './listening.ts';

const ours = await authority('our authority');
const next = await authority('our next authority');
const foreign = await authority('a foreign authority');
const server = await certificate({ by: ours });
const renewed = await certificate({ by: next });
const client = await certificate({ by: ours, use: 'client' });

function tlsOf({ cert, key }: Certificate, clientCa?: string): ServerTls {
  return { cert, key: new Secret(key), ...(clientCa !== undefined && { clientCa }) };
}
const mutual = tlsOf(server, ours.cert);

const ask = request('GET /-/healthy HTTP/1.1');

/** What is heard within TLS until the end; nothing where the handshake or the client is refused. */
async function exchange(port: number, options: ConnectionOptions, text = ask): Promise<string> {
  const socket = open(port, options);
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk) => {
    heard += chunk;
  });
  socket.write(text);
  await new Promise((resolve) => socket.once('close', resolve));
  return heard;
}

function open(port: number, options: ConnectionOptions): TLSSocket {
  const socket = connect({
    port,
    host: '127.0.0.1',
    ca: [ours.cert, next.cert],
    servername: 'localhost',
    ...options,
  });
  // Whoever is refused is reset, or told by an alert: `exchange` tells by what was heard.
  socket.on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  return socket;
}

test('TLS without an authority lets every client in, and says https', async () => {
  const { port, url } = await listening({ tls: tlsOf(server) });
  expect(url).toBe(`https://127.0.0.1:${port}`);
  expect(statusOf(await exchange(port, {}))).toBe(200);
  expect(statusOf(await exchange(port, client))).toBe(200);
});

test('mutual TLS lets those in who have a certificate of the authority', async () => {
  const { port } = await listening({ tls: mutual });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const heard = await exchange(port, { ...client, minVersion: version, maxVersion: version });
    expect(statusOf(heard)).toBe(200);
    expect(heard).toMatch(/healthy\n$/);
  }
  expect(statusOf(await exchange(port, client, request('GET /metrics HTTP/1.1')))).toBe(200);
});

const refused: readonly (readonly [string, ConnectionOptions, string])[] = [
  ['none', {}, 'it shows no certificate'],
  [
    "another authority's",
    await certificate({ by: foreign, use: 'client' }),
    'its authority is not in client_ca_file',
  ],
  ['one signed by itself', await certificate({ use: 'client' }), 'it signed its certificate itself'],
  [
    'one that has expired',
    await certificate({ by: ours, use: 'client', from: -9, to: -2 }),
    'its certificate has expired',
  ],
  [
    'one that is not valid yet',
    await certificate({ by: ours, use: 'client', from: 2 }),
    'its certificate is not valid yet',
  ],
  ['one of a server', server, 'its certificate is not meant for clients'],
  [
    'one that another authority of the same name signed',
    await certificate({ by: await authority('our authority'), use: 'client' }),
    'another authority with a name from client_ca_file signed its certificate',
  ],
];

test.each(refused)('mutual TLS does not hear a client whose certificate is %s', async (_, shown, why) => {
  const { port, refusals } = await listening({ tls: mutual });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    expect(await exchange(port, { ...shown, minVersion: version, maxVersion: version })).toBe('');
  }
  const told = `127.0.0.1: ${why}`;
  expect(refusals.map((text) => text.replace(/ \([A-Z_]+\)$/, ''))).toEqual([told, told]);
});

test.each([['TLSv1'], ['TLSv1.1']] as const)('%s is refused', async (version) => {
  const { port, refusals } = await listening({ tls: tlsOf(server) });
  const old = { minVersion: version, maxVersion: version, ciphers: 'DEFAULT@SECLEVEL=0' };
  expect(await exchange(port, old)).toBe('');
  expect(refusals).toEqual(['127.0.0.1: it speaks a TLS version below 1.2 (ERR_SSL_UNSUPPORTED_PROTOCOL)']);
});

test('a client that goes away in the middle of the handshake is no news', async () => {
  const { port, refusals } = await listening({ tls: mutual });
  const gone = say(port, Buffer.from([0x16, 3, 1, 2, 0, 1]));
  await once(gone.socket, 'connect');
  gone.socket.resetAndDestroy();
  await gone.closed;
  expect(statusOf(await exchange(port, client))).toBe(200);
  expect(refusals).toEqual([]);
});

test('without TLS whoever asks from this machine has the probes and nothing else', async () => {
  const { port } = await listening({ tls: mutual });
  const status = async (path: string) => statusOf(await say(port, request(`GET ${path} HTTP/1.1`)).closed);
  expect(await status('/-/healthy')).toBe(200);
  expect(await status('/-/ready')).toBe(503);
  for (const path of ['/metrics', '/', '/slow', '/badge/a']) expect(await status(path)).toBe(404);
});

test('without TLS whoever asks from elsewhere is not answered at all', async () => {
  const begins = async (remoteAddress: string, first: string) => {
    const socket = Object.assign(new PassThrough(), { remoteAddress }) as unknown as Socket;
    const told = new Promise<string>((resolve) => {
      byFirstByte(socket, { tls: () => resolve('tls'), plain: () => resolve('plain') });
      socket.once('close', () => resolve('closed'));
    });
    socket.write(first);
    return told;
  };
  for (const here of ['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1']) {
    expect(await begins(here, 'GET /-/healthy')).toBe('plain');
  }
  for (const elsewhere of ['10.0.0.1', '128.0.0.1', '::ffff:10.0.0.1', '2001:db8::127', '::2']) {
    expect(await begins(elsewhere, 'GET /-/healthy')).toBe('closed');
    expect(await begins(elsewhere, '\x16')).toBe('tls');
  }
});

test('a listener on another address answers probes on loopback at the same port', async () => {
  const { port, url } = await listening({ address: '127.0.0.3', tls: mutual });
  expect(url).toBe(`https://127.0.0.3:${port}`);
  const status = async (path: string) => statusOf(await say(port, request(`GET ${path} HTTP/1.1`)).closed);
  expect([await status('/-/healthy'), await status('/metrics')]).toEqual([200, 404]);
  expect(await exchange(port, client)).toBe('');
  expect(statusOf(await exchange(port, { ...client, host: '127.0.0.3' }))).toBe(200);
});

test('where the port of loopback is taken there is no listener at all', async () => {
  const { port } = await listening();
  await expect(listening({ address: '127.0.0.3', port, tls: mutual })).rejects.toThrow(
    `no listening on 127.0.0.1:${port}: another program has the port (EADDRINUSE)`,
  );
  expect(await say(port, ask, '127.0.0.3').closed).toBe('[ECONNREFUSED]');
});

test.each([
  ['nothing', ''],
  ['a byte', Buffer.from([0x16])],
  ['half a greeting', Buffer.from([0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3])],
  ['half a request', 'GET /-/healthy HT'],
])('a connection that says %s is cut after 5 s', async (_, first) => {
  const { port, clock } = await listening({ tls: mutual });
  const { socket, closed } = say(port, first);
  await vi.waitFor(() => expect(clock.waiting).toEqual([5_000]), 10_000);
  await clock.advance(4_999);
  expect(socket.closed).toBe(false);
  await clock.advance(1);
  expect(await closed).toBe('');
});

test('a connection that ends before it begins, or begins with noise, does no harm', async () => {
  const { port } = await listening({ tls: mutual });
  const silent = say(port, '');
  silent.socket.end();
  expect(await silent.closed).toBe('');
  for (const noise of [
    Buffer.from([0x16, 3, 1, 0, 4, 9, 0, 0, 0]),
    Buffer.alloc(2_000, 0x16),
    Buffer.from([0x80, 0x2e, 1, 3, 1]),
  ]) {
    expect([undefined, 400]).toContain(statusOf(await say(port, noise).closed));
  }
  expect(statusOf(await exchange(port, client))).toBe(200);
});

test('no session is resumed: every connection shows its certificate', async () => {
  const { port } = await listening({ tls: mutual });
  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    const options = { ...client, minVersion: version, maxVersion: version };
    const first = open(port, options);
    const sessions: Buffer[] = [];
    first.on('session', (session) => sessions.push(session));
    first.end(ask);
    first.resume();
    await once(first, 'close');
    const session = sessions.at(-1);
    const again = open(port, { ...options, ...(session && { session }) });
    await once(again, 'secureConnect');
    expect(again.isSessionReused()).toBe(false);
  }
});

/** An open connection that has been answered once. */
async function keptAlive(port: number): Promise<TLSSocket> {
  const socket = open(port, client);
  socket.setEncoding('latin1').write(ask.replace('Connection: close\r\n', ''));
  await once(socket, 'data');
  return socket;
}

test('new certificates hold from the next connection on, and old connections end', async () => {
  const { port, secure, clock } = await listening({ tls: mutual });
  const idle = await keptAlive(port);
  const greeting = say(port, Buffer.from([0x16, 3, 1]));
  await vi.waitFor(() => expect(clock.waiting).toEqual([4_500, 5_000]), 10_000);
  secure(tlsOf(renewed, next.cert));
  await Promise.all([once(idle, 'close'), greeting.closed]);
  expect(await exchange(port, client)).toBe('');
  const newClient = await certificate({ by: next, use: 'client' });
  expect(statusOf(await exchange(port, newClient))).toBe(200);
  const seen = open(port, newClient);
  await once(seen, 'secureConnect');
  expect(seen.getPeerCertificate().issuer.CN).toBe('our next authority');
});

test('an authority can be asked for, and no longer, while it runs', async () => {
  const { port, secure } = await listening({ tls: tlsOf(server) });
  expect(statusOf(await exchange(port, {}))).toBe(200);
  secure(mutual);
  expect(await exchange(port, {})).toBe('');
  secure(tlsOf(server));
  expect(statusOf(await exchange(port, {}))).toBe(200);
});

test('the same certificates again end no connection', async () => {
  const { port, secure } = await listening({ tls: mutual });
  const idle = await keptAlive(port);
  secure(tlsOf(server, ours.cert));
  idle.write(ask);
  const [heard] = await once(idle, 'data');
  expect(statusOf(String(heard))).toBe(200);
});
