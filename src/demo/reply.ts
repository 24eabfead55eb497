/** What a fake peer answers: a whole answer, or a way to misbehave on the wire. */
import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';

/** One request and its answer. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Runs `task` after `ms`, unless the client leaves or the server stops before. */
  readonly later: (ms: number, task: () => void) => void;
};

export type Whole = {
  /** Default 200. */
  readonly status?: number;
  /** Default: `content-type: application/json`. */
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Uint8Array;
  readonly delayMs?: number;
};

export type Wire = (exchange: Exchange) => void;

export type Reply = Whole | Wire;

export function reply(exchange: Exchange, answer: Reply): void {
  if (typeof answer === 'function') answer(exchange);
  else if (answer.delayMs) exchange.later(answer.delayMs, () => write(exchange.response, answer));
  else write(exchange.response, answer);
}

export function json(status: number, value: unknown, headers: OutgoingHttpHeaders = {}): Whole {
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(value) };
}

export function text(status: number, body: string): Whole {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8' }, body };
}

function write(response: ServerResponse, answer: Whole): void {
  if (response.destroyed || response.headersSent) return;
  const { status = 200 } = answer;
  const body = Buffer.from(answer.body ?? '');
  const about = { 'content-type': 'application/json', 'content-length': body.length };
  response.writeHead(status, { ...(status !== 204 && status !== 304 && about), ...answer.headers });
  response.end(body);
}
