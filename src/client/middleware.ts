/** Records the requests of a server: node:http, Connect, Express and Fastify. */
import { isIP } from 'node:net';
import type { Client } from './client.ts';
import { systemHost } from './host.ts';
import { limits } from './settings.ts';

/** What is read of a request, whoever made it. */
export type HttpRequest = {
  readonly method?: string | undefined;
  readonly url?: string | undefined;
  readonly originalUrl?: string | undefined;
  readonly headers?: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly socket?: { readonly remoteAddress?: string | undefined } | null | undefined;
};

/** What is read of a response, or of Fastify's reply. */
export type HttpResponse =
  | {
      readonly statusCode: number;
      readonly headersSent: boolean;
      readonly once: (event: 'finish' | 'close', listener: () => void) => unknown;
    }
  | { readonly raw: HttpResponse };

export type MiddlewareOptions<Request extends HttpRequest = HttpRequest> = {
  readonly service: string;
  readonly environment?: string | undefined;
  readonly instance?: string | undefined;
  /**
   * What counts as the path. `url` (default): the URL without its query. `route`: the pattern of the
   * route where Express or Fastify know one, such as `/users/:id`. Or what a function says at the end
   * of the request.
   */
  readonly path?: 'url' | 'route' | ((request: Request) => string) | undefined;
  /**
   * Whether X-Forwarded-For counts: the number of proxies in front, whose entries are true; `true`
   * believes the first entry, which anybody can write. Default: the peer's address.
   */
  readonly trustProxy?: boolean | number | undefined;
};

/** The request's own status and latency are recorded when its response ends, or is broken off. */
export function middleware<Request extends HttpRequest = HttpRequest>(
  client: Pick<Client, 'send'>,
  options: string | MiddlewareOptions<Request>,
): (request: Request, response: HttpResponse, next?: () => void) => void {
  const settings = typeof options === 'string' ? { service: options } : options;
  return (request, response, next) => {
    try {
      watch(client, settings, request, response);
    } catch {
      // A request that cannot be watched is served all the same.
    }
    next?.();
  };
}

function watch<Request extends HttpRequest>(
  client: Pick<Client, 'send'>,
  options: MiddlewareOptions<Request>,
  request: Request,
  reply: HttpResponse,
): void {
  const startMs = systemHost.monotonic();
  const response = bare(reply);
  const { method, headers, socket, url: wireUrl } = bareRequest(request);
  const url = urlPath(request.originalUrl ?? wireUrl ?? '');
  // Later the socket may be gone, and its address with it.
  const ip = address(socket?.remoteAddress, headers?.['x-forwarded-for'], options.trustProxy ?? false);
  let isRecorded = false;
  const record = (isWhole: boolean) => {
    if (isRecorded) return;
    isRecorded = true;
    const status = isWhole || response.headersSent ? response.statusCode : brokenOff;
    client.send({
      service: options.service,
      method,
      path: pathOf(options.path, request, url),
      source_ip: ip,
      status_code: status >= 100 && status <= 599 ? status : undefined,
      latency_ms: Math.round((systemHost.monotonic() - startMs) * 1_000) / 1_000,
      environment: options.environment,
      instance: options.instance,
    });
  };
  response.once('finish', () => record(true));
  response.once('close', () => record(false));
}

/** As nginx says it: the client left before it was answered. */
const brokenOff = 499;

type BareResponse = Exclude<HttpResponse, { readonly raw: HttpResponse }>;

function bare(response: HttpResponse): BareResponse {
  return 'raw' in response ? bare(response.raw) : response;
}

/** Fastify's request carries node's own. */
function bareRequest(request: HttpRequest & { readonly raw?: HttpRequest }): HttpRequest {
  return request.raw ?? request;
}

function urlPath(url: string): string {
  const path = url.startsWith('/') || !URL.canParse(url) ? url : new URL(url).pathname;
  return fitting(path.split(/[?#]/, 1)[0] ?? '');
}

/** As the collector takes it, whatever a client of the program has asked for. */
function fitting(path: string): string {
  return path
    .slice(0, limits.pathCharactersMax)
    .replace(/[\ud800-\udbff]$/, '')
    .replace(/\p{Cc}/gu, '?');
}

function pathOf<Request extends HttpRequest>(
  path: MiddlewareOptions<Request>['path'],
  request: Request,
  url: string,
): string {
  if (path === undefined || path === 'url') return url;
  try {
    const named: unknown = path === 'route' ? routeOf(request) : path(request);
    return typeof named === 'string' ? fitting(named) : url;
  } catch {
    return url;
  }
}

type Routed = {
  /** Of Express. */
  readonly baseUrl?: string;
  readonly route?: { readonly path?: unknown };
  /** Of Fastify. */
  readonly routeOptions?: { readonly url?: unknown };
};

function routeOf(request: HttpRequest & Routed): unknown {
  if (request.routeOptions) return request.routeOptions.url;
  const { route, baseUrl = '' } = request;
  return typeof route?.path === 'string' ? baseUrl + route.path : undefined;
}

function address(
  peer: string | undefined,
  forwarded: string | readonly string[] | undefined,
  trustProxy: boolean | number,
): string | undefined {
  const hops = String(forwarded ?? '').split(',');
  const told = trustProxy === true ? hops[0] : trustProxy ? hops.at(-trustProxy) : undefined;
  const ip = told?.trim() ?? '';
  // An IPv4 address that came through an IPv6 socket is still one.
  return (isIP(ip) ? ip : peer)?.replace(/^::ffff:(?=\d+\.)/i, '');
}
