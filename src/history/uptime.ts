/** Reads the history of a month and says how available everything was. */
import type { Zone } from '../maintenance/zone.ts';
import { isAbout } from '../values/glob.ts';
import { availabilities, type Report } from './availability.ts';
import { monthOf } from './files.ts';
import { monthAt, monthNamed } from './month.ts';
import { Past } from './past.ts';
import { readHistory } from './reader.ts';

export type UptimeQuestion = {
  readonly directory: string;
  /** `2026-10`; undefined: the one under way. */
  readonly month: string | undefined;
  readonly timeZone: string;
  readonly zone: Zone;
  readonly nowMs: number;
  /** Globs. */
  readonly services: readonly string[];
  readonly environments: readonly string[];
};

/** What was last before a month, and what came first after it, say what was at its ends. */
const aroundMs = 86_400_000;

export async function reportUptime(question: UptimeQuestion): Promise<Report> {
  const { directory, timeZone, zone, nowMs } = question;
  const month = monthNamed(question.month ?? monthAt(nowMs, zone), zone);
  const toMs = Math.min(month.toMs, nowMs);
  const past = new Past(month.fromMs);
  const { entries, damagedCount } = readHistory(directory, month.fromMs - aroundMs, toMs + aroundMs);
  for await (const entry of entries) {
    past.take(entry);
    if (monthOf(entry.timeMs) > monthOf(toMs)) break;
  }
  return {
    month: month.name,
    timeZone,
    fromMs: month.fromMs,
    toMs,
    isUnderWay: nowMs < month.toMs,
    targets: availabilities(past, month, nowMs).filter((target) => isAbout(question, target)),
    damagedCount: damagedCount(),
  };
}
