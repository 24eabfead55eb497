/**
 * Asks a convertor about one target at a time, over HTTP or in the same process.
 *
 * One deadline covers all attempts of a reading; the back-off lies inside it (seed 001:
 * "retry with exponential backoff").
 */
import { setMaxListeners } from 'node:events';
import { type Asker, openAsker } from '../http/ask.ts';
import { readable } from '../http/readable.ts';
import { retry } from '../http/retry.ts';
import { credentialsOf } from '../http/shown.ts';
import { statusFailure } from '../http/verdict.ts';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import type { Reading } from '../model/reading.ts';
import type { Target } from '../model/target.ts';
import { decodeHealth } from './decode.ts';
import { type Inside, openInside } from './inside.ts';
import { parseAnswer } from './json.ts';
import { judge } from './judge.ts';
import {
  type Maintenances,
  type MaintenancesJournal,
  noMaintenances,
  watchMaintenances,
} from './maintenances.ts';
import { healthUrl, pathFinder } from './query.ts';
import type { ConvertorSettings } from './settings.ts';

export type Convertor = {
  /** Throws a `Failure` where no answer that makes sense came within the time-out. */
  readonly read: (target: Target) => Promise<Reading>;
  /** What it announces. */
  readonly maintenances: Maintenances;
  readonly stop: () => void;
};

export type ConvertorJournal = MaintenancesJournal & {
  /**
   * One attempt at a reading ended, well or not. It is one request, but where `path: auto` still tries
   * both paths.
   */
  readonly asked: (target: Target, durationMs: number, failure: Failure | undefined) => void;
};

export function openConvertor(
  settings: ConvertorSettings,
  clock: Clock,
  journal: ConvertorJournal,
  inside?: Inside,
): Convertor {
  const asker = askerOf(settings, clock, inside);
  const get = (url: URL, timeoutMs: number) => asker.get(url, headersOf(settings), timeoutMs);
  const askSomePath = pathFinder(settings.path);
  const flagsOf = flagMemory();
  const ended = new AbortController();
  // Every poll that waits for its next attempt listens to it.
  setMaxListeners(0, ended.signal);

  async function readOnce(target: Target, deadlineMs: number): Promise<Reading> {
    const nowMs = clock.now();
    const answer = await askSomePath((path) =>
      get(healthUrl(settings, path, target, nowMs), Math.max(1, deadlineMs - clock.monotonic())),
    );
    if (answer.status !== 200) {
      const said = readable(answer.body, settings.bearerToken, ...credentialsOf(settings));
      throw refusal(answer.status, answer.headers, said, nowMs);
    }

    const health = decodeHealth(parseAnswer(answer.body), target, nowMs);
    const points = health.series.flat();
    const flags = flagsOf(
      target,
      points.map((point) => point.flags),
    );
    const verdict = judge(health.series, { nowMs, maxDataAgeMs: settings.maxDataAgeMs, flags });
    if (verdict.status === undefined) return { target, ...verdict };
    const evidence = { ...verdict.evidence, ...(health.category && { category: health.category }) };
    return { target, status: verdict.status, timeMs: verdict.timeMs, evidence };
  }

  async function timed(target: Target, ask: () => Promise<Reading>): Promise<Reading> {
    const startedMs = clock.monotonic();
    const ended = (failure?: Failure) => journal.asked(target, clock.monotonic() - startedMs, failure);
    try {
      const reading = await ask();
      ended();
      return reading;
    } catch (error) {
      if (error instanceof Failure) ended(error);
      throw error;
    }
  }

  return {
    read: async (target) => {
      const deadlineMs = clock.monotonic() + settings.timeoutMs;
      const { bearerToken } = settings;
      let mayRenew = bearerToken !== undefined;
      let version = bearerToken?.version;
      const attempt = () => {
        version = bearerToken?.version;
        return timed(target, () => readOnce(target, deadlineMs));
      };
      const renew = async () => {
        mayRenew = false;
        return (await bearerToken?.renew(version)) === true;
      };
      try {
        return await retry(attempt, {
          retries: settings.retries,
          clock,
          signal: ended.signal,
          delayMs: async (failure, attempt) => {
            if (failure.reason === 'unauthorized' && mayRenew) return (await renew()) ? 0 : undefined;
            const delayMs = 500 * 2 ** (attempt - 1);
            return isPassing(failure) && clock.monotonic() + delayMs < deadlineMs ? delayMs : undefined;
          },
        });
      } catch (error) {
        // No retry was left to ask for it; the next reading profits.
        if (mayRenew && error instanceof Failure && error.reason === 'unauthorized') await renew();
        throw error;
      }
    },
    maintenances:
      settings.url === undefined
        ? noMaintenances
        : watchMaintenances({ ...settings, url: settings.url }, get, clock, journal),
    stop: () => {
      ended.abort();
      asker.stop();
    },
  };
}

function askerOf(settings: ConvertorSettings, clock: Clock, inside: Inside | undefined): Asker {
  if (settings.url !== undefined) {
    return openAsker('convertor', new URL(settings.url), settings, limits.answerBytesMax, clock);
  }
  if (!inside) throw new Error('a convertor has neither a URL nor a collector in this process');
  return openInside(inside, clock);
}

/** A 4xx is the convertor's considered answer: asking again at once cannot help. */
function isPassing(failure: Failure): boolean {
  const status = failure.httpStatus ?? 500;
  return failure.retryable && status >= 500;
}

function headersOf(settings: ConvertorSettings): Record<string, string> {
  return {
    accept: 'application/json',
    'accept-encoding': 'identity',
    'user-agent': 'cloudmon-reporter',
    ...(settings.bearerToken && { authorization: `Bearer ${settings.bearerToken.reveal()}` }),
  };
}

function refusal(
  status: number,
  headers: Parameters<typeof statusFailure>[2],
  said: string,
  nowMs: number,
): Failure {
  if (status === 404 || status === 409) {
    const text = `answered ${status}: it does not know this service in this environment${said && ` (${said})`}`;
    return new Failure('convertor', 'unsupported', text, { httpStatus: status });
  }
  if (status >= 200 && status < 300) {
    return new Failure('convertor', 'garbled', `answered ${status} instead of 200`, { httpStatus: status });
  }
  return statusFailure('convertor', status, headers, nowMs, said);
}

/**
 * The flags that a healthy point of a target must carry: those that the configuration
 * lists and those that the target has shown before. A reload that changes `convertor` forgets
 * the latter.
 */
function flagMemory() {
  const shown = new Map<string, Set<string>>();
  return (target: Target, seen: Iterable<ReadonlySet<string> | undefined>): ReadonlySet<string> => {
    const flags = shown.get(target.key) ?? new Set<string>();
    shown.set(target.key, flags);
    for (const names of seen) {
      for (const name of names ?? []) {
        if (flags.size < limits.flagsMax) flags.add(name);
      }
    }
    // Listed anew each time: a reload may bring other lists to the same client.
    return target.flags.length === 0 ? flags : new Set([...target.flags, ...flags]);
  };
}
