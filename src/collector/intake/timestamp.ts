/**
 * Reads RFC 3339 from bytes: any offset, any fraction, dates of the calendar only.
 *
 * Metrics that come together are of one minute nearly always, so the last one is remembered.
 */
const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;

/** Up to the whole second. */
const charactersMin = 'YYYY-MM-DDTHH:MM:SSZ'.length;

/** Nobody writes so small a fraction. */
const charactersMax = 128;

const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const zero = 0x30;
const colon = 0x3a;
const capitalZ = 0x5a;
/** A letter is a small one with this bit. */
const small = 0x20;
const t = 0x74;
const z = 0x7a;

export class Timestamps {
  /** What is written up to the minute, as four words, and when that minute began. */
  readonly #words = new Int32Array(4);
  #minuteMs = Number.NaN;
  readonly #scratch = new DataView(new ArrayBuffer(charactersMax));

  /** Milliseconds since 1970, what is smaller cut off; NaN where it is no such time. */
  read(view: DataView, start: number, end: number): number {
    const length = end - start;
    if (length < charactersMin || length > charactersMax || view.getUint8(start + 16) !== colon)
      return Number.NaN;
    const minuteStartMs = this.#minute(view, start);
    const second = twoDigits(view, start + 17);
    // Without a sign, what is no digit is large.
    if (second >>> 0 > 60) return Number.NaN;
    const isPlain = length === charactersMin && second < 60 && view.getUint8(end - 1) === capitalZ;
    return minuteStartMs + (isPlain ? second * 1000 : restMs(view, start + 19, end, second));
  }

  readText(text: string): number {
    // Nothing in it but ASCII, so it is as long as it looks.
    if (text.length > this.#scratch.byteLength || !/^[\x20-\x7e]*$/.test(text)) return Number.NaN;
    for (let i = 0; i < text.length; i++) this.#scratch.setUint8(i, text.charCodeAt(i));
    return this.read(this.#scratch, 0, text.length);
  }

  #minute(view: DataView, start: number): number {
    const words = this.#words;
    const first = view.getInt32(start);
    const second = view.getInt32(start + 4);
    const third = view.getInt32(start + 8);
    const fourth = view.getInt32(start + 12);
    if (fourth === words[3] && third === words[2] && second === words[1] && first === words[0]) {
      return this.#minuteMs;
    }
    words[0] = first;
    words[1] = second;
    words[2] = third;
    words[3] = fourth;
    this.#minuteMs = minuteOf(view, start);
    return this.#minuteMs;
  }
}

/** `YYYY-MM-DDTHH:MM`. */
function minuteOf(view: DataView, start: number): number {
  const isDivided = view.getUint8(start + 4) === minus && view.getUint8(start + 7) === minus;
  if (!isDivided || (view.getUint8(start + 10) | small) !== t || view.getUint8(start + 13) !== colon) {
    return Number.NaN;
  }
  const century = twoDigits(view, start);
  const yearInIt = twoDigits(view, start + 2);
  const month = twoDigits(view, start + 5);
  const day = twoDigits(view, start + 8);
  if (century < 0 || yearInIt < 0 || month < 1 || month > 12 || day < 1) return Number.NaN;
  const year = century * 100 + yearInIt;
  const hour = twoDigits(view, start + 11);
  const minute = twoDigits(view, start + 14);
  if (day > daysIn(year, month) || hour >>> 0 > 23 || minute >>> 0 > 59) return Number.NaN;
  return daysSince1970(year, month, day) * dayMs + hour * hourMs + minute * minuteMs;
}

/** The seconds, their fraction, and the offset taken off. */
function restMs(view: DataView, start: number, end: number, second: number): number {
  const zoneStart = view.getUint8(start) === dot ? digitsEnd(view, start + 1, end) : start;
  if (zoneStart === start + 1 || zoneStart >= end) return Number.NaN;
  // No clock of ours knows a leap second: it is the end of the second before it.
  const ms = second === 60 ? 59_999 : second * 1000 + fractionMs(view, start + 1, zoneStart);
  return ms - offsetMs(view, zoneStart, end);
}

function digitsEnd(view: DataView, start: number, end: number): number {
  let at = start;
  while (at < end && (view.getUint8(at) - zero) >>> 0 <= 9) at++;
  return at;
}

function fractionMs(view: DataView, start: number, end: number): number {
  let ms = 0;
  let weightMs = 100;
  for (let at = start; at < end && weightMs >= 1; at++, weightMs /= 10) {
    ms += (view.getUint8(at) - zero) * weightMs;
  }
  return ms;
}

function offsetMs(view: DataView, start: number, end: number): number {
  if (end - start === 1) return (view.getUint8(start) | small) === z ? 0 : Number.NaN;
  if (end - start !== '+HH:MM'.length || view.getUint8(start + 3) !== colon) return Number.NaN;
  const sign = view.getUint8(start);
  const hours = twoDigits(view, start + 1);
  const minutes = twoDigits(view, start + 4);
  if ((sign !== plus && sign !== minus) || hours >>> 0 > 23 || minutes >>> 0 > 59) return Number.NaN;
  const ms = hours * hourMs + minutes * minuteMs;
  return sign === plus ? ms : -ms;
}

/** Below 0 where one of them is no digit. */
function twoDigits(view: DataView, at: number): number {
  const tens = view.getUint8(at) - zero;
  const ones = view.getUint8(at + 1) - zero;
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
