/**
 * The life of a request: it is judged by its head, read whole, answered, and its connection kept, closed
 * or cut.
 *
 * A body that nobody takes is read up to a limit and never looked at: a client that is answered while it
 * still sends would see a reset instead of the answer.
 */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from '../model/limits.ts';
import { headersOf } from './answer.ts';
import type { BodyBudget } from './body-budget.ts';
import type { Connection, Connections } from './connections.ts';
import { IntakeBody } from './intake-body.ts';
import {
  type Admitted,
  isRead,
  type Judgement,
  judge,
  refuseMethod,
  type Tables,
  tooLarge,
  tooMuch,
} from './judgement.ts';
import { type Page, plain } from './routes.ts';

export type Served = Tables & {
  readonly bodies: BodyBudget;
  /** Told what a route, an intake or a guard threw. */
  readonly onBug: (error: unknown) => void;
};

/** What a server for connections of ours is opened with; the deadlines are kept by `Connections`. */
export const parserOptions = {
  maxHeaderSize: limits.requestHeaderBytesMax,
  insecureHTTPParser: false,
  requireHostHeader: false,
  headersTimeout: 0,
  requestTimeout: 0,
  keepAliveTimeout: 0,
} as const;

type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly connection: Connection;
  readonly served: Served;
};

export function serve(server: Server, served: Served, connections: Connections): void {
  const begin = (request: IncomingMessage, response: ServerResponse) => {
    const connection = connections.of(request.socket);
    if (!connection) return void request.socket.destroy();
    // Whoever does not wait for the answer has it as the last: a thousand requests at once are one.
    if (connection.isBusy) return leave(connection, request.socket);
    connection.begun(request);
    return { request, response, connection, served };
  };
  server.on('request', (request, response) => {
    const exchange = begin(request, response);
    if (exchange) receive(exchange, judged(exchange));
  });
  // The client waits before it sends a body that nobody wants.
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const exchange = begin(request, response);
    if (!exchange) return;
    const judgement = expecting(exchange);
    if ('refusal' in judgement) refuse(exchange.connection, request.socket, judgement.refusal);
    else if (read(exchange, judgement)) response.writeContinue();
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const exchange = begin(request, response);
    if (!exchange) return;
    const judgement = expecting(exchange);
    const page = 'refusal' in judgement ? judgement.refusal : withoutExpect;
    refuse(exchange.connection, request.socket, page);
  });
  server.on('connect', (request) => {
    refuseNext(connections.of(request.socket), request.socket, refuseMethod('', served));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, stream) => {
    const socket = stream as Socket;
    const page = pageOf(error.code);
    if (page) refuseNext(connections.of(socket), socket, page);
    else socket.destroy();
  });
}

const withoutExpect = plain(417, 'send it without Expect');
const internalError = plain(500, 'internal error');

function judged({ request, connection, served }: Exchange): Judgement {
  return attempt(
    () => judge(request, connection.address, served),
    () => ({ refusal: internalError }),
    served,
  );
}

function expecting(exchange: Exchange): Admitted | { readonly refusal: Page } {
  const judgement = isRead(exchange.request) ? { refusal: withoutExpect } : judged(exchange);
  return 'route' in judgement ? { refusal: withoutExpect } : judgement;
}

/** What throws is a bug, and no reason to end what else goes on. */
function attempt<T>(work: () => T, otherwise: () => T, { onBug }: Served): T {
  try {
    return work();
  } catch (error) {
    onBug(error);
    return otherwise();
  }
}

function receive(exchange: Exchange, judgement: Judgement): void {
  const { request, connection, served } = exchange;
  if ('intake' in judgement) return void read(exchange, judgement);
  if (!hasBody(request)) return void respond(exchange, judgement);
  // Some of it has come already.
  served.bodies.passed(limits.requestBytesMax);
  drain(request, {
    whole: () => void respond(exchange, judgement),
    tooLarge: () =>
      refuse(
        connection,
        request.socket,
        'refusal' in judgement ? judgement.refusal : plain(413, 'too large'),
      ),
  });
}

async function respond(exchange: Exchange, judgement: Exclude<Judgement, Admitted>): Promise<void> {
  const { request, served } = exchange;
  arrived(exchange);
  const send = (page: Page) => {
    // Who breaks the rules is not trusted to have ended the request where it seems to end.
    answer(exchange, page, page.status === 400 || (isRead(request) && hasBody(request)));
  };
  try {
    send(await ('refusal' in judgement ? judgement.refusal : judgement.route(judgement.asked)));
  } catch (error) {
    send(internalError);
    served.onBug(error);
  }
}

/** False where it is refused at once. */
function read(exchange: Exchange, admitted: Admitted): boolean {
  const { request, connection, served } = exchange;
  const { intake, bytesMax } = admitted;
  connection.admitted();
  return new IntakeBody(request, admitted, served.bodies).read({
    whole: (body) => take(exchange, admitted, body),
    tooLarge: () => refuseBy(exchange, () => tooLarge(intake, bytesMax)),
    noRoom: () => refuseBy(exchange, () => tooMuch(intake)),
    come: (bytes) => connection.come(bytes),
  });
}

function refuseBy({ request, connection, served }: Exchange, make: () => Page): void {
  const page = attempt(make, () => internalError, served);
  refuse(connection, request.socket, page);
}

/** Answered at once: all that came behind the body has been seen by now. */
function take(exchange: Exchange, { intake, head }: Admitted, body: IntakeBody): void {
  arrived(exchange);
  const settle = (page: Page) => {
    body.release();
    answer(exchange, page, false);
  };
  const fail = (error: unknown) => {
    settle(internalError);
    exchange.served.onBug(error);
  };
  try {
    const page = intake.take(head, body.content);
    if (page instanceof Promise) page.then(settle).catch(fail);
    else settle(page);
  } catch (error) {
    fail(error);
  }
}

function arrived({ response, connection }: Exchange): void {
  connection.asked();
  response.on('close', connection.answered);
}

function answer({ request, response, connection }: Exchange, page: Page, isLast: boolean): void {
  const isOurLast = isLast || connection.isLast;
  const isKept = response.shouldKeepAlive && !isOurLast;
  if (!isKept) connection.retire();
  connection.made();
  const ending = isKept ? 'kept' : isOurLast ? 'last' : 'theirs';
  response.writeHead(page.status, headersOf(page, ending));
  response.end(request.method === 'HEAD' ? undefined : page.body);
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}

function drain(
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
  const lines = Object.entries(headersOf(page, 'last')).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${page.status} ${STATUS_CODES[page.status]}\r\n${lines.join('')}\r\n${page.body}`);
  socket.pause();
  connection.refused();
}

/** Nothing more is read from it. */
function leave(connection: Connection, socket: Socket): void {
  connection.retire();
  socket.pause();
}
