/** Numbers and durations of a query, by Go's and by Prometheus's rules. */

/** undefined where it is no number. */
export function decodeNumber(text: string): number | undefined {
  if (/^inf$/i.test(text)) return Number.POSITIVE_INFINITY;
  if (/^nan$/i.test(text)) return Number.NaN;
  // As in Go a leading 0 makes it octal, where it can be.
  if (/^0[0-7]+$/.test(text)) return wholeNumber(`0o${text}`);
  if (/^0[xX][0-9a-fA-F]+$/.test(text)) return wholeNumber(text);
  return /^(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/.test(text) ? Number(text) : undefined;
}

function wholeNumber(text: string): number | undefined {
  const value = BigInt(text);
  // Above it Go reads octal digits as decimal ones, and hexadecimal ones not at all.
  if (value <= 0x7fff_ffff_ffff_ffffn) return Number(value);
  return text.startsWith('0o') ? Number(text.slice(2)) : undefined;
}

const unitsMs = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
} as const;

const pattern = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** What Go's durations hold: 292 years in nanoseconds. */
const durationMsMax = 9_223_372_036_854;

/** Of `1d2h`, `5m` and `500ms`, however long and also none; undefined where it is no duration. */
export function durationMsOf(text: string): number | undefined {
  const found = text === '' ? null : pattern.exec(text);
  if (!found) return undefined;
  let ms = 0;
  for (const [index, unitMs] of Object.values(unitsMs).entries())
    ms += Number(found[index + 1] ?? 0) * unitMs;
  return ms;
}

/** Milliseconds, or what is wrong with it. */
export function decodeDuration(text: string): number | string {
  const ms = durationMsOf(text);
  if (ms === undefined) return `not a valid duration string: ${JSON.stringify(text)}`;
  if (ms > durationMsMax) return 'duration out of range';
  return ms === 0 ? 'duration must be greater than 0' : ms;
}
