/** A level as people see it: a shape, a colour and a word, never one of them alone. */
import { Html, html } from './html.ts';
import { type Level, levelWord } from './view.ts';

/** The names of the colours in page-style.ts. */
export type Tone = 'ok' | 'degraded' | 'outage' | 'none';

const shapes: Readonly<Record<Tone, string>> = {
  ok: '<circle cx="8" cy="8" r="7"/>',
  degraded: '<path d="M8 1.2 15.4 14.4H.6Z"/>',
  outage: '<path d="M1.5 1.5h13v13h-13Z"/>',
  none: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
};

const iconColours: Readonly<Record<Tone, string>> = {
  ok: '#1a7f37',
  degraded: '#9a6700',
  outage: '#cf222e',
  none: '#6e7781',
};

export function toneOf(level: Level): Tone {
  if (level === undefined) return 'none';
  if (level === 0) return 'ok';
  return level === 1 ? 'degraded' : 'outage';
}

export function drawMark(level: Level): Html {
  const shape = new Html(shapes[toneOf(level)]);
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">${shape}</svg>`;
}

export function drawWord(level: Level): Html {
  return html`<span class="word ${toneOf(level)}">${drawMark(level)}${levelWord(level)}</span>`;
}

/** The picture on the browser's tab. */
export function drawIcon(tone: Tone): string {
  const colour = iconColours[tone];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="${colour}" color="${colour}">${shapes[tone]}</svg>`;
}

/** `12:00:02`, UTC. */
export function drawTime(timeMs: number): Html {
  const iso = new Date(timeMs).toISOString();
  return html`<time datetime="${iso.slice(0, 19)}Z">${iso.slice(11, 19)}</time>`;
}
