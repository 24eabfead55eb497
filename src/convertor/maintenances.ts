/**
 * What the convertor announces as maintenance, as far as it is known.
 *
 * CloudMon documents the list and does not serve it, so 404 is the usual answer. It is asked for after the first
 * reading of a cycle, which waits for the very first answer alone: what was announced holds until there is
 * another answer, or until it ends.
 */
import type { HttpAnswer } from '../http/ask.ts';
import { readable } from '../http/readable.ts';
import { credentialsOf } from '../http/shown.ts';
import { refusalOf } from '../http/token-asker.ts';
import { announcedWindows } from '../maintenance/announced.ts';
import type { Windows } from '../maintenance/windows.ts';
import { type Clock, sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { decodeAnnouncements } from './announcements.ts';
import { parseAnswer } from './json.ts';
import type { ConvertorSettings } from './settings.ts';

export type Maintenances = {
  /** Asks where it is time to: to be called after each reading. It never waits and never throws. */
  readonly look: () => void;
  /** To be called once a cycle. Waits for the very first answer only, at most `withinMs`. */
  readonly windows: (withinMs: number) => Promise<Windows>;
};

/** One question, as a reading asks its own. Throws a `Failure` where there is no answer. */
type Ask = (url: URL, timeoutMs: number) => Promise<HttpAnswer>;

export type MaintenancesJournal = {
  /**
   * It could not be read although the convertor is there; told again only when there is another reason, or
   * once it worked in between.
   */
  readonly maintenancesFailed: (failure: Failure) => void;
  /** So many of its entries are left out; told when it is another number. */
  readonly maintenancesDropped: (count: number) => void;
};

/** A cycle that begins a little early is still the next one. */
const slackMs = 1_000;

/** A page that is not there is said so in one of these ways. */
const absent: ReadonlySet<number> = new Set([404, 405, 410, 501]);

export function watchMaintenances(
  settings: ConvertorSettings & { readonly url: string },
  ask: Ask,
  clock: Clock,
  journal: MaintenancesJournal,
): Maintenances {
  const fetchList = lister(settings, ask, clock);
  let known = announcedWindows([]);
  let droppedCount = 0;
  let failedFor: string | undefined;
  let dueMs = clock.monotonic();
  let hasLooked = false;
  let hasWaited = false;
  let underWay: Promise<void> | undefined;

  async function learn(): Promise<void> {
    try {
      const answer = await fetchList();
      failedFor = undefined;
      if (answer === undefined) {
        dueMs += limits.announcedAbsentMs - limits.announcedEveryMs;
        return;
      }
      const found = decodeAnnouncements(answer);
      known = announcedWindows(found.list);
      if (found.droppedCount > 0 && found.droppedCount !== droppedCount)
        journal.maintenancesDropped(found.droppedCount);
      droppedCount = found.droppedCount;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      // Who is not there at all is missed by the readings, too.
      const isNews = error.reason !== 'stopped' && error.reason !== 'unreachable';
      if (!isNews || error.reason === failedFor) return;
      failedFor = error.reason;
      journal.maintenancesFailed(error);
    }
  }

  return {
    look: () => {
      if (hasLooked || underWay || clock.monotonic() < dueMs) return;
      hasLooked = true;
      dueMs = clock.monotonic() + limits.announcedEveryMs - slackMs;
      underWay = learn().finally(() => {
        underWay = undefined;
      });
    },
    windows: async (withinMs) => {
      hasLooked = false;
      if (underWay && !hasWaited) {
        hasWaited = true;
        const answered = new AbortController();
        const first = underWay.finally(() => answered.abort());
        await Promise.race([first, sleep(clock, withinMs, answered.signal)]);
      }
      return known;
    },
  };
}

/** The list as it is answered; undefined where no page says otherwise than that it is not there. */
function lister(
  settings: ConvertorSettings & { readonly url: string },
  ask: Ask,
  clock: Clock,
): () => Promise<unknown> {
  const { bearerToken, timeoutMs } = settings;
  const base = new URL(settings.url).href.replace(/\/$/, '');
  const urls = pathsBeside(settings.path).map((path) => new URL(base + path));

  /** Once more where the token was refused and there is another one by now. */
  async function askOnce(url: URL, deadlineMs: number): Promise<HttpAnswer> {
    const leftMs = () => Math.max(1, deadlineMs - clock.monotonic());
    const version = bearerToken?.version;
    const answer = await ask(url, leftMs());
    const isRefused = answer.status === 401 || answer.status === 403;
    return isRefused && (await bearerToken?.renew(version)) ? ask(url, leftMs()) : answer;
  }

  return async () => {
    const deadlineMs = clock.monotonic() + timeoutMs;
    for (const url of urls) {
      const answer = await askOnce(url, deadlineMs);
      if (absent.has(answer.status)) continue;
      const said = () => readable(answer.body, bearerToken, ...credentialsOf(settings));
      const refusal = refusalOf('convertor', answer, said, clock.now());
      if (refusal) throw refusal;
      return parseAnswer(answer.body);
    }
    return undefined;
  };
}

/** Of the convertor in this process, which knows what is configured and no more. */
export const noMaintenances: Maintenances = {
  look: () => undefined,
  windows: async () => announcedWindows([]),
};

/** `/v1/health` and `/api/v1/health` stand for each other, below any prefix; so do their neighbours. */
function pathsBeside(path: string): readonly string[] {
  const known = /^(.*?)(\/api)?\/v1\/[^/]+$/.exec(path === 'auto' ? '/v1/health' : path);
  if (!known) return [path.replace(/[^/]*$/, 'maintenances')];
  const [, prefix = '', api] = known;
  const both = [`${prefix}/v1/maintenances`, `${prefix}/api/v1/maintenances`];
  return api === undefined ? both : both.reverse();
}
