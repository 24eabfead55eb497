/** A name that came over the network: it stays within its cell, and one that nobody could see is spelled out. */
import { type Html, html } from '../pages/html.ts';

/** Longer ones are cut on the page, and shown whole to who points at them. */
const wholeMax = 60;

export function drawName(name: string): Html {
  const shown = isVisible(name) ? name : spelled(name);
  return shown.length > wholeMax
    ? html`<bdi class="name" title="${shown}">${shown}</bdi>`
    : html`<bdi class="name">${shown}</bdi>`;
}

/** Something of it is neither a mark on another sign, nor a space, nor made to be unseen. */
function isVisible(name: string): boolean {
  return /[^\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/u.test(name);
}

function spelled(name: string): string {
  const signs = Array.from(name, (sign) => sign.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0'));
  return signs.map((sign) => `U+${sign}`).join(' ');
}
