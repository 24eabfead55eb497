/**
 * When something comes that comes again and again: a cron expression in the time of a zone.
 *
 * The library is asked in the time that a clock on the wall shows, which it takes for UTC, and what the
 * wall shows becomes a moment here: so a day on which the clocks change is decided in one place. A time
 * that is left out comes later by what the clocks jump. A time that comes twice counts once, the first
 * time, unless every hour is meant.
 */
import { Cron } from 'croner';
import type { Zone } from './zone.ts';

/** Five fields, and how long what comes then lasts. */
type Recurring = { readonly cron: string; readonly durationMs: number };

export type Span = { readonly fromMs: number; readonly toMs: number };

/** What has begun before `toMs` and lasts beyond `fromMs`, in its order, at most `countMax`. */
export type Spans = (fromMs: number, toMs: number, countMax: number) => readonly Span[];

/** Beginnings that are looked at for being too near: two months of each day, five years of each month. */
const triedCount = 60;

const minuteMs = 60_000;
const hourMs = 3_600_000;
const dayMs = 86_400_000;

/** Why an expression cannot be used; undefined where it can. */
export function wrongInRecurrence({
  cron,
  durationMs,
}: Recurring): { readonly message: string; readonly remedy: string } | undefined {
  const pattern = parse(cron);
  if (typeof pattern === 'string') {
    return { message: `is no cron expression: ${pattern}`, remedy: 'Write it like 0 2 * * 0' };
  }
  const beginnings = firstOf(pattern);
  if (beginnings.length === 0) return { message: 'never comes', remedy: 'Look at its day and month' };
  const gapMs = Math.min(...beginnings.slice(1).map((begin, index) => begin - (beginnings[index] ?? 0)));
  if (gapMs < hourMs) {
    return { message: 'begins again within an hour', remedy: 'Let it begin less often, and last longer' };
  }
  if (gapMs < durationMs) {
    return { message: 'begins again before duration is over', remedy: 'Make duration shorter' };
  }
  return undefined;
}

function firstOf(pattern: Cron): readonly number[] {
  try {
    return pattern.nextRuns(triedCount, new Date(0)).map((begin) => begin.getTime());
  } catch (error) {
    // Some days that no month has are looked for until the stack is full.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

export function openRecurrence({ cron, durationMs }: Recurring, zone: Zone): Spans {
  const pattern = parse(cron);
  if (typeof pattern === 'string') throw new TypeError(pattern);
  const isEachHour = /^\S+ \*/.test(cron);

  /** Of what the wall shows. */
  function beginnings(wallMs: number): readonly number[] {
    const moments = zone.moments(wallMs);
    return isEachHour ? moments : moments.slice(0, 1);
  }

  return (fromMs, toMs, countMax) => {
    const found: Span[] = [];
    const earliestMs = fromMs - durationMs;
    // Also what clocks show that are about to change, or just have.
    const looked = [earliestMs - dayMs, earliestMs, toMs, toMs + dayMs];
    const offsets = looked.map((momentMs) => zone.wall(momentMs) - momentMs);
    const firstMs = earliestMs + Math.min(...offsets);
    const lastMs = toMs + Math.max(...offsets);
    // The library looks for what comes later than it is told.
    let wall = new Date(Math.floor(firstMs / minuteMs) * minuteMs - 1000);
    while (found.length < countMax) {
      const next = pattern.nextRun(wall);
      if (!next || next.getTime() > lastMs) break;
      wall = next;
      for (const beginMs of beginnings(next.getTime())) {
        const span = { fromMs: beginMs, toMs: beginMs + durationMs };
        if (span.fromMs < toMs && span.toMs > fromMs) found.push(span);
      }
    }
    found.sort((one, two) => one.fromMs - two.fromMs);
    // A time that comes later may come together with another.
    return found.filter(({ fromMs }, index) => fromMs !== found[index - 1]?.fromMs).slice(0, countMax);
  };
}

/** A text says what is wrong. */
function parse(cron: string): Cron | string {
  try {
    return new Cron(cron, { paused: true, utcOffset: 0 });
  } catch (error) {
    // All that is wrong with an expression is told so.
    if (error instanceof TypeError || error instanceof RangeError) {
      return error.message.replace(/^CronPattern: |\.$/g, '');
    }
    throw error;
  }
}
