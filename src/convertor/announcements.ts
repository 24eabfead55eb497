/**
 * The list at `/v1/maintenances`: `[{"service", "region", "start", "end", "reason"}]`, `to` for `end`.
 *
 * Whatever it says keeps dashboards from being told: an entry that leaves a doubt counts for nothing.
 */
import type { Announcement } from '../maintenance/announced.ts';
import { limits } from '../model/limits.ts';
import { decodeName } from '../values/text.ts';
import { garbled } from './json.ts';
import { isFields, readTime } from './point.ts';

export type Announcements = {
  readonly list: readonly Announcement[];
  /** Entries that make no sense, or are too many. */
  readonly droppedCount: number;
};

/** Throws a `Failure` where it is no list at all. */
export function decodeAnnouncements(answer: unknown): Announcements {
  if (!Array.isArray(answer)) throw garbled('the list of maintenances is no list');
  const list = answer.flatMap((entry: unknown) => announcementOf(entry) ?? []).slice(0, limits.announcedMax);
  return { list, droppedCount: answer.length - list.length };
}

function announcementOf(entry: unknown): Announcement | undefined {
  if (!isFields(entry)) return undefined;
  const service = nameOf(entry['service']);
  const fromMs = readTime(entry['start']);
  const toMs = readTime(entry['end'] ?? entry['to']);
  if (service === undefined || fromMs === undefined || toMs === undefined || toMs <= fromMs) return undefined;
  const about = { service, fromMs, toMs, ...reasonOf(entry['reason']) };
  const written = entry['region'] ?? '';
  if (written === '') return about;
  const region = nameOf(written);
  return region === undefined ? undefined : { ...about, region };
}

function nameOf(written: unknown): string | undefined {
  const name = decodeName(written);
  return typeof name === 'string' ? name : undefined;
}

/** It is only told on: one that makes no sense is left out. */
function reasonOf(written: unknown): { readonly reason?: string } {
  if (typeof written !== 'string' || written === '') return {};
  const line = written
    .replace(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ')
    .slice(0, limits.announcedReasonCharactersMax);
  return { reason: line };
}
