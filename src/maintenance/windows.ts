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
type Subject = { readonly service: string; readonly environment: string };

export type MaintenanceWindow = Span & { readonly reason?: string };

export type Windows = {
  /** The one that a target is in, and of several the one that ends last. */
  readonly around: (target: Subject, nowMs: number) => MaintenanceWindow | undefined;
  /** What lasts beyond `fromMs` and begins before `toMs`, by its beginning; at most `maintenanceWindowsMax`. */
  readonly between: <Target extends Subject>(
    targets: readonly Target[],
    fromMs: number,
    toMs: number,
  ) => readonly (MaintenanceWindow & { readonly target: Target })[];
};

type Entry = { readonly about: Maintenance; readonly spans: Spans };
type OpenEntry = { readonly about: Maintenance; readonly span: Span };

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
    between: (targets, fromMs, toMs) => {
      const countMax = limits.maintenanceWindowsMax;
      const found = entries.flatMap(({ about, spans }) => {
        const coming = spans(fromMs, toMs, countMax);
        if (coming.length === 0) return [];
        const mine = targets.filter((target) => isAbout(about, target));
        return mine.length === 0 ? [] : coming.map((span) => ({ about, span, mine }));
      });
      found.sort((one, two) => one.span.fromMs - two.span.fromMs);
      const listed: (MaintenanceWindow & { target: (typeof targets)[number] })[] = [];
      for (const { mine, ...entry } of found) {
        if (listed.length >= countMax) break;
        const window = windowOf(entry);
        for (const target of mine.slice(0, countMax - listed.length)) listed.push({ target, ...window });
      }
      return listed;
    },
  };
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
