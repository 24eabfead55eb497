/** The services: a row for each, with its word, its bars and its share, its numbers, and why it is not well. */
import type { Triggered } from '../model/reading.ts';
import { barsLegend, barsShown, drawBars, drawSpells } from '../pages/bars.ts';
import { type Html, html } from '../pages/html.ts';
import { percent, upShareRule } from '../pages/level.ts';
import { drawWord } from '../pages/mark.ts';
import { latencyText } from '../pages/time.ts';
import type { Numbers } from './numbers.ts';
import type { ServiceView } from './view-service.ts';

export function drawServices(services: readonly ServiceView[], nowMs: number): Html {
  return html`<section class="card" aria-labelledby="services-title">
<header><h2 id="services-title">Services</h2><span class="muted small">the last ${barsShown} readings</span></header>
<ul id="services" data-live data-list>${services.map((service) => drawService(service, nowMs))}</ul>
<p class="foot muted small">${barsLegend} ${upShareRule}</p>
</section>`;
}

function drawService(seen: ServiceView, nowMs: number): Html {
  const { service, environment, level, upShare, readings, missing } = seen;
  return html`<li class="service" id="service-${service}-${environment}">
<div class="who"><h3 class="name">${service}</h3><span class="muted small">${environment}</span></div>
<div class="told">${drawWord(level)}<span class="percent small">${percent(upShare)}</span></div>
${drawBars(readings, nowMs, missing)}${drawSpells(`Readings of ${service} in ${environment}`, readings, nowMs)}
<div class="why small"><p class="numbers muted">${drawNumbers(seen.numbers)}</p>${drawReason(seen)}</div>
</li>`;
}

/** Nothing is said of what has no value. */
function drawNumbers({ requestsPerSecond, errorShare, latencyMs }: Numbers): Html {
  const all = [
    requestsPerSecond === undefined ? 'not measured' : `${requestsPerSecond.toFixed(1)}\u00a0requests/s`,
    ...(errorShare === undefined ? [] : [`${percent(errorShare)} errors`.replaceAll(' ', '\u00a0')]),
    ...(latencyMs === undefined ? [] : [latencyText(latencyMs)]),
  ];
  return html`${all.join(' · ')}`;
}

function drawReason({ matchedExpression, triggered, missing }: ServiceView): Html | undefined {
  if (missing !== undefined) return html`<p>No data: ${missing}.</p>`;
  if (matchedExpression === undefined) return undefined;
  return html`<details><summary><span>because <code>${matchedExpression}</code> <span class="muted">· flags up: ${triggered.map(({ name }) => name).join(', ')}</span></span></summary>
<ul>${triggered.map(drawFlag)}</ul></details>`;
}

const operators: Readonly<Record<string, string>> = { gt: 'above', lt: 'below', eq: 'exactly' };

function drawFlag({ name, query, op = '', threshold }: Triggered): Html {
  return html`<li><code>${name}</code> is up: <code class="query">${query}</code> is ${operators[op] ?? op} <b>${threshold}</b></li>`;
}
