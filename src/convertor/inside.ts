/** Asks a convertor in the same process: its pages answer as they would over HTTP, without a socket. */
import type { Asker } from '../http/ask.ts';
import { findRoute, type Page, plain, type Routes } from '../http/routes.ts';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';

export type Inside = {
  readonly routes: Routes;
  /** Told what a page threw: it answers 500, as a listener would. */
  readonly onBug: (error: unknown) => void;
};

export function openInside({ routes, onBug }: Inside, clock: Clock): Asker {
  const underWay = new Set<(failure: Failure) => void>();

  async function answer(url: URL, withinMs: number): Promise<Page> {
    const asked = { path: url.pathname, query: url.search.slice(1), accept: '', withinMs };
    try {
      return (await findRoute(routes, url.pathname)?.(asked)) ?? plain(404, 'not found');
    } catch (error) {
      onBug(error);
      return plain(500, 'internal error');
    }
  }

  return {
    get: (url, _headers, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = () => {
          cancelDeadline();
          underWay.delete(abort);
        };
        const abort = (failure: Failure) => {
          settle();
          reject(failure);
        };
        const cancelDeadline = clock.after(timeoutMs, () => abort(tooLate(timeoutMs)));
        underWay.add(abort);
        void answer(url, timeoutMs).then(({ status, body }) => {
          settle();
          resolve({ status, headers: {}, body: Buffer.from(body) });
        });
      }),
    stop: () => {
      for (const abort of [...underWay]) {
        abort(new Failure('convertor', 'stopped', 'stopped before an answer came'));
      }
    },
  };
}

function tooLate(timeoutMs: number): Failure {
  const seconds = Math.round(timeoutMs / 100) / 10;
  return new Failure(
    'convertor',
    'timeout',
    `no answer from the collector of this process within ${seconds} s`,
  );
}
