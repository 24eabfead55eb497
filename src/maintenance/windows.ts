/**
 * Which targets are under maintenance, and when.
 *
 * Pure but for what it remembers of what it found out: time comes in. What reads cron expressions, and
 * knows time zones, is loaded only where an entry has one.
 */
import { limits } from '../model/limits.ts';
import { isAbout } from '../values/glob.ts';
import type { Span, Spans } from './recurrence.ts';
import type { Maintenance, Recurring } from './settings.ts';
import { openZones } from './zone.ts';

/** Whom it is about. */
export type Subject = {
  readonly service: string;
  readonly environment: string;
  readonly attributes?: Readonly<Record<string, string>>;
};

export type MaintenanceWindow = Span & { readonly reason?: string };

export type Windows = {
  /** The one that a target is in, and of several the one that ends last. */
  readonly around: (target: Subject, nowMs: number) => MaintenanceWindow | undefined;
  /**
   * What lasts beyond `fromMs` and begins before `toMs`, by its beginning; at most `maintenanceWindowsMax`.
   *
   * @param pause waited for after each entry
   */
  readonly between: <Target extends Subject>(
    targets: readonly Target[],
    fromMs: number,
    toMs: number,
    pause: () => Promise<void> | undefined,
  ) => Promise<readonly (MaintenanceWindow & { readonly target: Target })[]>;
};

type Entry = { readonly about: Maintenance; readonly spans: Spans };
type OpenEntry = { readonly about: Maintenance; readonly span: Span };
/** With the targets that it is about. */
type Coming<Target> = OpenEntry & { readonly mine: readonly Target[] };

/** For how long it is found out at once what is under way. */
const aheadMs = 6 * 3_600_000;

export async function openMaintenance(list: readonly Maintenance[]): Promise<Windows> {
  const entries = await openEntries(list);
  const open = openNow(entries);
  return {
    around: (target, nowMs) => {
      const mine = open(nowMs).find(({ about }) => isAbout(about, target));
      return mine && windowOf(mine);
    },
    between: async (targets, fromMs, toMs, pause) => {
      const countMax = limits.maintenanceWindowsMax;
      let found: readonly Coming<(typeof targets)[number]>[] = [];
      let untilMs = toMs;
      for (const { about, spans } of entries) {
        const mine = targets.filter((target) => isAbout(about, target)).slice(0, countMax);
        const coming = mine.length === 0 ? [] : spans(fromMs, untilMs, countMax);
        if (coming.length > 0) {
          found = firstOf([...found, ...coming.map((span) => ({ about, span, mine }))], countMax);
          // What begins later than all that can be listed is not even looked for.
          if (countOf(found) >= countMax) untilMs = found.at(-1)?.span.fromMs ?? toMs;
        }
        await pause();
      }
      return found
        .flatMap(({ mine, ...entry }) => mine.map((target) => ({ target, ...windowOf(entry) })))
        .slice(0, countMax);
    },
  };
}

/** What begins first, as much as has `countMax` windows together. */
function firstOf<Target>(found: Coming<Target>[], countMax: number): readonly Coming<Target>[] {
  found.sort((one, two) => one.span.fromMs - two.span.fromMs);
  let count = 0;
  const enough = found.findIndex(({ mine }) => {
    count += mine.length;
    return count >= countMax;
  });
  return enough < 0 ? found : found.slice(0, enough + 1);
}

function countOf(found: readonly Coming<unknown>[]): number {
  return found.reduce((count, { mine }) => count + mine.length, 0);
}

function windowOf({ about: { reason }, span }: OpenEntry): MaintenanceWindow {
  return { ...span, ...(reason !== undefined && { reason }) };
}

function openEntries(list: readonly Maintenance[]): Promise<readonly Entry[]> {
  const zoneOf = openZones();
  const recurring = async (about: Recurring): Promise<Spans> => {
    const { openRecurrence } = await import('./recurrence.ts');
    return openRecurrence(about, zoneOf(about.timeZone));
  };
  return Promise.all(
    list.map(async (about) => ({ about, spans: 'cron' in about ? await recurring(about) : once(about) })),
  );
}

function once(span: Span): Spans {
  const { fromMs, toMs } = span;
  return (sinceMs, untilMs) => (fromMs < untilMs && toMs > sinceMs ? [{ fromMs, toMs }] : []);
}

/** What is under way at a moment, what ends last before the rest; the answer is kept for who asks about the same one. */
function openNow(entries: readonly Entry[]): (nowMs: number) => readonly OpenEntry[] {
  const looks = entries.map(({ about, spans }) => ({ about, look: lookingAhead(spans) }));
  let asOfMs = Number.NaN;
  let open: readonly OpenEntry[] = [];
  return (nowMs) => {
    if (nowMs === asOfMs) return open;
    asOfMs = nowMs;
    open = looks
      .flatMap(({ about, look }) => look(nowMs).map((span) => ({ about, span })))
      .sort((one, two) => two.span.toMs - one.span.toMs);
    return open;
  };
}

/** The clock on the wall may be set, so what is known is known from some moment on, too. */
function lookingAhead(spans: Spans): (nowMs: number) => readonly Span[] {
  let sinceMs = Number.POSITIVE_INFINITY;
  let known: readonly Span[] = [];
  return (nowMs) => {
    if (nowMs < sinceMs || nowMs >= sinceMs + aheadMs) {
      sinceMs = nowMs;
      known = spans(nowMs, nowMs + aheadMs, Number.POSITIVE_INFINITY);
    }
    return known.filter(({ fromMs, toMs }) => fromMs <= nowMs && nowMs < toMs);
  };
}
