/**
 * Reads RFC 3339 from bytes: any offset, any fraction, dates of the calendar only.
 *
 * Metrics that come together are of one day nearly always, so its midnight is remembered.
 */
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Up to the whole second. */
const charactersMin = 'YYYY-MM-DDTHH:MM:SSZ'.length;

const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
/** A letter is a small one with this bit. */
const small = 0x20;
const t = 0x74;
const z = 0x7a;

export class Timestamps {
  /** Year, month and day as eight digits, and when it began. */
  #date = -1;
  #midnightMs = 0;

  /** Milliseconds since 1970, what is smaller cut off; NaN where it is no such time. */
  read(bytes: Uint8Array, start: number, end: number): number {
    if (end - start < charactersMin || ((bytes[start + 10] ?? 0) | small) !== t) return Number.NaN;
    if (bytes[start + 13] !== colon || bytes[start + 16] !== colon) return Number.NaN;
    const hour = twoDigits(bytes, start + 11);
    const minute = twoDigits(bytes, start + 14);
    const second = twoDigits(bytes, start + 17);
    // Without a sign, what is no digit is large.
    if (hour >>> 0 > 23 || minute >>> 0 > 59 || second >>> 0 > 60) return Number.NaN;
    const minuteStartMs = this.#midnight(bytes, start) + hour * hourMs + minute * minuteMs;
    return minuteStartMs + restMs(bytes, start + 19, end, second);
  }

  #midnight(bytes: Uint8Array, start: number): number {
    const century = twoDigits(bytes, start);
    const yearInIt = twoDigits(bytes, start + 2);
    const month = twoDigits(bytes, start + 5);
    const day = twoDigits(bytes, start + 8);
    if (century < 0 || yearInIt < 0 || month < 1 || day < 1) return Number.NaN;
    if (bytes[start + 4] !== minus || bytes[start + 7] !== minus) return Number.NaN;
    const year = century * 100 + yearInIt;
    const date = (year * 100 + month) * 100 + day;
    if (date === this.#date) return this.#midnightMs;
    if (month > 12 || day > daysIn(year, month)) return Number.NaN;
    this.#date = date;
    this.#midnightMs = daysSince1970(year, month, day) * dayMs;
    return this.#midnightMs;
  }
}

/** The seconds, their fraction, and the offset taken off. */
function restMs(bytes: Uint8Array, start: number, end: number, second: number): number {
  const zoneStart = bytes[start] === dot ? digitsEnd(bytes, start + 1, end) : start;
  if (zoneStart === start + 1 || zoneStart >= end) return Number.NaN;
  // No clock of ours knows a leap second: it is the end of the second before it.
  const ms = second === 60 ? 59_999 : second * 1000 + fractionMs(bytes, start + 1, zoneStart);
  return ms - offsetMs(bytes, zoneStart, end);
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && ((bytes[at] ?? 0) - zero) >>> 0 <= 9) at++;
  return at;
}

function fractionMs(bytes: Uint8Array, start: number, end: number): number {
  let ms = 0;
  let weightMs = 100;
  for (let at = start; at < end && weightMs >= 1; at++, weightMs /= 10) {
    ms += ((bytes[at] ?? 0) - zero) * weightMs;
  }
  return ms;
}

function offsetMs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start === 1) return ((bytes[start] ?? 0) | small) === z ? 0 : Number.NaN;
  if (end - start !== '+HH:MM'.length || bytes[start + 3] !== colon) return Number.NaN;
  const sign = bytes[start];
  const hours = twoDigits(bytes, start + 1);
  const minutes = twoDigits(bytes, start + 4);
  if ((sign !== plus && sign !== minus) || hours >>> 0 > 23 || minutes >>> 0 > 59) return Number.NaN;
  const ms = hours * hourMs + minutes * minuteMs;
  return sign === plus ? ms : -ms;
}

/** Below 0 where one of them is no digit. */
function twoDigits(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] ?? 0) - zero;
  const ones = (bytes[at + 1] ?? 0) - zero;
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1 : tens * 10 + ones;
}

function daysIn(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** In the calendar of today also before it was made; `Date.UTC` takes the years 0 to 99 for others. */
function daysSince1970(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() / dayMs;
}
