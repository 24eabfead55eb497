/** The services: a row for each, with its word, its bars and its share. */
import { barsLegend, barsShown, drawBars, drawSpells } from '../pages/bars.ts';
import { type Html, html } from '../pages/html.ts';
import { percent, upShareRule } from '../pages/level.ts';
import { drawWord } from '../pages/mark.ts';
import type { ServiceView } from './view.ts';

export function drawServices(services: readonly ServiceView[], nowMs: number): Html {
  return html`<section class="card" aria-labelledby="services-title">
<header><h2 id="services-title">Services</h2><span class="muted small">the last ${barsShown} readings</span></header>
<ul id="services" data-live data-list>${services.map((service) => drawService(service, nowMs))}</ul>
<p class="foot muted small">${barsLegend} ${upShareRule}</p>
</section>`;
}

function drawService({ service, environment, level, upShare, readings }: ServiceView, nowMs: number): Html {
  return html`<li class="service" id="service-${service}-${environment}">
<div class="who"><h3 class="name">${service}</h3><span class="muted small">${environment}</span></div>
<div class="told">${drawWord(level)}<span class="percent small">${percent(upShare)}</span></div>
${drawBars(readings, nowMs)}${drawSpells(`Readings of ${service} in ${environment}`, readings, nowMs)}
</li>`;
}
