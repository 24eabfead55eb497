/**
 * Ways to misbehave on the wire. Each is an answer to one request and nothing more: it
 * ends when the client leaves or the server stops, and holds next to no memory.
 */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Socket } from 'node:net';
import type { Exchange, Whole, Wire } from './reply.ts';

const dripMs = 200;

/** Takes the request and never answers. */
export const hang: Wire = () => {};

/** A good head, then a byte now and then, for ever. */
export function drip(status: number, start: string): Wire {
  return ({ response, later }) => {
    response.writeHead(status, { 'content-type': 'application/json' });
    response.write(start);
    const next = () => {
      response.write(' ');
      later(dripMs, next);
    };
    later(dripMs, next);
  };
}

/** A head that never ends: header after header, slowly. */
export const slowHeaders: Wire = ({ request, later }) => {
  request.socket.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n');
  const next = () => {
    request.socket.write('X-Wait: 1\r\n');
    later(dripMs, next);
  };
  later(dripMs, next);
};

/** Interim answers for ever, never a final one. */
export const interimOnly: Wire = ({ request, later }) => {
  const next = () => {
    request.socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\r\n');
    later(dripMs, next);
  };
  next();
};

/** RST instead of an answer. */
export const reset: Wire = ({ request }) => resetSocket(request.socket);

/** FIN instead of an answer. */
export const close: Wire = ({ request }) => {
  request.socket.end();
};

/** The head and half of the body, then RST. */
export function resetMidway(answer: Whole): Wire {
  return (exchange) => half(exchange, answer, () => resetSocket(exchange.request.socket));
}

/** The head and half of the body, then FIN: shorter than `content-length` promised. */
export function lengthTooLong(answer: Whole): Wire {
  return (exchange) => half(exchange, answer, () => exchange.request.socket.end());
}

/** The head and half of the body in chunks, then FIN without the last chunk. */
export function truncated(answer: Whole): Wire {
  const body = bytesOf(answer);
  const part = body.subarray(0, body.length / 2);
  return raw([
    head(answer, { 'transfer-encoding': 'chunked' }),
    `${part.length.toString(16)}\r\n`,
    part,
    '\r\n',
  ]);
}

/** `content-length` says half of what comes. */
export function lengthTooShort(answer: Whole): Wire {
  const body = bytesOf(answer);
  return raw([head(answer, { 'content-length': Math.floor(body.length / 2) }), body]);
}

/** Chunks whose sizes are no numbers. */
export function badChunks(answer: Whole): Wire {
  return raw([head(answer, { 'transfer-encoding': 'chunked' }), 'zz\r\n', bytesOf(answer), '\r\n0\r\n\r\n']);
}

/** More headers than any client takes. */
export function headerFlood(answer: Whole): Wire {
  return raw([head(answer, { 'x-flood': 'a'.repeat(100_000) }), bytesOf(answer)]);
}

/** Bytes on the socket as they are, then FIN. */
export function raw(parts: readonly (string | Uint8Array)[]): Wire {
  return ({ request: { socket } }) => {
    for (const part of parts) socket.write(part);
    socket.end();
  };
}

/** `start`, then `chunk` again and again until `bytes` are sent; keeps pace with the reader. */
export function stream(head: Whole, start: string | Uint8Array, chunk: Uint8Array, bytes: number): Wire {
  return ({ response }) => {
    response.writeHead(head.status ?? 200, { 'content-type': 'application/json', ...head.headers });
    response.write(start);
    let left = bytes;
    const more = () => {
      while (left > 0 && !response.destroyed) {
        left -= chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };
}

/** What was written is with the client before `then`: a reset after it takes nothing back. */
function half({ request: { socket } }: Exchange, answer: Whole, then: () => void): void {
  const body = bytesOf(answer);
  socket.write(head(answer, { 'content-length': body.length }));
  socket.write(body.subarray(0, body.length / 2), then);
}

function head(answer: Whole, framing: OutgoingHttpHeaders): string {
  const fields = Object.entries({ 'content-type': 'application/json', ...answer.headers, ...framing });
  const lines = fields.map(([name, value]) => `${name}: ${value}`);
  return `HTTP/1.1 ${answer.status ?? 200} Answer\r\n${lines.join('\r\n')}\r\n\r\n`;
}

function bytesOf(answer: Whole): Buffer {
  return Buffer.from(answer.body ?? '');
}

/** A TLS socket cannot be reset by itself: there it is closed hard. */
function resetSocket(socket: Socket): void {
  if ('encrypted' in socket) socket.destroy();
  else socket.resetAndDestroy();
}
