/** The status page as the public sees it: its components, what is open, what was closed, and who did it. */
import { type Html, html } from '../pages/html.ts';
import { drawWord } from '../pages/mark.ts';
import { timesOf } from '../pages/number.ts';
import { drawTime, spanText } from '../pages/time.ts';
import type { Deeds } from './account.ts';
import type { IncidentView, StatusPageView, UpdateView } from './view-status-page.ts';

export function drawStatusPage({ components, open, closed, isAway }: StatusPageView, nowMs: number): Html {
  const away = isAway ? html`<span class="chip bad">answers 503</span>` : undefined;
  return html`<section class="card" aria-labelledby="status-page-title">
<header id="status-page-head" data-live><h2 id="status-page-title">The status page</h2><span class="muted small">as the public sees it ${away}</span></header>
<ul class="components small" id="components" data-live>${components.map(({ name, level }) => html`<li><span>${name}</span>${drawWord(level)}</li>`)}</ul>
<h3 class="incidents-head small muted">Open incidents</h3>
<ul id="open" data-live data-list>${open.length === 0 ? drawNone() : open.map((incident) => drawIncident(incident, nowMs))}</ul>
<h3 class="incidents-head small muted">Closed lately</h3>
<ul id="closed" data-live data-list>${closed.length === 0 ? drawNoneClosed() : closed.map((incident) => drawIncident(incident, nowMs))}</ul>
</section>`;
}

function drawNone(): readonly Html[] {
  return [html`<li class="empty small" id="open-none">None.</li>`];
}

function drawNoneClosed(): readonly Html[] {
  return [
    html`<li class="empty small" id="closed-none">None yet. The first one is closed after half a minute.</li>`,
  ];
}

function drawIncident(incident: IncidentView, nowMs: number): Html {
  const { id, title, components, isOfHuman, updates, sinceMs, endMs, deeds } = incident;
  const chip =
    endMs === undefined ? html`<span class="chip now">open</span>` : html`<span class="chip">closed</span>`;
  const lasted = spanText((endMs ?? nowMs) - sinceMs);
  return html`<li class="incident" id="incident-${id}">
<div class="incident-head"><h4 class="name">${components.join(', ')}</h4>${chip}</div>
<p class="small muted">${title}</p>
<ol>${[...updates].reverse().map((update) => drawUpdate(update, nowMs))}</ol>
<p class="small muted">${isOfHuman ? drawHumans(deeds) : drawOurs(deeds)}${endMs === undefined ? '' : ` It lasted ${lasted}.`}</p>
</li>`;
}

function drawUpdate({ timeMs, level, text }: UpdateView, nowMs: number): Html {
  const word = level === 0 ? 'closed' : undefined;
  return html`<li title="${text}">${drawTime(timeMs, nowMs)}${drawWord(level, word)}</li>`;
}

/** By a machine, and how often. */
function drawOurs({ opened, worsened, eased, split, closed, again }: Deeds): Html {
  const said = [
    ...(opened > 0 ? [`opened ${timesOf(opened)}`] : []),
    ...(split > 0 ? [`taken apart ${timesOf(split)}`] : []),
    ...(worsened + eased > 0 ? [`changed ${timesOf(worsened + eased)}`] : []),
    ...(closed > 0 ? [`closed ${timesOf(closed)}`] : []),
    ...(again > 0 ? [`told again ${timesOf(again)}`] : []),
  ];
  return html`<b>By the reporter:</b> ${said.join(', ')}.`;
}

function drawHumans({ left, touched }: Deeds): Html {
  const says = left > 0 ? ' The reporter heard that it covers what it had to tell.' : '';
  return touched > 0
    ? html`<b>By a human:</b> changed by the reporter ${timesOf(touched)}.`
    : html`<b>By a human:</b> left alone by the reporter.${says}`;
}
