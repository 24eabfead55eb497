/** Moments: RFC 3339 with its offset, because whoever reads a time elsewhere means another one. */
import type * as z from 'zod/mini';
import { value, Wrong } from './facts.ts';

const pattern =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d{1,9})?)?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)?$/;

/** A schema of a moment, decoded to milliseconds since 1970; a fraction of a second is cut off. */
export function moment(description: string): z.ZodMiniType<number, unknown> {
  return value(
    { description, takes: 'text', json: { type: 'string', pattern: pattern.source } },
    decodeMoment,
  );
}

export function decodeMoment(written: unknown): number | Wrong {
  const remedy = 'Write it like 2026-12-01T22:00:00+01:00';
  const text = typeof written === 'string' ? written : '';
  if (/^\d{4}-\d\d-\d\d$/.test(text)) return new Wrong('is a date without a time and a time zone', remedy);
  const found = pattern.exec(text);
  if (!found) return new Wrong('must be a time of RFC 3339', remedy);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(numberOf);
  const days = daysSince1970(year, month, day);
  if (days === undefined) return new Wrong('is no day of the calendar', 'Look at its month and day');
  const zone = found[7];
  if (zone === undefined) return new Wrong('has no time zone', 'Add Z, or an offset such as +01:00');
  return ((days * 24 + hour) * 60 + minute - offsetMinutes(zone)) * 60_000 + second * 1000;
}

function numberOf(digits: string | undefined): number {
  return Number(digits ?? 0);
}

/** Undefined where the calendar has no such day. */
function daysSince1970(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const isSame = date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return isSame ? date.getTime() / 86_400_000 : undefined;
}

function offsetMinutes(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6));
  return zone.startsWith('-') ? -minutes : minutes;
}
