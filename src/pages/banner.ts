/** One line for the whole: the first thing that is seen, and said again when it changes. */
import { type Html, html } from './html.ts';
import type { Tone } from './level.ts';
import { drawMark } from './mark.ts';

export type Banner = {
  readonly tone: Tone;
  /** What the banner is about, where there are two. */
  readonly about?: string;
  readonly headline: string;
  readonly details: Html | string;
};

export function drawBanner({ tone, about, headline, details }: Banner): Html {
  const label = about === undefined ? undefined : html`<span class="muted small about">${about}</span>`;
  return html`<div class="card banner ${tone}">${drawMark(tone)}<div>${label}<strong>${headline}</strong><div class="muted">${details}</div></div></div>`;
}
