/**
 * Tells one peer something: one attempt, a deadline, a byte limit, no redirects.
 *
 * got is loaded with the first delivery: a reporter whose services are healthy never pays
 * for it. Everything that got would do by itself (retry, redirect, decompress) is off.
 */
import type { Got, Request, Response } from 'got';
import { Failure, type Peer } from '../model/failure.ts';
import { openWay } from './agents.ts';
import type { HttpAnswer } from './ask.ts';
import { placeOf, wireFailure } from './fault.ts';
import type { ConnectionSettings } from './settings.ts';

export type Post = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly url: URL;
  /** What messages call it, where its path is a secret. */
  readonly place?: string;
  readonly headers: Record<string, string>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** Of the answer. */
  readonly bytesMax: number;
};

export type Poster = {
  /** Throws a `Failure` unless the head of an answer came, whatever its status. */
  readonly send: (post: Post, signal: AbortSignal) => Promise<HttpAnswer>;
  readonly stop: () => void;
};

export function openPoster(peer: Peer, base: URL, settings: ConnectionSettings): Poster {
  const { agent, via, showsCertificate } = openWay(base, settings);
  let loading: Promise<Got> | undefined;
  const load = () => (loading ??= import('got').then((module) => module.got));

  return {
    send: async ({ url, place = placeOf(url), timeoutMs, bytesMax, ...post }, signal) => {
      const got = await load();
      if (signal.aborted) throw stopped(peer);
      // got never lets go of the signal that it is given: one that lives longer would keep every request.
      const attempt = new AbortController();
      const abort = () => attempt.abort();
      signal.addEventListener('abort', abort, { once: true });
      const request = got.stream(url, {
        ...post,
        signal: attempt.signal,
        timeout: { request: timeoutMs },
        retry: { limit: 0 },
        followRedirect: false,
        throwHttpErrors: false,
        decompress: false,
        agent: { http: agent, https: agent as never },
      });
      try {
        return await headAndBody(request, bytesMax);
      } catch (error) {
        throw signal.aborted ? stopped(peer) : wireFailure(peer, error, place + via, showsCertificate);
      } finally {
        signal.removeEventListener('abort', abort);
      }
    },
    stop: () => agent.destroy(),
  };
}

/** The status says it all: an answer that is cut short, or too long, after its head is an answer. */
function headAndBody(request: Request, bytesMax: number): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let head: Pick<HttpAnswer, 'status' | 'headers'> | undefined;
    const finish = () => {
      if (head) resolve({ ...head, body: Buffer.concat(chunks).subarray(0, bytesMax) });
    };
    request.on('response', (response: Response) => {
      head = { status: response.statusCode, headers: response.headers };
    });
    request.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < bytesMax) return;
      finish();
      request.destroy();
    });
    request.on('end', finish);
    request.on('error', (error: unknown) => {
      finish();
      reject(error);
    });
  });
}

function stopped(peer: Peer): Failure {
  return new Failure(peer, 'stopped', 'stopped before an answer came', { isAmbiguous: true });
}
