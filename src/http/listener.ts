/**
 * A small HTTP server with a fixed table of routes, plain or with TLS.
 *
 * Under TLS the probes are also answered without it to whoever asks from this machine: a health
 * check has no certificate. Nothing else is, and nobody else is answered.
 */
import { constants } from 'node:crypto';
import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Clock, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { BodyBudget } from './body-budget.ts';
import { Connections } from './connections.ts';
import { parserOptions, type Served, serve } from './exchange.ts';
import { byFirstByte, isLoopback } from './first-byte.ts';
import { clientOf, whyRefused } from './refusal.ts';
import type { Intakes, Page, Routes } from './routes.ts';
import type { ServerTls } from './server-tls.ts';

export type ListenerSettings = {
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly tls?: ServerTls;
  /** Connections from one address; absent: few. Behind a proxy all come from one. */
  readonly perAddressMax?: number;
  /** Called when much has been brought: memory that it took may be worth collecting. */
  readonly relieve?: () => void;
};

export type ListenerPages = {
  readonly routes: Routes;
  /** Also answered without TLS, to whoever asks from this machine; never guarded. */
  readonly probes: Routes;
  readonly intakes?: Intakes;
  /** Asked before a body is read, but for the paths of `probes`: why who shows this `Authorization` is not let in. */
  readonly guard?: (authorization: string | undefined) => Page | undefined;
};

export type ListenerJournal = {
  /** A TLS client was not let in: from which address, and why, in words. */
  readonly refused: (address: string, why: string) => void;
  /** A route, an intake or the guard threw. */
  readonly bug: (error: unknown) => void;
};

export type Listener = {
  readonly url: string;
  /** New certificates, for a listener that was started with some; old connections end. */
  readonly secure: (tls: ServerTls) => void;
  /** Answers what is under way, closes the rest, ends within a second or so. */
  readonly stop: () => Promise<void>;
};

/** Throws a `Failure` where the address cannot be had. */
export async function startListener(
  {
    address,
    port,
    tls,
    relieve = nothing,
    perAddressMax = limits.connectionsPerAddressMax,
  }: ListenerSettings,
  { routes, probes, intakes = new Map(), guard }: ListenerPages,
  clock: Clock,
  journal: ListenerJournal,
): Promise<Listener> {
  const connections = new Connections(clock, perAddressMax);
  const door = await listen(address, port);
  const bound = door.address() as AddressInfo;
  const probed: Served = {
    routes: probes,
    probes,
    intakes: new Map(),
    isLoopback: isLoopback(bound.address),
    bodies: new BodyBudget(relieve),
    onBug: journal.bug,
  };
  const served: Served = { ...probed, routes, intakes, ...(guard && { guard }) };
  const doors = [door];
  let current = tls;
  let inside = tls
    ? secureServer(tls, served, connections, journal.refused)
    : plainServer(served, connections);
  const enter = (socket: Socket) => void inside.emit('connection', socket);
  const probing = plainServer(probed, connections);
  const probe = (socket: Socket) => void probing.emit('connection', socket);
  admit(door, connections, tls ? (socket) => byFirstByte(socket, { tls: enter, plain: probe }) : enter);
  if (tls && !isReachedByLoopback(bound)) {
    const side = await listen('127.0.0.1', bound.port).catch(async (error: unknown) => {
      await stop(doors, connections, clock);
      throw error;
    });
    admit(side, connections, probe);
    doors.push(side);
  }
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `${tls ? 'https' : 'http'}://${host}:${bound.port}`,
    secure: (next) => {
      if (current && isSame(current, next)) return;
      current = next;
      inside = secureServer(next, served, connections, journal.refused);
      connections.retire();
    },
    stop: () => stop(doors, connections, clock),
  };
}

function listen(address: string, port: number): Promise<Server> {
  const server = createServer({ allowHalfOpen: true, noDelay: true });
  return new Promise((resolve, reject) => {
    const fail = ({ code }: NodeJS.ErrnoException) =>
      reject(new Failure('telemetry', 'unreachable', `no listening on ${address}:${port}: ${wordsOf(code)}`));
    server.once('error', fail);
    server.listen(port, address, limits.connectionsWaiting, () => {
      // From now on an error is a connection that could not be accepted: the next one may be.
      server.off('error', fail).on('error', () => undefined);
      resolve(server);
    });
  });
}

function wordsOf(code = 'unknown'): string {
  const words = new Map([
    ['EADDRINUSE', 'another program has the port'],
    ['EADDRNOTAVAIL', 'this machine does not have the address'],
    ['EACCES', 'ports below 1024 are for root'],
    ['ENOTFOUND', 'there is no such name'],
  ]);
  return `${words.get(code) ?? 'it failed'} (${code})`;
}

function admit(door: Server, connections: Connections, enter: (socket: Socket) => void): void {
  door.on('connection', (socket) => {
    if (connections.admit(socket)) enter(socket);
  });
}

function plainServer(served: Served, connections: Connections): HttpServer {
  const server = createHttpServer(parserOptions);
  serve(server, served, connections);
  return server;
}

/**
 * No session is ever resumed: a client shows its certificate with every connection, so that neither its
 * end nor another authority is missed.
 */
function secureServer(
  { cert, key, clientCa }: ServerTls,
  served: Served,
  connections: Connections,
  onRefused: ListenerJournal['refused'],
): HttpServer {
  const server = createHttpsServer({
    ...parserOptions,
    cert,
    key: key.reveal(),
    minVersion: 'TLSv1.2',
    secureOptions: constants.SSL_OP_NO_TICKET,
    handshakeTimeout: limits.connectionPhaseMs,
    ...(clientCa !== undefined && { ca: clientCa, requestCert: true, rejectUnauthorized: true }),
  });
  server.on('tlsClientError', (error, socket) => {
    const why = whyRefused(error, socket);
    if (why !== undefined) onRefused(clientOf(socket), why);
  });
  serve(server, served, connections);
  return server;
}

const nothing = () => undefined;

function isReachedByLoopback({ address }: AddressInfo): boolean {
  return ['127.0.0.1', '0.0.0.0', '::'].includes(address);
}

function isSame(one: ServerTls, other: ServerTls): boolean {
  return (
    one.cert === other.cert && one.clientCa === other.clientCa && one.key.reveal() === other.key.reveal()
  );
}

async function stop(doors: readonly Server[], connections: Connections, clock: Clock): Promise<void> {
  const closed = doors.map((door) => new Promise<void>((resolve) => door.close(() => resolve())));
  const isClosed = new AbortController();
  void sleep(clock, limits.listenerDrainMs, isClosed.signal).then(() => connections.closeAll());
  connections.retire();
  await Promise.all(closed);
  isClosed.abort();
}
