/**
 * The life of a request: it is read whole, answered, and its connection kept, closed or cut.
 *
 * Bodies are read up to a limit and never looked at: a client that is answered while it still sends
 * would see a reset instead of the answer.
 */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from '../model/limits.ts';
import { answerTo, headersOf, isRead, refuseMethod, type Served } from './answer.ts';
import type { Connection, Connections } from './connections.ts';
import { type Page, plain } from './routes.ts';

/** What a server for connections of ours is opened with; the deadlines are kept by `Connections`. */
export const parserOptions = {
  maxHeaderSize: limits.requestHeaderBytesMax,
  insecureHTTPParser: false,
  requireHostHeader: false,
  headersTimeout: 0,
  requestTimeout: 0,
  keepAliveTimeout: 0,
} as const;

export function serve(server: Server, served: Served, connections: Connections): void {
  server.on('request', (request, response) => {
    const connection = connections.of(request.socket);
    if (!connection) return void request.socket.destroy();
    // Whoever does not wait for the answer has it as the last: a thousand requests at once are one.
    if (connection.isBusy) return leave(connection, request.socket);
    connection.begun(request);
    if (!hasBody(request)) return void respond(request, response, connection, served);
    return readBody(request, {
      whole: () => void respond(request, response, connection, served),
      tooLarge: () => refuse(connection, request.socket, plain(413, 'too large')),
    });
  });
  // The client waits before it sends a body that nobody wants.
  for (const expects of ['checkContinue', 'checkExpectation'] as const) {
    server.on(expects, (request: IncomingMessage) => {
      const page = isRead(request) ? plain(417, 'send it without Expect') : refuseMethod();
      refuseNext(connections.of(request.socket), request.socket, page);
    });
  }
  server.on('connect', (request) => {
    refuseNext(connections.of(request.socket), request.socket, refuseMethod());
  });
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    const page = pageOf(error.code);
    if (page) refuseNext(connections.of(socket), socket, page);
    else socket.destroy();
  });
}

/** In whole seconds, so less than it is kept: who knows it does not ask at the moment when it is closed. */
const keptHeaders = { 'keep-alive': `timeout=${Math.floor(limits.connectionIdleMs / 1_000)}` };

/** A route that throws is a bug, and no reason to end what else goes on: the client hears 500. */
async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  connection: Connection,
  served: Served,
): Promise<void> {
  connection.asked();
  response.once('close', () => connection.answered());
  const send = (page: Page) => {
    // Who breaks the rules is not trusted to have ended the request where it seems to end.
    const isLast = connection.isLast || page.status === 400 || hasBody(request);
    const isKept = response.shouldKeepAlive && !isLast;
    if (!isKept) connection.retire();
    response.writeHead(page.status, { ...headersOf(page, isLast), ...(isKept && keptHeaders) });
    response.end(request.method === 'HEAD' ? undefined : page.body);
  };
  try {
    send(await answerTo(request, served));
  } catch (error) {
    send(plain(500, 'internal error'));
    served.onBug(error);
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function readBody(
  request: IncomingMessage,
  on: { readonly whole: () => void; readonly tooLarge: () => void },
): void {
  if (Number(request.headers['content-length'] ?? 0) > limits.requestBytesMax) {
    on.tooLarge();
    return;
  }
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= limits.requestBytesMax) return;
    request.removeAllListeners('data').removeAllListeners('end');
    on.tooLarge();
  });
  request.once('end', on.whole);
}

/** Undefined: it did not break the rules of HTTP, it broke off. */
function pageOf(code: string | undefined): Page | undefined {
  if (code === 'HPE_HEADER_OVERFLOW') return plain(431, 'too long');
  return code?.startsWith('HPE_') ? plain(400, 'bad request') : undefined;
}

/** For what came after the request under way, or is what broke while that was read. */
function refuseNext(connection: Connection | undefined, socket: Socket, page: Page): void {
  // A broken request behind a good one: the good one's answer is the last.
  if (connection?.isBusy && !connection.isReading) leave(connection, socket);
  else refuse(connection, socket, page);
}

/** Says why by hand, for what node has no response for, and reads nothing more. */
function refuse(connection: Connection | undefined, socket: Socket, page: Page): void {
  if (!connection || !socket.writable) return void socket.destroy();
  if (connection.isRefused) return;
  const lines = Object.entries(headersOf(page, true)).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${page.status} ${STATUS_CODES[page.status]}\r\n${lines.join('')}\r\n${page.body}`);
  socket.pause();
  connection.refused();
}

/** Nothing more is read from it. */
function leave(connection: Connection, socket: Socket): void {
  connection.retire();
  socket.pause();
}
