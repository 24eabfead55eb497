/** Asks a peer that may want a token; where it refuses ours, the file of the token may hold another by now. */
import type { OutgoingHttpHeaders } from 'node:http';
import type { Clock } from '../model/clock.ts';
import { Failure, type Peer } from '../model/failure.ts';
import type { Secret } from '../model/secret.ts';
import { type HttpAnswer, openAsker } from './ask.ts';
import type { ConnectionSettings } from './settings.ts';
import { statusFailure } from './verdict.ts';

type TokenAskerSettings = ConnectionSettings & {
  readonly bearerToken?: Secret;
  /** Sent with each question; one of them may be a token, too. */
  readonly headers?: Readonly<Record<string, Secret>>;
};

export type Question = {
  readonly url: URL;
  readonly headers: OutgoingHttpHeaders;
  /** Fields of a form that are posted, where the question is too long for a URL. */
  readonly form?: string;
};

export type TokenAsker = {
  /** Throws a `Failure` unless a whole answer came within `timeoutMs`, whatever its status. */
  readonly ask: (question: Question, timeoutMs: number) => Promise<HttpAnswer>;
  /** Ends what is under way, with reason `stopped`, and closes every connection. */
  readonly stop: () => void;
};

export function openTokenAsker(
  peer: Peer,
  base: URL,
  settings: TokenAskerSettings,
  bytesMax: number,
  clock: Clock,
): TokenAsker {
  const { bearerToken, headers: ownHeaders = {} } = settings;
  const secrets = [...(bearerToken ? [bearerToken] : []), ...Object.values(ownHeaders)];
  const asker = openAsker(peer, base, settings, bytesMax, clock);

  function askOnce({ url, headers, form }: Question, deadlineMs: number): Promise<HttpAnswer> {
    const leftMs = Math.max(1, deadlineMs - clock.monotonic());
    const own = Object.entries(ownHeaders).map(([name, value]) => [name.toLowerCase(), value.reveal()]);
    const all = {
      'user-agent': 'cloudmon-reporter',
      ...headers,
      ...Object.fromEntries(own),
      'accept-encoding': 'identity',
      ...(bearerToken && { authorization: `Bearer ${bearerToken.reveal()}` }),
    };
    if (form === undefined) return asker.get(url, all, leftMs);
    return asker.post(url, { ...all, 'content-type': 'application/x-www-form-urlencoded' }, form, leftMs);
  }

  /** The token may also be one that no header can carry. */
  async function askRefusable(question: Question, deadlineMs: number): Promise<HttpAnswer | Failure> {
    try {
      return await askOnce(question, deadlineMs);
    } catch (error) {
      if (error instanceof Failure && error.reason === 'unauthorized') return error;
      throw error;
    }
  }

  return {
    ask: async (question, timeoutMs) => {
      const deadlineMs = clock.monotonic() + timeoutMs;
      const versions = secrets.map(({ version }) => version);
      const answer = await askRefusable(question, deadlineMs);
      const isRefused = answer instanceof Failure || refusals.has(answer.status);
      if (isRefused) {
        const renewed = await Promise.all(secrets.map((secret, index) => secret.renew(versions[index])));
        if (renewed.includes(true)) return askOnce(question, deadlineMs);
      }
      if (answer instanceof Failure) throw answer;
      return answer;
    },
    stop: asker.stop,
  };
}

const refusals: ReadonlySet<number> = new Set([401, 403, 407]);

/**
 * What an answer other than 200 stands for; undefined for 200.
 *
 * @param said by the peer, in words that may be shown
 */
export function refusalOf(
  peer: Peer,
  { status, headers }: HttpAnswer,
  said: () => string,
  nowMs: number,
): Failure | undefined {
  if (status === 200) return undefined;
  if (status > 200 && status < 300) {
    return new Failure(peer, 'garbled', `answered ${status} instead of 200`, { httpStatus: status });
  }
  return statusFailure(peer, status, headers, nowMs, said());
}
