/** A moment as who asks for health may write it: RFC 3339, seconds since 1970, or Graphite's own words. */
import { Timestamps } from '../intake/timestamp.ts';

const secondMs = 1_000;
const dayMs = 86_400_000;

/** Months and years have 30 and 365 days, as in Graphite. */
const unitsMs: ReadonlyMap<string, number> = new Map([
  ['s', secondMs],
  ['sec', secondMs],
  ['second', secondMs],
  ['min', 60_000],
  ['minute', 60_000],
  ['h', 3_600_000],
  ['hour', 3_600_000],
  ['d', dayMs],
  ['day', dayMs],
  ['w', 7 * dayMs],
  ['week', 7 * dayMs],
  ['mon', 30 * dayMs],
  ['month', 30 * dayMs],
  ['y', 365 * dayMs],
  ['year', 365 * dayMs],
]);

/** The latest that a date can be. */
const latestMs = 8.64e15;

/** Milliseconds since 1970, of the whole second; NaN where it is no moment. */
export function momentMs(text: string, nowMs: number): number {
  const ms = exactMs(text.trim(), nowMs);
  return Math.abs(ms) <= latestMs ? Math.floor(ms / secondMs) * secondMs : Number.NaN;
}

function exactMs(text: string, nowMs: number): number {
  if (text === 'now') return nowMs;
  const ago = /^(?:now)?-(\d{1,9})([a-z]+)$/.exec(text);
  if (ago) {
    const [, count = '', unit = ''] = ago;
    const unitMs = unitsMs.get(unit) ?? unitsMs.get(unit.replace(/s$/, '')) ?? Number.NaN;
    return nowMs - Number(count) * unitMs;
  }
  if (/^\d{1,13}(?:\.\d{1,9})?$/.test(text)) return Number(text) * secondMs;
  return new Timestamps().readText(text);
}
