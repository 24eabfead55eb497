/**
 * What is answered to a request, by its line and its `Host`.
 *
 * Paths are compared as they were sent: nothing is decoded, joined or cleaned, so there is nothing to
 * trick. Nothing that was sent is sent back.
 */
import type { IncomingMessage } from 'node:http';
import { findRoute, type Page, plain, type Routes } from './routes.ts';

export type Served = {
  readonly routes: Routes;
  /** The listener is bound to loopback: a name that resolves to it is somebody else's page in a browser. */
  readonly isLoopback: boolean;
  /** Told what a route threw. */
  readonly onBug: (error: unknown) => void;
};

/** Throws, or rejects, what a route throws. */
export function answerTo(request: IncomingMessage, { routes, isLoopback }: Served): Page | Promise<Page> {
  const refusal = refusalOf(request, isLoopback);
  if (refusal) return refusal;
  const [path = '', query = ''] = (request.url ?? '').split('?', 2);
  const route = findRoute(routes, path);
  return route ? route({ path, query, accept: request.headers.accept ?? '' }) : plain(404, 'not found');
}

export function refuseMethod(): Page {
  return { ...plain(405, 'only GET and HEAD'), headers: { allow: 'GET, HEAD' } };
}

export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

function refusalOf(request: IncomingMessage, isLoopback: boolean): Page | undefined {
  const { httpVersion, url = '' } = request;
  const [host, ...others] = request.headersDistinct['host'] ?? [];
  const hasHost = httpVersion === '1.0' || (httpVersion === '1.1' && host !== undefined);
  if (!hasHost || others.length > 0) return plain(400, 'bad request');
  if (isLoopback && host !== undefined && !loopbackHost.test(host)) {
    return plain(421, 'asked by another name than localhost');
  }
  if (!isRead(request)) return refuseMethod();
  return url.startsWith('/') ? undefined : plain(400, 'bad request');
}

const loopbackHost = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

/** Of every answer, whatever it is. */
export const standingHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
};

export function headersOf({ type, body, headers }: Page, isLast: boolean): Record<string, string | number> {
  return {
    ...headers,
    ...standingHeaders,
    'content-type': type,
    'content-length': Buffer.byteLength(body),
    ...(isLast && { connection: 'close' }),
  };
}
