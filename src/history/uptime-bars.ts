/** The days of a month as bars of equal width, and the same as a table for those who do not see them. */
import { type Html, html } from '../pages/html.ts';
import { type DayTally, type Kind, type Report, shareUp, type Tally } from './availability.ts';
import { hoursText, percentText } from './uptime-text.ts';

const pitch = 8;
const width = 5.5;
const height = 32;
const gap = 3;
/** Of a hollow bar: half of it would be cut off. */
const stroke = 1;

export const dayLegend =
  'One bar a day, the worst of it decides: whole is operational, in two parts degraded, in three an outage, in four critical, pointed maintenance, hollow no data.';

export function drawDayBars(days: readonly DayTally[], { month }: Pick<Report, 'month'>): Html {
  const [year = 0, number = 0] = month.split('-').map(Number);
  const count = new Date(Date.UTC(year, number, 0)).getUTCDate();
  const bars = days.map(({ date, tally }, at) => {
    const kind = worstOf(tally);
    return html`<path class="${names[kind]}" d="M${at * pitch} 0${outlines[kind]}"><title>${date}: ${dayText(tally)}</title></path>`;
  });
  // Those to come.
  const dots = Array.from(
    { length: count - days.length },
    (_, at) => `M${(days.length + at) * pitch} 14${box(4)}`,
  );
  const rest = dots.length > 0 ? html`<path class="be" d="${dots.join('')}"/>` : undefined;
  return html`<svg class="bars" viewBox="0 0 ${count * pitch - (pitch - width)} ${height}" preserveAspectRatio="none" aria-hidden="true">${bars}${rest}</svg>`;
}

/** `98.264 %, outage 25m, no data 1h`. */
function dayText(tally: Tally): string {
  const { degraded, outage, critical, maintenance, noData } = tally;
  const facts = Object.entries({ outage: outage + critical, degraded, maintenance, 'no data': noData });
  const share = shareUp(tally);
  return [
    ...(share === undefined ? [] : [percentText(share)]),
    ...facts.flatMap(([word, ms]) => (ms > 0 ? [`${word} ${hoursText(ms)}`] : [])),
  ].join(', ');
}

function worstOf(tally: Tally): Kind {
  const order = ['critical', 'outage', 'degraded', 'healthy', 'maintenance'] as const;
  return order.find((kind) => tally[kind] > 0) ?? 'noData';
}

/** Of the classes in the style. */
const names: Readonly<Record<Kind, string>> = {
  healthy: 'b0',
  degraded: 'b1',
  outage: 'b2',
  critical: 'b3',
  maintenance: 'bm',
  noData: 'bn',
};

/** From the upper left corner on: the shape tells what the colour tells. */
const outlines: Readonly<Record<Kind, string>> = {
  healthy: parts(1),
  degraded: parts(2),
  outage: parts(3),
  critical: parts(4),
  maintenance: `m${width / 2} 0l${width / 2} ${height / 2}l-${width / 2} ${height / 2}l-${width / 2} -${height / 2}z`,
  noData: `m${stroke / 2} ${stroke / 2}h${width - stroke}v${height - stroke}h-${width - stroke}z`,
};

function parts(count: number): string {
  const tall = round((height - gap * (count - 1)) / count);
  return Array.from({ length: count }, () => box(tall)).join(`m0 ${round(tall + gap)}`);
}

function box(tall: number): string {
  return `h${width}v${tall}h-${width}z`;
}

function round(length: number): number {
  return Number(length.toFixed(2));
}

const columns = ['Day', 'Availability', 'Outage', 'Degraded', 'Maintenance', 'No data'];

export function drawDayTable(caption: string, days: readonly DayTally[]): Html {
  const heads = columns.map((column) => html`<th scope="col">${column}</th>`);
  const rows = days.map(({ date, tally }) => {
    const { degraded, outage, critical, maintenance, noData } = tally;
    const cells = [outage + critical, degraded, maintenance, noData].map(
      (ms) => html`<td>${hoursText(ms)}</td>`,
    );
    return html`<tr><th scope="row">${date}</th><td>${percentText(shareUp(tally))}</td>${cells}</tr>`;
  });
  return html`<div class="hidden"><table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
