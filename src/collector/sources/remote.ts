/** Asks the page of one source: GET with its token and its time-out, nothing but 200 counts. */
import type { HttpAnswer } from '../../http/ask.ts';
import { readable } from '../../http/readable.ts';
import { credentialsOf } from '../../http/shown.ts';
import { openTokenAsker, refusalOf } from '../../http/token-asker.ts';
import type { Clock } from '../../model/clock.ts';
import type { SourceSettings } from '../settings.ts';

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
  const asker = openTokenAsker('source', url, settings, bytesMax, clock);
  return {
    get: async () => {
      const answer = await asker.ask({ url, headers }, settings.timeoutMs);
      const said = () => readable(answer.body, settings.bearerToken, ...credentialsOf(settings));
      const refusal = refusalOf('source', answer, said, clock.now());
      if (refusal) throw refusal;
      return answer;
    },
    stop: asker.stop,
  };
}
