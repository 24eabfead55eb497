/** The incidents as the dashboard knows them, newest first. */
import { type Html, html } from '../pages/html.ts';
import type { Level } from '../pages/level.ts';
import { drawWord } from '../pages/mark.ts';
import { drawTime } from '../pages/time.ts';
import type { IncidentView } from './view.ts';

export function drawIncidents(incidents: readonly IncidentView[], nowMs: number): Html {
  return html`<section class="card" aria-labelledby="incidents-title">
<header><h2 id="incidents-title">Incidents</h2><span class="muted small">as the dashboard was told</span></header>
<ul id="incidents" data-live data-list>${incidents.length === 0 ? drawNone() : incidents.map((incident) => drawIncident(incident, nowMs))}</ul>
</section>`;
}

function drawNone(): readonly Html[] {
  return [html`<li class="empty" id="incident-none">None yet. The first one comes within ten seconds.</li>`];
}

function drawIncident(
  { id, service, environment, levels, reports, lastMs, isOpen }: IncidentView,
  nowMs: number,
): Html {
  const chip = isOpen ? html`<span class="chip now">open</span>` : html`<span class="chip">over</span>`;
  const count = `${reports} ${reports === 1 ? 'report' : 'reports'}`;
  const lines = [...levels]
    .reverse()
    .map(({ timeMs, status }) => html`<li>${drawTime(timeMs, nowMs)}${drawWord(status as Level)}</li>`);
  return html`<li class="incident" id="incident-${id}">
<div class="incident-head"><h3 class="name">${service} <span class="muted">${environment}</span></h3>${chip}</div>
<ol>${lines}</ol>
<p class="muted small">${count}, the last at ${drawTime(lastMs, nowMs)}</p>
</li>`;
}
