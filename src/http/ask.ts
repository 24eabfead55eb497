/**
 * Asks one peer over kept-alive connections: a deadline, a byte limit, no redirects.
 *
 * Built on `node:http` because polls are most of what the program does, and a warm poll
 * costs a third of what it costs through got (docs/performance.md).
 */
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Clock } from '../model/clock.ts';
import { Failure, type Peer } from '../model/failure.ts';
import { openWay } from './agents.ts';
import { readBody } from './body.ts';
import { placeOf, wireFailure } from './fault.ts';
import type { ConnectionSettings } from './settings.ts';

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
};

export type Asker = {
  /** Throws a `Failure` unless a whole answer came within `timeoutMs`, whatever its status. */
  readonly get: (url: URL, headers: OutgoingHttpHeaders, timeoutMs: number) => Promise<HttpAnswer>;
  /** Ends what is under way, with reason `stopped`, and closes every connection. */
  readonly stop: () => void;
};

export type LongAsker = Asker & {
  /** As `get`, for a question that is too long for a URL: it changes nothing, so it may be sent twice. */
  readonly post: (
    url: URL,
    headers: OutgoingHttpHeaders,
    body: string,
    timeoutMs: number,
  ) => Promise<HttpAnswer>;
};

export function openAsker(
  peer: Peer,
  base: URL,
  settings: ConnectionSettings,
  bytesMax: number,
  clock: Clock,
): LongAsker {
  const { agent, via, showsCertificate } = openWay(base, settings);
  const underWay = new Set<(failure: Failure) => void>();
  const send = base.protocol === 'https:' ? httpsRequest : httpRequest;

  function exchange(
    url: URL,
    headers: OutgoingHttpHeaders,
    timeoutMs: number,
    body?: string,
  ): Promise<HttpAnswer> {
    return new Promise((resolve, reject) => {
      const place = placeOf(url) + via;
      let current: ReturnType<typeof send> | undefined;
      const settle = (finish: () => void) => {
        cancelDeadline();
        underWay.delete(abort);
        finish();
      };
      const abort = (failure: Failure) => {
        settle(() => reject(failure));
        current?.destroy();
      };
      const cancelDeadline = clock.after(timeoutMs, () =>
        abort(
          new Failure(
            peer,
            'timeout',
            `no answer from ${place} within ${Math.round(timeoutMs / 100) / 10} s`,
          ),
        ),
      );
      underWay.add(abort);

      const start = () => {
        let request: ReturnType<typeof send>;
        try {
          request = send(url, { agent, headers, method: body === undefined ? 'GET' : 'POST' });
        } catch {
          // Node throws at once for a header that cannot be sent: a secret file that was changed meanwhile.
          const text = 'the token holds a character that no HTTP header can carry';
          return abort(new Failure(peer, 'unauthorized', text, { isUnsent: true }));
        }
        current = request;
        request.once('response', (answer) => {
          readBody(peer, answer, bytesMax).then(
            (body) =>
              settle(() => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body })),
            (error: unknown) =>
              abort(error instanceof Failure ? error : wireFailure(peer, error, place, showsCertificate)),
          );
        });
        request.on('error', (error) => {
          if (!underWay.has(abort)) return;
          // The peer closed an idle connection just as we took it: nothing was answered, so ask on a fresh one.
          if (request.reusedSocket && isClosed(error)) start();
          else abort(wireFailure(peer, error, place, showsCertificate));
        });
        request.end(body);
      };
      start();
    });
  }

  return {
    get: exchange,
    post: (url, headers, body, timeoutMs) => exchange(url, headers, timeoutMs, body),
    stop: () => {
      for (const abort of [...underWay]) abort(new Failure(peer, 'stopped', 'stopped before an answer came'));
      agent.destroy();
    },
  };
}

function isClosed(error: NodeJS.ErrnoException): boolean {
  return error.code === 'ECONNRESET' || error.code === 'EPIPE';
}
