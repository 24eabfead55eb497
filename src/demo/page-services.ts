/** The services: a row for each, with its word, its bars and its share. */
import { Html, html } from './html.ts';
import { drawTime, drawWord } from './page-mark.ts';
import { levelWord, type Reading, type ServiceView } from './view.ts';

const slots = 50;
const pitch = 8;
const barWidth = 5.5;
const height = 32;
const gap = 3;

export function drawServices(services: readonly ServiceView[]): Html {
  return html`<section class="card" aria-labelledby="services-title">
<header><h2 id="services-title">Services</h2><span class="muted small">the last ${slots} readings</span></header>
<ul id="services" data-live data-list>${services.map(drawService)}</ul>
<p class="foot muted small">One bar a reading, the newest on the right: whole is operational, in two parts degraded, in three an outage, in four critical, hollow no data. Percent: readings that were no outage, of those with data; degraded counts as up.</p>
</section>`;
}

function drawService(service: ServiceView): Html {
  const { service: name, environment, level, upShare, readings } = service;
  const percent = upShare === undefined ? '–' : `${(upShare * 100).toFixed(1)} %`;
  return html`<li class="service" id="service-${name}-${environment}">
<div class="who"><h3 class="name">${name}</h3><span class="muted small">${environment}</span></div>
<div class="told">${drawWord(level)}<span class="percent small">${percent}</span></div>
${drawBars(readings)}${drawTable(service)}
</li>`;
}

function drawBars(readings: readonly Reading[]): Html {
  const empty = slots - readings.length;
  const bars = Array.from({ length: slots }, (_, slot) => {
    const reading = readings[slot - empty];
    return reading ? drawBar(slot * pitch, reading) : rectangle('be', slot * pitch, height / 2 - 2, 4);
  });
  const size = `0 0 ${slots * pitch - (pitch - barWidth)} ${height}`;
  return html`<svg class="bars" viewBox="${size}" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
}

/** As many parts as the status says, and one more: the shape tells what the colour tells. */
function drawBar(x: number, { timeMs, level }: Reading): Html {
  const parts = (level ?? 0) + 1;
  const part = (height - gap * (parts - 1)) / parts;
  const name = level === undefined ? 'bn' : `b${level}`;
  const rectangles = Array.from({ length: parts }, (_, i) => rectangle(name, x, i * (part + gap), part));
  const time = new Date(timeMs).toISOString().slice(11, 19);
  return html`<g><title>${time} ${levelWord(level)}</title>${rectangles}</g>`;
}

function rectangle(name: string, x: number, y: number, tall: number): Html {
  const inset = name === 'bn' ? 0.75 : 0;
  const box = [x + inset, y + inset, barWidth - 2 * inset, tall - 2 * inset].map((side) =>
    Number(side.toFixed(2)),
  );
  return new Html(
    `<rect class="${name}" x="${box[0]}" y="${box[1]}" width="${box[2]}" height="${box[3]}" vector-effect="non-scaling-stroke"/>`,
  );
}

/** What the bars show, for those who do not see them: a line for every spell of one level. */
function drawTable({ service, environment, readings }: ServiceView): Html {
  const spells: { from: Reading; to: Reading }[] = [];
  for (const reading of readings) {
    const spell = spells.at(-1);
    if (spell && spell.to.level === reading.level) spell.to = reading;
    else spells.push({ from: reading, to: reading });
  }
  const rows = spells.map(
    ({ from, to }) =>
      html`<tr><td>${drawTime(from.timeMs)}</td><td>${drawTime(to.timeMs)}</td><td>${levelWord(from.level)}</td></tr>`,
  );
  return html`<table class="hidden"><caption>Readings of ${service} in ${environment}</caption><thead><tr><th scope="col">From</th><th scope="col">To</th><th scope="col">Status</th></tr></thead><tbody>${rows}</tbody></table>`;
}
