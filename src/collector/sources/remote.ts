/** Asks the page of one source: GET with its token and its time-out, nothing but 200 counts. */
import { type HttpAnswer, openAsker } from '../../http/ask.ts';
import { readable } from '../../http/readable.ts';
import { statusFailure } from '../../http/verdict.ts';
import type { Clock } from '../../model/clock.ts';
import { Failure } from '../../model/failure.ts';
import type { SourceSettings } from '../settings.ts';
import { garbled } from './feed.ts';

type RemoteSettings = Exclude<SourceSettings, { readonly type: 'node' }>;

export type Remote = {
  readonly get: () => Promise<HttpAnswer>;
  readonly stop: () => void;
};

export function openRemote(
  settings: RemoteSettings,
  headers: Readonly<Record<string, string>>,
  bytesMax: number,
  clock: Clock,
): Remote {
  const url = new URL(settings.url);
  const { bearerToken, timeoutMs } = settings;
  const asker = openAsker('source', url, settings, bytesMax, clock);

  async function getOnce(deadlineMs: number): Promise<HttpAnswer> {
    const all = {
      ...headers,
      'accept-encoding': 'identity',
      'user-agent': 'cloudmon-reporter',
      ...(bearerToken && { authorization: `Bearer ${bearerToken.reveal()}` }),
    };
    const answer = await asker.get(url, all, Math.max(1, deadlineMs - clock.monotonic()));
    if (answer.status === 200) return answer;
    if (answer.status > 200 && answer.status < 300) {
      throw garbled(`answered ${answer.status} instead of 200`);
    }
    const said = readable(answer.body, bearerToken);
    throw statusFailure('source', answer.status, answer.headers, clock.now(), said);
  }

  return {
    get: async () => {
      const deadlineMs = clock.monotonic() + timeoutMs;
      const version = bearerToken?.version;
      try {
        return await getOnce(deadlineMs);
      } catch (error) {
        const isRefused = error instanceof Failure && error.reason === 'unauthorized';
        // The token's file may hold another one by now.
        if (!isRefused || (await bearerToken?.renew(version)) !== true) throw error;
        return getOnce(deadlineMs);
      }
    },
    stop: asker.stop,
  };
}
