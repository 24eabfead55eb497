/** A badge of a target for other people's pages: its name, and its state in a colour, a shape and a word. */

import type { Target } from '../model/target.ts';
import { Html, html } from '../pages/html.ts';
import { levelWord, toneOf } from '../pages/level.ts';
import { shapes, solidColours } from '../pages/mark.ts';
import type { SeenTarget } from './seen.ts';

const height = 20;
const padding = 6;
const markWidth = 13;
const fontSize = 11;
const nameWidthMax = 240;
const nameColour = '#3d444d';

export function badgePath({ service, environment }: Target): string {
  return `/badge/${segment(service)}/${segment(environment)}.svg`;
}

/** The whole of what the badge says. */
export function badgeText({ target, status }: SeenTarget): string {
  return `${target.service} (${target.environment}): ${levelWord(status)}`;
}

export function drawBadge(seen: SeenTarget): string {
  const name = cut(printable(seen.target.service), nameWidthMax);
  const word = levelWord(seen.status);
  const tone = toneOf(seen.status);
  const left = Math.ceil(widthOf(name)) + 2 * padding;
  const right = Math.ceil(widthOf(word)) + markWidth + 2 * padding;
  const title = printable(badgeText(seen));
  return html`<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="${height}" viewBox="0 0 ${left + right} ${height}" role="img" aria-label="${title}"><title>${title}</title><clipPath id="edge"><rect width="${left + right}" height="${height}" rx="3"/></clipPath><g clip-path="url(#edge)"><rect width="${left}" height="${height}" fill="${nameColour}"/><rect x="${left}" width="${right}" height="${height}" fill="${solidColours[tone]}"/></g><g fill="#fff" color="#fff"><svg x="${left + padding}" y="6" width="8" height="8" viewBox="0 0 16 16">${new Html(shapes[tone])}</svg><g font-family="Verdana,'DejaVu Sans',Geneva,sans-serif" font-size="${fontSize}">${drawText(name, padding)}${drawText(word, left + padding + markWidth)}</g></g></svg>
`.text;
}

/** What shields.io draws itself: its "endpoint" form. */
export function badgeJson({ target, status }: SeenTarget): object {
  return {
    schemaVersion: 1,
    label: target.service,
    message: levelWord(status),
    color: solidColours[toneOf(status)],
  };
}

/** As wide as was reckoned, whatever font the reader has. */
function drawText(text: string, x: number): Html {
  return html`<text x="${x}" y="14" textLength="${widthOf(text).toFixed(1)}" lengthAdjust="spacingAndGlyphs">${text}</text>`;
}

/** Of Verdana at 11 pixels, about; letters that are drawn in a square are wide. */
function widthOf(text: string): number {
  let width = 0;
  for (const sign of text) width += widthOfSign(sign);
  return width;
}

function widthOfSign(sign: string): number {
  if (/[\p{Mn}\p{Cf}]/u.test(sign)) return 0;
  if (/[ijlIt.,:;'|!()[\]fr -]/.test(sign)) return 4.4;
  if (/[mwMW@%]/.test(sign)) return 10.5;
  if (/[\p{Lu}\p{Nd}_]/u.test(sign) || sign === '…') return 7.6;
  return isWide.test(sign) ? 12 : 6.8;
}

const isWide =
  /[\p{Extended_Pictographic}\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/u;

function cut(text: string, widthMax: number): string {
  if (text.length < 400 && widthOf(text) <= widthMax) return text;
  let kept = '';
  let width = widthOfSign('…');
  for (const sign of text) {
    width += widthOfSign(sign);
    if (width > widthMax || kept.length > 200) break;
    kept += sign;
  }
  return `${kept.trimEnd()}…`;
}

/** XML knows no control characters but three, and nobody knows half a character. */
function printable(text: string): string {
  return text.replace(/[^\t\n\r\x20-\ufffd\u{10000}-\u{10ffff}]|\p{Cs}/gu, '\ufffd');
}

/** Half a character would make `encodeURIComponent` throw. */
function segment(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
