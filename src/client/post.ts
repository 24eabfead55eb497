/** One request to a collector, over before its deadline. */
import { Agent, type IncomingMessage, request as plainRequest } from 'node:http';
import { Agent as SecureAgent, request as secureRequest } from 'node:https';
import type { Endpoint } from './endpoint.ts';
import type { Host } from './host.ts';
import { limits } from './settings.ts';

export type Answer = {
  readonly status: number;
  readonly retryAfter: string | undefined;
  /** Undefined where it is no JSON. */
  readonly body: unknown;
};

/** No answer came. */
export class Unanswered extends Error {
  /** The collector may have taken what was sent. */
  readonly mayBeTaken: boolean;
  /** A kept connection was closed just when it was used again. */
  readonly isStale: boolean;

  constructor(message: string, mayBeTaken: boolean, isStale: boolean) {
    super(message);
    this.mayBeTaken = mayBeTaken;
    this.isStale = isStale;
  }
}

export type Body = { readonly type: 'application/json' | 'application/x-ndjson'; readonly text: string };

/** Connections of our own: those of the program, and its limits, are left alone. */
export function openAgent({ url }: Endpoint): Agent {
  const keep = {
    keepAlive: true,
    maxSockets: limits.connectionsMax,
    maxFreeSockets: 1,
    timeout: limits.connectionIdleMs,
  };
  return url.protocol === 'https:' ? new SecureAgent({ ...keep, rejectUnauthorized: true }) : new Agent(keep);
}

/** Rejects with Unanswered alone. */
export function post(
  { url, name, headers }: Endpoint,
  agent: Agent,
  { type, text }: Body,
  timeoutMs: number,
  host: Host,
): Promise<Answer> {
  const body = Buffer.from(text);
  const open = url.protocol === 'https:' ? secureRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const request = open(url, {
      agent,
      method: 'POST',
      headers: {
        ...headers,
        'content-type': type,
        'content-length': body.length,
        accept: 'application/json',
      },
    });
    const cancel = host.whileUp(timeoutMs, () => {
      fail(`gave no answer within ${timeoutMs / 1_000} s`);
      request.destroy();
    });
    const fail = (why: string, isReset = false) => {
      cancel();
      const isStale = isReset && request.reusedSocket;
      // What did not leave whole cannot be taken: batches are taken whole.
      reject(new Unanswered(`${name} ${why}`, request.writableFinished, isStale));
    };
    request.on('error', (error: NodeJS.ErrnoException) => {
      const code = error.code ?? error.name;
      fail(`cannot be reached (${code})`, code === 'ECONNRESET' || code === 'EPIPE');
    });
    request.on('response', (response) => {
      collect(response, (bytes) => {
        cancel();
        const { statusCode: status = 0, headers: told } = response;
        resolve({ status, retryAfter: told['retry-after'], body: parsed(bytes) });
        if (!bytes) request.destroy();
      });
      response.on('close', () => fail('broke off its answer'));
    });
    request.end(body);
  });
}

/** Undefined: it is longer than any answer of a collector. */
function collect(response: IncomingMessage, done: (bytes: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  response.on('data', (chunk: Buffer) => {
    length += chunk.length;
    if (length > limits.answerBytesMax) return done(undefined);
    chunks.push(chunk);
  });
  response.on('end', () => done(Buffer.concat(chunks)));
}

function parsed(bytes: Buffer | undefined): unknown {
  try {
    return bytes && JSON.parse(bytes.toString());
  } catch {
    return undefined;
  }
}
