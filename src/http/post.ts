/**
 * Posts to one peer: one attempt, a deadline, a byte limit, no redirects.
 *
 * got is loaded with the first delivery: a reporter whose services are healthy never pays
 * for it. Everything that got would do by itself (retry, redirect, decompress) is off.
 */
import type { Got } from 'got';
import { Failure, type Peer } from '../model/failure.ts';
import { openAgent } from './agents.ts';
import type { HttpAnswer } from './ask.ts';
import { placeOf, wireFailure } from './fault.ts';
import type { ConnectionSettings } from './settings.ts';

export type Poster = {
  /** Throws a `Failure` unless the head of an answer came, whatever its status. */
  readonly post: (
    url: URL,
    headers: Record<string, string>,
    body: string,
    timeoutMs: number,
    signal: AbortSignal,
  ) => Promise<HttpAnswer>;
  readonly stop: () => void;
};

export function openPoster(peer: Peer, base: URL, settings: ConnectionSettings, bytesMax: number): Poster {
  const agent = openAgent(base, settings);
  let loading: Promise<Got> | undefined;
  const load = () => (loading ??= import('got').then((module) => module.got));

  return {
    post: async (url, headers, body, timeoutMs, signal) => {
      const got = await load();
      if (signal.aborted) throw stopped(peer);
      const request = got(url, {
        method: 'POST',
        headers,
        body,
        signal,
        responseType: 'buffer',
        timeout: { request: timeoutMs },
        retry: { limit: 0 },
        followRedirect: false,
        throwHttpErrors: false,
        decompress: false,
        agent: { http: agent, https: agent as never },
      });
      let head: Pick<HttpAnswer, 'status' | 'headers'> | undefined;
      request.on('response', (response) => {
        head = { status: response.statusCode, headers: response.headers };
      });
      request.on('downloadProgress', ({ transferred }) => {
        if (transferred > bytesMax) request.cancel();
      });
      try {
        const answer = await request;
        return { status: answer.statusCode, headers: answer.headers, body: Buffer.from(answer.body) };
      } catch (error) {
        // The status says it all: an answer cut short, or too long, after its head is an answer.
        if (head) return { ...head, body: Buffer.alloc(0) };
        throw signal.aborted ? stopped(peer) : wireFailure(peer, error, placeOf(url));
      }
    },
    stop: () => agent.destroy(),
  };
}

function stopped(peer: Peer): Failure {
  return new Failure(peer, 'stopped', 'stopped before an answer came', { isAmbiguous: true });
}
