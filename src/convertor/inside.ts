/** Asks a convertor in the same process: its pages answer as they would over HTTP, without a socket. */
import type { Asker } from '../http/ask.ts';
import { findRoute, type Page, plain, type Routes } from '../http/routes.ts';
import { type Clock, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';

export type Inside = {
  readonly routes: Routes;
  /** Told what a page threw: it answers 500, as a listener would. */
  readonly onBug: (error: unknown) => void;
};

export function openInside({ routes, onBug }: Inside, clock: Clock): Asker {
  const stopping = new AbortController();

  async function answer(url: URL): Promise<Page> {
    const asked = { path: url.pathname, query: url.search.slice(1), accept: '' };
    try {
      return (await findRoute(routes, url.pathname)?.(asked)) ?? plain(404, 'not found');
    } catch (error) {
      onBug(error);
      return plain(500, 'internal error');
    }
  }

  return {
    get: async (url, _headers, timeoutMs) => {
      const settled = new AbortController();
      const waited = AbortSignal.any([settled.signal, stopping.signal]);
      const page = await Promise.race([answer(url), sleep(clock, timeoutMs, waited).then(() => undefined)]);
      settled.abort();
      if (page) return { status: page.status, headers: {}, body: Buffer.from(page.body) };
      if (stopping.signal.aborted) throw new Failure('convertor', 'stopped', 'stopped before an answer came');
      const seconds = Math.round(timeoutMs / 100) / 10;
      throw new Failure(
        'convertor',
        'timeout',
        `no answer from the collector of this process within ${seconds} s`,
      );
    },
    stop: () => stopping.abort(),
  };
}
