/** A level as people see it: a shape, a colour and a word, never one of them alone. */
import { Html, html } from './html.ts';
import { type Level, levelWord, type Tone, toneOf } from './level.ts';

/** In a square of 16. */
export const shapes: Readonly<Record<Tone, string>> = {
  ok: '<circle cx="8" cy="8" r="7"/>',
  degraded: '<path d="M8 1.2 15.4 14.4H.6Z"/>',
  outage: '<path d="M1.5 1.5h13v13h-13Z"/>',
  none: '<circle cx="8" cy="8" r="6" fill="none" stroke="currentColor" stroke-width="2"/>',
};

/** Where no style sheet reaches: 4.5:1 and more against white. */
export const solidColours: Readonly<Record<Tone, string>> = {
  ok: '#1a7f37',
  degraded: '#9a6700',
  outage: '#cf222e',
  none: '#59636e',
};

export function drawMark(tone: Tone): Html {
  return html`<svg class="mark" viewBox="0 0 16 16" aria-hidden="true">${new Html(shapes[tone])}</svg>`;
}

/** @param word in place of the level's own */
export function drawWord(level: Level, word = levelWord(level)): Html {
  return drawToned(toneOf(level), word);
}

export function drawToned(tone: Tone, word: string): Html {
  return html`<span class="word ${tone}">${drawMark(tone)}${word}</span>`;
}

/** The picture on the browser's tab. */
export function drawIcon(tone: Tone): string {
  const colour = solidColours[tone];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16" fill="${colour}" color="${colour}">${shapes[tone]}</svg>`;
}
