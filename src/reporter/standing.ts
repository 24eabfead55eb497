/**
 * How one target stands at one dashboard: what was seen, what was decided, what the
 * dashboard acknowledged.
 *
 * Values, not objects with behaviour: the ledger holds them, `decide` reads them.
 */
import type { FailureReason } from '../model/failure.ts';
import type { Action, Incident } from '../model/incident.ts';
import { limits } from '../model/limits.ts';
import type { Policy, Threshold } from '../model/policy.ts';
import type { KnownReading } from '../model/reading.ts';
import type { AlarmStatus, Status } from '../model/status.ts';

/** Readings in a row on one side of the dashboard's `min_status`. No data neither adds nor ends one; maintenance ends it. */
export type Streak = {
  readonly firstMs: number;
  readonly newestMs: number;
  /** Readings with different times. */
  readonly readings: number;
};

/** What the dashboard acknowledged last. `atMs` is our wall clock. */
type Told = { readonly status: AlarmStatus; readonly atMs: number };

export type Standing = {
  readonly above: Streak | undefined;
  readonly below: Streak | undefined;
  /** The newest status, and the time of the reading that first showed it in a row. */
  readonly level: { readonly status: Status; readonly sinceMs: number } | undefined;
  readonly incident: Incident | undefined;
  readonly told: Told | undefined;
  /** The dashboard's own id of the incident. */
  readonly reference: string | undefined;
  /** Messages that were handed over and are not answered yet: one under way, and one that waits behind it. */
  readonly intended: readonly Intended[];
  /**
   * Messages that ended without an answer since the last acknowledgement: the dashboard may or may not know
   * them. The newest of each status.
   */
  readonly doubts: readonly Intended[];
  /** Why deliveries fail, since when, until something is acknowledged. */
  readonly trouble: Trouble | undefined;
  /** What the dashboard waits for before it shows what it took, in a few words. */
  readonly suppressed: string | undefined;
  /** When the target or the dashboard was taken out of the configuration: our wall clock. */
  readonly leftMs: number | undefined;
};

export type Intended = { readonly key: string } & Pick<Action, 'type' | 'status'>;

/** `text` is one sentence without secrets. `sinceMs` is our wall clock. */
export type Trouble = { readonly reason: FailureReason; readonly text: string; readonly sinceMs: number };

export const newStanding: Standing = {
  above: undefined,
  below: undefined,
  level: undefined,
  incident: undefined,
  told: undefined,
  reference: undefined,
  intended: [],
  doubts: [],
  trouble: undefined,
  suppressed: undefined,
  leftMs: undefined,
};

/** Whether the dashboard knows of an incident, or may know. */
export function isKnown({ told, intended, doubts }: Standing): boolean {
  return told !== undefined || intended.length > 0 || doubts.length > 0;
}

/**
 * Whether the dashboard may have taken before what the message says: the same message, or, where only
 * changes are told, another one that says the same.
 */
export function mayRepeat({ told, doubts }: Standing, message: Intended, send: Policy['send']): boolean {
  if (doubts.length === 0) return false;
  if (send === 'every_poll') return doubts.some(({ key }) => key === message.key);
  const mayShow: readonly Status[] = [told?.status ?? 0, ...doubts.map(shown)];
  return mayShow.includes(shown(message));
}

export function doubting(standing: Standing, message: Intended): Standing {
  const others = standing.doubts.filter((doubt) => shown(doubt) !== shown(message));
  return { ...standing, doubts: [...others, message] };
}

/** What a dashboard shows that has taken the message. */
function shown({ type, status }: Intended): Status {
  return type === 'close' ? 0 : status;
}

/** Nothing is open: what was told no longer matters. */
export function ended(standing: Standing): Standing {
  const { above, below, level } = standing;
  return { ...newStanding, above, below, level };
}

export function observe(
  standing: Standing,
  reading: KnownReading,
  minStatus: AlarmStatus,
  nowMs: number,
): Standing {
  const { status, timeMs } = reading;
  const isAbove = status >= minStatus;
  const streak = extend(isAbove ? standing.above : standing.below, timeMs, nowMs);
  const { level } = standing;
  const isSame = level?.status === status && !wasAhead(level.sinceMs, timeMs, nowMs);
  return {
    ...standing,
    above: isAbove ? streak : undefined,
    below: isAbove ? undefined : streak,
    level: isSame ? level : { status, sinceMs: timeMs },
    // That was said of what was told then.
    suppressed: isSame ? standing.suppressed : undefined,
    leftMs: undefined,
  };
}

/** The clock was set back since: what was read then would count for nothing until time catches up. */
function wasAhead(thenMs: number, timeMs: number, nowMs: number): boolean {
  return timeMs < thenMs && isAhead(thenMs, nowMs);
}

export function isAhead(timeMs: number, nowMs: number): boolean {
  return timeMs > nowMs + limits.futureMs;
}

function extend(streak: Streak | undefined, timeMs: number, nowMs: number): Streak {
  if (!streak || wasAhead(streak.newestMs, timeMs, nowMs))
    return { firstMs: timeMs, newestMs: timeMs, readings: 1 };
  if (timeMs <= streak.newestMs) return streak;
  return { firstMs: streak.firstMs, newestMs: timeMs, readings: streak.readings + 1 };
}

export function hasReached(streak: Streak | undefined, threshold: Threshold): boolean {
  if (!streak) return false;
  if ('readings' in threshold) return streak.readings >= threshold.readings;
  return streak.newestMs - streak.firstMs >= threshold.durationMs;
}
