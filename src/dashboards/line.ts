/**
 * The way to one dashboard: its headers, its budget and its deadline, and what its answers mean.
 *
 * Every request of a kind goes this way. None of them is tried again here.
 */
import type { HttpAnswer } from '../http/ask.ts';
import { parseJsonAnswer } from '../http/json-answer.ts';
import { openPoster, type Post } from '../http/post.ts';
import type { Budget } from '../http/rate.ts';
import { readable } from '../http/readable.ts';
import type { ConnectionSettings } from '../http/settings.ts';
import { credentialsOf } from '../http/shown.ts';
import { statusFailure } from '../http/verdict.ts';
import { overtaken } from '../model/dashboard.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import type { Secret } from '../model/secret.ts';
import { gone, plainAddress, secretAddress } from './address.ts';
import type { Surroundings } from './surroundings.ts';

export type Request = {
  readonly method: Post['method'];
  /** Below the dashboard's URL, with its query. */
  readonly path: string;
  /** What is sent as JSON. */
  readonly body?: string;
  /** Made when its turn has come: a token in them is fresh. */
  readonly headers?: MakeHeaders;
  /** Asked when its turn has come, where it creates or changes something: else it is not sent. */
  readonly isWanted?: () => boolean;
  /** Of the answer, where it says more than others do. */
  readonly bytesMax?: number;
};

export type MakeHeaders = () => Promise<Readonly<Record<string, string>>>;

export type Line = {
  /** Whatever the status of the answer. Throws a `Failure` where there is none. */
  readonly send: (request: Request, signal: AbortSignal) => Promise<HttpAnswer>;
  /** What a page says, in JSON. A failure is never ambiguous: a question changes nothing. */
  readonly ask: (
    path: string,
    headers: MakeHeaders | undefined,
    signal: AbortSignal,
    bytesMax?: number,
  ) => Promise<unknown>;
  /** The failure that an answer other than 2xx stands for. */
  readonly failure: (answer: HttpAnswer) => Failure;
  /** What the dashboard says in words, in one line without what it is shown. */
  readonly readable: (said: Buffer) => string;
  /** After a refusal: whether there is another secret by now. */
  readonly renewSecrets: () => Promise<boolean>;
  /** The answer is that of a URL that was replaced, and its file names another one by now. */
  readonly hasMoved: (answer: HttpAnswer) => Promise<boolean>;
  readonly stop: () => void;
};

export type LineParts = {
  readonly settings: ConnectionSettings & {
    readonly url: string;
    readonly timeoutMs: number;
    /** A turn is waited for before each request. */
    readonly rate?: Budget;
  };
  readonly surroundings: Pick<Surroundings, 'clock' | 'rateOf'>;
  /** The secret is the whole URL: messages name its host. */
  readonly isAddress?: true;
  /**
   * What the dashboard is shown, and the budget is counted for: hidden wherever it comes back, read again when
   * it does not do.
   */
  readonly secret: Secret | undefined;
  /** What else it is shown by now, hidden as well, beside what stands in its URL. */
  readonly alsoShown?: () => readonly Secret[];
  /** What is read again together with `secret`. */
  readonly alsoRenewed?: readonly Secret[];
};

export function openLine(parts: LineParts): Line {
  const { settings, surroundings, secret, alsoShown } = parts;
  const { clock } = surroundings;
  const rate = surroundings.rateOf(settings, secret);
  const address = parts.isAddress && secret ? secretAddress(secret) : plainAddress(settings.url);
  const renewable = [secret, ...(parts.alsoRenewed ?? [])].filter((each) => each !== undefined);
  const versions = () => renewable.map(({ version }) => version);
  const poster = openPoster('dashboard', address.base, settings);
  let refused = versions();

  async function send(request: Request, signal: AbortSignal): Promise<HttpAnswer> {
    const { method, path, body, headers, bytesMax = limits.dashboardAnswerBytesMax } = request;
    const { isWanted = () => true } = request;
    await rate?.take(signal, isWanted);
    if (!isWanted()) throw overtaken();
    if (signal.aborted) throw new Failure('dashboard', 'stopped', 'stopped before it was sent');
    const current = versions();
    const answer = await poster.send(
      {
        method,
        url: address.urlOf(path),
        ...(address.place !== undefined && { place: address.place }),
        headers: {
          accept: 'application/json',
          'user-agent': 'cloudmon-reporter',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(await headers?.()),
        },
        ...(body !== undefined && { body }),
        timeoutMs: settings.timeoutMs,
        bytesMax,
      },
      signal,
    );
    if (address.refusals.includes(answer.status)) refused = current;
    return answer;
  }

  async function renewSecrets(): Promise<boolean> {
    const before = refused;
    const renewed = await Promise.all(renewable.map((each, at) => each.renew(before[at])));
    return renewed.includes(true);
  }

  const hidden = (said: Buffer) =>
    readable(said, secret, ...address.shown(), ...credentialsOf(settings), ...(alsoShown?.() ?? []));
  const failure = ({ status, headers, body }: HttpAnswer) =>
    statusFailure('dashboard', status, headers, clock.now(), hidden(body));

  return {
    send,
    failure,
    readable: hidden,
    ask: async (path, headers, signal, bytesMax = limits.dashboardListBytesMax) => {
      try {
        const answer = await send({ method: 'GET', path, bytesMax, ...(headers && { headers }) }, signal);
        if (answer.status < 200 || answer.status > 299) throw failure(answer);
        if (answer.body.length >= bytesMax) throw tooLarge(bytesMax);
        return parseJsonAnswer('dashboard', answer.body);
      } catch (error) {
        throw error instanceof Failure ? withoutDoubt(error) : error;
      }
    },
    renewSecrets,
    hasMoved: async ({ status }) =>
      parts.isAddress === true && gone.includes(status) && (await renewSecrets()),
    stop: () => poster.stop(),
  };
}

/** What came of it is no JSON. */
function tooLarge(bytesMax: number): Failure {
  const text = `the answer is larger than ${bytesMax} bytes`;
  return new Failure('dashboard', 'garbled', text, { isTooLarge: true });
}

function withoutDoubt({ peer, reason, message, httpStatus, retryAfterMs, isTooLarge }: Failure): Failure {
  return new Failure(peer, reason, message, {
    isTooLarge,
    ...(httpStatus !== undefined && { httpStatus }),
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}
