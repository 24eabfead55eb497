/** Times and durations, for people. A number is never parted from its unit at the end of a line. */
import { type Html, html } from './html.ts';

const dayMs = 86_400_000;

/** `12:00:02`, UTC; with the date where it is not today's. */
export function clockTime(timeMs: number, nowMs: number): string {
  const iso = new Date(timeMs).toISOString();
  const isToday = Math.floor(timeMs / dayMs) === Math.floor(nowMs / dayMs);
  return isToday ? iso.slice(11, 19) : `${iso.slice(0, 10)} ${iso.slice(11, 19)}`;
}

export function drawTime(timeMs: number, nowMs: number): Html {
  const iso = new Date(timeMs).toISOString();
  return html`<time datetime="${iso.slice(0, 19)}Z">${clockTime(timeMs, nowMs)}</time>`;
}

const units = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** `3 min 20 s`: the two largest units. */
export function spanText(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const first = units.findIndex(([, size]) => seconds >= size);
  const [largest, next] = units.slice(first === -1 ? units.length - 1 : first);
  if (!largest) return '';
  const [name, size] = largest;
  const rest = next ? Math.floor((seconds % size) / next[1]) : 0;
  const tail = next && rest > 0 ? `\u00a0${rest}\u00a0${next[0]}` : '';
  return `${Math.floor(seconds / size)}\u00a0${name}${tail}`;
}

/** `3.4 ms`, `120 ms`, `1.20 s`: three digits at most. */
export function latencyText(ms: number): string {
  if (ms < 9.95) return `${ms.toFixed(1)}\u00a0ms`;
  if (ms < 999.5) return `${ms.toFixed(0)}\u00a0ms`;
  const seconds = ms / 1000;
  return seconds < 9.995 ? `${seconds.toFixed(2)}\u00a0s` : `${seconds.toFixed(1)}\u00a0s`;
}
