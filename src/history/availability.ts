/**
 * How available each target was in a month.
 *
 * 2 and 3 are outage. 1 counts as up and is stated apart. What is counted is the month, or what of it
 * has passed, without maintenance and without the time of which nothing is known.
 */
import type { Span } from '../maintenance/recurrence.ts';
import type { Month } from './month.ts';
import type { Past } from './past.ts';
import type { State, TargetPast } from './target-past.ts';

/** What a moment counts as: maintenance wins over everything, no data over a level. */
export type Kind = 'healthy' | 'degraded' | 'outage' | 'critical' | 'maintenance' | 'noData';

/** Milliseconds of each. */
export type Tally = Readonly<Record<Kind, number>>;

export type DayTally = { readonly date: string; readonly tally: Tally };

export type Availability = {
  readonly service: string;
  readonly environment: string;
  readonly tally: Tally;
  /** Those that have begun. */
  readonly days: readonly DayTally[];
};

export type Report = Span & {
  /** `2026-10`; `toMs` is its end, or now. */
  readonly month: string;
  readonly timeZone: string;
  readonly isUnderWay: boolean;
  /** By service and environment. */
  readonly targets: readonly Availability[];
  readonly damagedCount: number;
};

export const availabilityRule =
  'Availability = up / (up + outage). Up: healthy or degraded; outage: outage or critical. Maintenance and no data count neither way.';

/** Those of which anything is known in this month. */
export function availabilities(past: Past, month: Month, nowMs: number): readonly Availability[] {
  const toMs = Math.min(month.toMs, nowMs);
  const found: Availability[] = [];
  for (const target of past.end(toMs)) {
    const days = month.days
      .filter(({ fromMs }) => fromMs < toMs)
      .map((day) => ({ date: day.date, fromMs: day.fromMs, toMs: Math.min(day.toMs, toMs) }));
    const pieces = piecesOf(target, { fromMs: month.fromMs, toMs });
    if (pieces.length === 0) continue;
    const { service, environment } = target;
    const tallies = tallyDays(pieces, days);
    found.push({
      service,
      environment,
      tally: sum(tallies),
      days: days.map(({ date }, at) => ({ date, tally: tallies[at] ?? nothing })),
    });
  }
  return found.sort((a, b) => order(a.service, b.service) || order(a.environment, b.environment));
}

/** From 0 to 1; undefined where nothing counts. */
export function shareUp({ healthy, degraded, outage, critical }: Tally): number | undefined {
  const upMs = healthy + degraded;
  const countedMs = upMs + outage + critical;
  return countedMs === 0 ? undefined : upMs / countedMs;
}

const nothing: Tally = { healthy: 0, degraded: 0, outage: 0, critical: 0, maintenance: 0, noData: 0 };

type Piece = Span & { readonly kind: Kind };

/** One after the other, without overlap; what is between them is no data. */
function piecesOf({ changes, maintained }: TargetPast, whole: Span): readonly Piece[] {
  const levels = changes.flatMap(({ atMs, state }, at): readonly Piece[] => {
    const next = changes[at + 1]?.atMs ?? whole.toMs;
    return state === 'unknown' ? [] : clipped({ fromMs: atMs, toMs: next, kind: kindOf(state) }, whole);
  });
  const windows = joined(maintained.flatMap((span) => clipped({ ...span, kind: 'maintenance' }, whole)));
  if (windows.length === 0) return levels;
  const uncovered = levels.flatMap((level) => without(level, windows));
  return [...uncovered, ...windows].sort((a, b) => a.fromMs - b.fromMs);
}

function kindOf(state: Exclude<State, 'unknown'>): Kind {
  return state === 'no_data' ? 'noData' : (['healthy', 'degraded', 'outage', 'critical'] as const)[state];
}

function clipped(piece: Piece, { fromMs, toMs }: Span): readonly Piece[] {
  const inside = { ...piece, fromMs: Math.max(piece.fromMs, fromMs), toMs: Math.min(piece.toMs, toMs) };
  return inside.fromMs < inside.toMs ? [inside] : [];
}

/** Windows that touch or overlap are one. */
function joined(windows: readonly Piece[]): readonly Piece[] {
  const sorted = [...windows].sort((a, b) => a.fromMs - b.fromMs);
  const found: Piece[] = [];
  for (const window of sorted) {
    const last = found.at(-1);
    if (!last || window.fromMs > last.toMs) found.push(window);
    else found[found.length - 1] = { ...last, toMs: Math.max(last.toMs, window.toMs) };
  }
  return found;
}

function without(level: Piece, windows: readonly Piece[]): readonly Piece[] {
  const left: Piece[] = [];
  let { fromMs } = level;
  for (const window of windows) {
    if (window.toMs <= fromMs || window.fromMs >= level.toMs) continue;
    if (window.fromMs > fromMs) left.push({ ...level, fromMs, toMs: window.fromMs });
    fromMs = window.toMs;
  }
  return fromMs < level.toMs ? [...left, { ...level, fromMs }] : left;
}

/** What no piece covers is no data. */
function tallyDays(pieces: readonly Piece[], days: readonly Span[]): readonly Tally[] {
  let first = 0;
  return days.map((day) => {
    const tally = { ...nothing, noData: day.toMs - day.fromMs };
    while (first < pieces.length && (pieces[first]?.toMs ?? 0) <= day.fromMs) first++;
    for (let at = first; at < pieces.length; at++) {
      const piece = pieces[at];
      if (!piece || piece.fromMs >= day.toMs) break;
      const ms = Math.min(piece.toMs, day.toMs) - Math.max(piece.fromMs, day.fromMs);
      tally.noData -= ms;
      tally[piece.kind] += ms;
    }
    return tally;
  });
}

function sum(tallies: readonly Tally[]): Tally {
  const total = { ...nothing };
  for (const tally of tallies) {
    for (const kind of Object.keys(total) as Kind[]) total[kind] += tally[kind];
  }
  return total;
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
