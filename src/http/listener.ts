/**
 * A small HTTP server with a fixed table of routes.
 *
 * Nothing that a client sends is read but the request line and the headers, and nothing of
 * it is sent back.
 */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { findRoute, type Page, plain, type Routes } from './routes.ts';
import type { ServerTls } from './server-tls.ts';

export type ListenerSettings = {
  readonly address: string;
  /** 0: a free one. */
  readonly port: number;
  /** Absent: plain HTTP. */
  readonly tls?: ServerTls;
};

export type ListenerPages = {
  readonly routes: Routes;
  /** Also answered without TLS, to whoever asks from this machine. */
  readonly probes: Routes;
};

export type Listener = { readonly url: string; readonly stop: () => Promise<void> };

/** Throws a `Failure` where the address cannot be had. */
export async function startListener(
  { address, port }: ListenerSettings,
  { routes }: ListenerPages,
  _clock: Clock,
): Promise<Listener> {
  const server = createServer(
    { headersTimeout: 5_000, requestTimeout: 5_000, keepAliveTimeout: 5_000, maxHeaderSize: 8_192 },
    answer(routes),
  );
  server.maxConnections = limits.connectionsMax;
  await new Promise<void>((resolve, reject) => {
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      reject(new Failure('telemetry', 'unreachable', `no listening on ${address}:${port} (${code})`)),
    );
    server.listen(port, address, resolve);
  });
  const bound = server.address() as AddressInfo;
  const host = bound.family === 'IPv6' ? `[${bound.address}]` : bound.address;
  return {
    url: `http://${host}:${bound.port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(routes: Routes): RequestListener {
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    const route = findRoute(routes, path);
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    const page: Page = !route
      ? plain(404, 'not found')
      : isRead
        ? await route({ path, accept: request.headers.accept ?? '' })
        : plain(405, 'only GET and HEAD');
    response.writeHead(page.status, {
      'content-type': page.type,
      'content-length': Buffer.byteLength(page.body),
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      ...(page.status === 405 && { allow: 'GET, HEAD' }),
    });
    response.end(request.method === 'HEAD' ? undefined : page.body);
  };
}
