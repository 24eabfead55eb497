/**
 * What becomes of a request, decided when its head has arrived: nothing of its body is read before.
 *
 * Paths are compared as they were sent: nothing is decoded, joined or cleaned, so there is nothing to
 * trick. Nothing that was sent is sent back.
 */
import type { IncomingMessage } from 'node:http';
import {
  type Asked,
  type Delivered,
  findRoute,
  type Intake,
  type Intakes,
  type Page,
  plain,
  type Route,
  type Routes,
} from './routes.ts';

export type Tables = {
  readonly routes: Routes;
  /** Never guarded. */
  readonly probes: Routes;
  readonly intakes: Intakes;
  /** Why who shows this `Authorization` is not let in. */
  readonly guard?: (authorization: string | undefined) => Page | undefined;
  /** The listener is bound to loopback: a name that resolves to it is somebody else's page in a browser. */
  readonly isLoopback: boolean;
};

export type Judgement =
  | { readonly refusal: Page }
  | { readonly route: Route; readonly asked: Asked }
  | Admitted;

/** It may bring something. */
export type Admitted = {
  readonly intake: Intake;
  readonly head: Delivered;
  readonly bytesMax: number;
  /** Undefined where it comes in chunks: nobody knows before they have come. */
  readonly bytes: number | undefined;
};

/** Throws what a guard or an intake throws. */
export function judge(request: IncomingMessage, address: string, tables: Tables): Judgement {
  const { method = '', url = '', headers } = request;
  const end = url.indexOf('?');
  const path = end < 0 ? url : url.slice(0, end);
  const refusal = refusalOf(request, path, tables);
  if (refusal) return { refusal };
  const query = end < 0 ? '' : url.slice(end + 1);
  if (method === 'POST') return judgePost(request, { path, query, address }, tables);
  const route = findRoute(tables.routes, path);
  if (route) return { route, asked: { path, query, accept: headers.accept ?? '' } };
  return { refusal: tables.intakes.has(path) ? refuseMethod(path, tables) : plain(404, 'not found') };
}

export function isRead({ method }: IncomingMessage): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Names what the path takes, or where there is no such path, what any takes. */
export function refuseMethod(path: string, { routes, intakes }: Tables): Page {
  const isRoute = findRoute(routes, path) !== undefined;
  const isIntake = intakes.has(path);
  const isNone = !isRoute && !isIntake;
  const allowed = [
    ...(isRoute || isNone ? ['GET', 'HEAD'] : []),
    ...(isIntake || (isNone && intakes.size > 0) ? ['POST'] : []),
  ].join(', ');
  return { ...plain(405, `only ${allowed.replace(/, (\w+)$/, ' and $1')}`), headers: { allow: allowed } };
}

function refusalOf(request: IncomingMessage, path: string, tables: Tables): Page | undefined {
  const { httpVersion, headers, method } = request;
  const { host } = headers;
  const hasHost = httpVersion === '1.0' || (httpVersion === '1.1' && host !== undefined);
  if (!hasHost || hasTwoHosts(request)) return plain(400, 'bad request');
  if (tables.isLoopback && host !== undefined && !loopbackHost.test(host)) {
    return plain(421, 'asked by another name than localhost');
  }
  const isPost = method === 'POST' && tables.intakes.size > 0;
  const isOurs = isPost || isRead(request);
  if (isOurs && !path.startsWith('/')) return plain(400, 'bad request');
  const denial = denialOf(headers.authorization, path, tables);
  if (denial) return denial;
  if (isPost && isForeign(headers)) return plain(403, 'sent by the page of another site');
  return isOurs ? undefined : refuseMethod(path, tables);
}

const loopbackHost = /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(:\d{1,5})?$/i;

/** Node keeps the first of them, whoever stands behind may keep the last. */
function hasTwoHosts({ rawHeaders }: IncomingMessage): boolean {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count > 1;
}

function denialOf(authorization: string | undefined, path: string, tables: Tables): Page | undefined {
  if (!tables.guard || findRoute(tables.probes, path)) return undefined;
  const page = tables.guard(authorization);
  if (page?.status !== 401) return page;
  return { ...page, headers: { 'www-authenticate': 'Bearer', ...page.headers } };
}

/** A browser says whose page it is that sends something; other clients say nothing. */
function isForeign(headers: IncomingMessage['headers']): boolean {
  if (headers['sec-fetch-site'] === 'cross-site') return true;
  const { origin } = headers;
  return origin !== undefined && origin.replace(/^https?:\/\//, '') !== headers.host?.toLowerCase();
}

type Place = Pick<Delivered, 'path' | 'query' | 'address'>;

function judgePost({ headers }: IncomingMessage, place: Place, tables: Tables): Judgement {
  const intake = tables.intakes.get(place.path);
  if (!intake) {
    const isRoute = findRoute(tables.routes, place.path) !== undefined;
    return { refusal: isRoute ? refuseMethod(place.path, tables) : plain(404, 'not found') };
  }
  const { contentType, isForeignCharset } = readContentType(headers['content-type']);
  const head = { path: place.path, query: place.query, address: place.address, contentType };
  const bytesMax = intake.admit(head);
  if (typeof bytesMax !== 'number') return { refusal: bytesMax };
  const bytes =
    headers['transfer-encoding'] === undefined ? Number(headers['content-length'] ?? 0) : undefined;
  if (bytes !== undefined && bytes > bytesMax) return { refusal: tooLarge(intake, bytesMax) };
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== '' && encoding.toLowerCase() !== 'identity') {
    return { refusal: intake.refusal(415, 'send it without a content-encoding') };
  }
  if (isForeignCharset) return { refusal: intake.refusal(415, 'send it as UTF-8') };
  return { intake, head, bytesMax, bytes };
}

export function tooLarge(intake: Intake, bytesMax: number): Page {
  return intake.refusal(413, `more than ${bytesMax} bytes`);
}

/** There is no room for it among what others bring. */
export function tooMuch(intake: Intake): Page {
  const page = intake.refusal(503, 'too much at once');
  return { ...page, headers: { ...page.headers, 'retry-after': '1' } };
}

function readContentType(header = ''): { readonly contentType: string; readonly isForeignCharset: boolean } {
  const end = header.indexOf(';');
  if (end < 0) return { contentType: header.toLowerCase(), isForeignCharset: false };
  const [, charset] = /;\s*charset\s*=\s*"?([^\s";]*)/i.exec(header) ?? [];
  return {
    contentType: header.slice(0, end).trimEnd().toLowerCase(),
    isForeignCharset: charset !== undefined && !/^utf-?8$/i.test(charset),
  };
}
