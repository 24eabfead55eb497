/** The newest readings of a service as bars of equal width, and the same as a table for those who do not see them. */
import { Html, html } from './html.ts';
import { type Level, levelWord } from './level.ts';
import { clockTime } from './time.ts';

export type Reading = { readonly timeMs: number; readonly level: Level };

export const barsShown = 50;

const pitch = 8;
const width = 5.5;
const height = 32;
const gap = 3;
/** Of a hollow bar: half of it would be cut off. */
const stroke = 1;

export const barsLegend =
  'One bar a reading, the newest on the right: whole is operational, in two parts degraded, in three an outage, in four critical, hollow no data.';

/** @param missing why there is no data now */
export function drawBars(readings: readonly Reading[], nowMs: number, missing?: string): Html {
  const shown = readings.slice(-barsShown);
  const empty = barsShown - shown.length;
  const dots = Array.from({ length: empty }, (_, slot) => `M${slot * pitch} 14${box(width, 4)}`).join('');
  let text = dots && `<path class="be" d="${dots}"/>`;
  shown.forEach((reading, i) => {
    const isLast = i === shown.length - 1;
    text += drawBar((empty + i) * pitch, reading, nowMs, isLast ? missing : undefined);
  });
  const size = `0 0 ${barsShown * pitch - (pitch - width)} ${height}`;
  return html`<svg class="bars" viewBox="${size}" preserveAspectRatio="none" aria-hidden="true">${new Html(text)}</svg>`;
}

function drawBar(x: number, { timeMs, level }: Reading, nowMs: number, missing = ''): string {
  const title = `${clockTime(timeMs, nowMs)} ${levelWord(level)}${missing && `: ${missing}`}`;
  const name = level === undefined ? 'bn' : `b${level}`;
  return html`<path class="${name}" d="M${x} 0${outlines[level ?? 'none']}"><title>${title}</title></path>`
    .text;
}

/** From the upper left corner on. As many parts as the status says, and one more: the shape tells what the colour tells. */
const outlines: Readonly<Record<0 | 1 | 2 | 3 | 'none', string>> = {
  0: outline(1),
  1: outline(2),
  2: outline(3),
  3: outline(4),
  none: `m${stroke / 2} ${stroke / 2}${box(width - stroke, height - stroke)}`,
};

function outline(parts: number): string {
  const part = round((height - gap * (parts - 1)) / parts);
  return Array.from({ length: parts }, () => box(width, part)).join(`m0 ${round(part + gap)}`);
}

function box(wide: number, tall: number): string {
  return `h${wide}v${tall}h-${wide}z`;
}

function round(length: number): number {
  return Number(length.toFixed(2));
}

/** A line for every spell of one level. */
export function drawSpells(caption: string, readings: readonly Reading[], nowMs: number): Html {
  const spells: { from: Reading; to: Reading }[] = [];
  for (const reading of readings) {
    const spell = spells.at(-1);
    if (spell && spell.to.level === reading.level) spell.to = reading;
    else spells.push({ from: reading, to: reading });
  }
  const rows = spells.map(
    ({ from, to }) =>
      html`<tr><td>${clockTime(from.timeMs, nowMs)}</td><td>${clockTime(to.timeMs, nowMs)}</td><td>${levelWord(from.level)}</td></tr>`,
  );
  return html`<div class="hidden"><table><caption>${caption}</caption><thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Status</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
