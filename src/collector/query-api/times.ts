/** Times, durations and counts as Prometheus's API takes them, with its words for what it cannot read. */
import { durationMsOf } from '../promql/number-literal.ts';
import { quoted } from './go-text.ts';
import { invalid } from './invalid.ts';

/** Seconds since 1970 with fractions, or RFC 3339. */
export function requiredTimeMs(name: string, text: string): number {
  const timeMs = parseTimeMs(text);
  if (timeMs === undefined) throw invalid(name, noTime(text));
  return timeMs;
}

export function optionalTimeMs(name: string, text: string, otherwiseMs: number): number {
  if (text === '') return otherwiseMs;
  const timeMs = parseTimeMs(text);
  if (timeMs === undefined) throw invalid(name, `Invalid time value for '${name}': ${noTime(text)}`);
  return timeMs;
}

/** Seconds, or such as `1d2h`, `5m` and `500ms`. */
export function durationMs(name: string, text: string): number {
  const seconds = parseNumber(text);
  const ms = seconds === undefined ? durationMsOf(text) : seconds * 1_000;
  const isKnown = ms !== undefined && (seconds !== undefined || ms <= durationMsMax);
  if (!isKnown) throw invalid(name, `cannot parse ${quoted(text)} to a valid duration`);
  if (Math.abs(ms) <= durationMsMax) return ms;
  throw invalid(name, `cannot parse ${quoted(text)} to a valid duration. It overflows int64`);
}

/** How many of a list are wanted; 0 is all. */
export function limitOf(text: string): number {
  if (text === '') return 0;
  if (!/^[+-]?\d{1,15}$/.test(text)) throw invalid('limit', `${quoted(text)} is not a whole number`);
  const limit = Number(text);
  if (limit < 0) throw invalid('limit', 'limit must be non-negative');
  return limit;
}

/** A quarter of a million years: beyond it a time is no whole number of milliseconds any more. */
const secondsMax = 8_640_000_000_000;
/** Nanoseconds in 63 bits. */
const durationMsMax = (2 ** 63 - 1) / 1_000_000;

/** The first and last times that Prometheus itself writes, which have more digits than a year has. */
const outermostMs: ReadonlyMap<string, number> = new Map([
  ['-292273086-05-16T16:47:06Z', -secondsMax * 1_000],
  ['292277025-08-18T07:12:54.999999999Z', secondsMax * 1_000],
]);

function noTime(text: string): string {
  return `cannot parse ${quoted(text)} to a valid timestamp`;
}

function parseTimeMs(text: string): number | undefined {
  const seconds = parseNumber(text);
  if (seconds !== undefined) return Math.abs(seconds) > secondsMax ? undefined : Math.round(seconds * 1_000);
  return outermostMs.get(text) ?? parseDateMs(text);
}

/** As Go reads a number, but for the words, which are no time and no duration. */
function parseNumber(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}

const datePattern = /^\d{4}-(\d\d)-(\d\d)T(\d\d):\d\d:\d\d([.,]\d+)?(?:Z|[+-](\d\d):[0-5]\d)$/;

function parseDateMs(text: string): number | undefined {
  const [, month, day, hour, fraction = '', zone = '00'] = datePattern.exec(text) ?? [];
  if (month === undefined || hour === undefined || Number(hour) > 23 || Number(zone) > 23) return undefined;
  const year = Number(text.slice(0, 4));
  // The language takes the 31st of February for the 3rd of March.
  if (Number(day) < 1 || Number(day) > daysIn(year, Number(month))) return undefined;
  const wholeMs = Date.parse(text.replace(fraction, ''));
  return Number.isNaN(wholeMs) ? undefined : wholeMs + Number(fraction.slice(1, 4).padEnd(3, '0'));
}

function daysIn(year: number, month: number): number {
  const last = new Date(0);
  last.setUTCFullYear(year, month, 0);
  return last.getUTCDate();
}
