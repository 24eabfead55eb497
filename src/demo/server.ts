/**
 * The listener under every fake peer: it numbers its connections, owns its timers and
 * closes everything at once when it stops. No fault of a client is an error here.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { TlsOptions } from 'node:tls';
import { type Clock, systemClock } from '../model/clock.ts';
import type { Exchange } from './reply.ts';

export type ServerOptions = {
  /** 0 or absent: a free one. */
  readonly port?: number;
  readonly host?: string;
  readonly tls?: TlsOptions;
  /** Stamps what is answered and times delays. */
  readonly clock?: Clock;
  /** Entries kept in the ledger. */
  readonly keep?: number;
  /** How long an idle connection stays open. */
  readonly keepAliveMs?: number;
};

export type RunningServer = {
  /** Without a slash at the end. */
  readonly url: string;
  readonly stop: () => Promise<void>;
};

/** A request as its head tells it. */
export type Seen = {
  /** 1, 2, … in the order of arrival. */
  readonly number: number;
  /** Wall clock, milliseconds. */
  readonly timeMs: number;
  readonly method: string;
  /** Without the query. */
  readonly path: string;
  readonly rawUrl: string;
  /** Decoded; of a name that is repeated, the last value. */
  readonly query: Readonly<Record<string, string>>;
  readonly headers: IncomingMessage['headers'];
  /** The connection: two requests with the same number shared one. */
  readonly socket: number;
  readonly remotePort: number;
  /** Requests under way when this one came, itself included. */
  readonly inFlight: number;
};

export async function startServer(
  options: ServerOptions,
  onRequest: (exchange: Exchange, seen: Seen) => void,
): Promise<RunningServer> {
  const clock = options.clock ?? systemClock;
  const server = options.tls ? createTlsServer(options.tls) : createServer();
  const sockets = trackSockets(server);
  const timers = new Set<() => void>();
  const counted = { requests: 0, inFlight: 0 };

  function later(response: ServerResponse, ms: number, task: () => void): void {
    const stop = () => {
      cancel();
      timers.delete(stop);
    };
    const cancel = clock.after(ms, () => {
      timers.delete(stop);
      response.off('close', stop);
      task();
    });
    timers.add(stop);
    response.once('close', stop);
  }

  server.on('request', (request, response) => {
    counted.requests++;
    counted.inFlight++;
    response.once('close', () => counted.inFlight--);
    response.on('error', ignore);
    request.on('error', ignore);
    const exchange = {
      request,
      response,
      later: (ms: number, task: () => void) => later(response, ms, task),
    };
    onRequest(exchange, {
      number: counted.requests,
      timeMs: clock.now(),
      inFlight: counted.inFlight,
      socket: sockets.numberOf(request.socket),
      remotePort: request.socket.remotePort ?? 0,
      ...headOf(request),
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  server.on('tlsClientError', ignore);
  server.keepAliveTimeout = options.keepAliveMs ?? 60_000;

  const host = options.host ?? '127.0.0.1';
  await listen(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  let stopping: Promise<void> | undefined;

  return {
    url: `${options.tls ? 'https' : 'http'}://${host.includes(':') ? `[${host}]` : host}:${port}`,
    stop: () => {
      stopping ??= new Promise((resolve) => {
        server.close(() => resolve());
        for (const cancel of [...timers]) cancel();
        sockets.destroyAll();
      });
      return stopping;
    },
  };
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      server.on('error', ignore);
      resolve();
    });
  });
}

function trackSockets(server: Server) {
  const open = new Set<Socket>();
  const numbers = new WeakMap<Socket, number>();
  let count = 0;
  const track = (socket: Socket) => {
    open.add(socket);
    socket.on('error', ignore);
    socket.once('close', () => open.delete(socket));
  };
  server.on('connection', track);
  server.on('secureConnection', track);
  return {
    numberOf: (socket: Socket): number => {
      const number = numbers.get(socket) ?? ++count;
      numbers.set(socket, number);
      return number;
    },
    destroyAll: () => {
      for (const socket of open) socket.destroy();
    },
  };
}

function headOf(request: IncomingMessage): Pick<Seen, 'method' | 'path' | 'rawUrl' | 'query' | 'headers'> {
  const rawUrl = request.url ?? '/';
  const mark = rawUrl.indexOf('?');
  const query = new URLSearchParams(mark < 0 ? '' : rawUrl.slice(mark + 1));
  return {
    method: request.method ?? '',
    path: mark < 0 ? rawUrl : rawUrl.slice(0, mark),
    rawUrl,
    query: Object.assign(Object.create(null), Object.fromEntries(query)),
    headers: request.headers,
  };
}

function ignore(): void {}
