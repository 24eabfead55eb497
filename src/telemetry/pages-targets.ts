/** The targets, those first that need attention: all of a few, the first of many. */
import { barsLegend, barsShown, drawBars, drawSpells, type Reading } from '../pages/bars.ts';
import { type Html, html } from '../pages/html.ts';
import { percent, upShareOf, upShareRule } from '../pages/level.ts';
import { drawWord } from '../pages/mark.ts';
import { countOf, countText } from '../pages/number.ts';
import { drawTime } from '../pages/time.ts';
import type { Observations } from './observations.ts';
import { byAttention, missingText, type PlacedTarget } from './pages-standing.ts';
import type { SeenTarget } from './seen.ts';

const rowsMax = 50;
const namesMax = 100;

export function drawTargets(seen: Observations): Html {
  const nowMs = seen.clock.now();
  const rows = byAttention(seen).slice(0, rowsMax);
  return html`<section class="card" aria-labelledby="targets-title">
<header><h2 id="targets-title">Targets</h2><span class="muted small">the last ${barsShown} readings</span></header>
<ul id="targets" data-live data-list>${rows.map((row) => drawTarget(row, nowMs))}</ul>
${drawOthers(seen, rowsMax)}<p class="foot muted small">${barsLegend} ${upShareRule} A flap is a change from one status to another; silence in between is none.</p>
</section>`;
}

/** Without bars: name and word. */
export function drawTargetList(seen: Observations): Html {
  const rows = byAttention(seen)
    .slice(0, namesMax)
    .map(({ place, seen: { target, status } }) => {
      const { service, environment } = target;
      return html`<li id="target-${place}"><span class="name"><bdi>${service}</bdi> <span class="muted">${environment}</span></span>${drawWord(status)}</li>`;
    });
  return html`<section class="card" aria-labelledby="targets-title">
<header><h2 id="targets-title">Targets</h2><span class="muted small">worst first</span></header>
<ul class="roll" id="targets" data-live data-list>${rows}</ul>
${drawOthers(seen, namesMax)}</section>`;
}

/** Always there, so that the refresh finds it. */
function drawOthers({ targets }: Observations, shown: number): Html {
  const others = targets.size - shown;
  const line =
    others > 0
      ? html`<p class="more small">And ${countOf(others, 'more target')} of ${countText(targets.size)}, none of them worse: <a href="/api/targets">/api/targets</a> has all of them.</p>`
      : undefined;
  return html`<div id="targets-more" data-live>${line}</div>`;
}

function drawTarget({ place, seen }: PlacedTarget, nowMs: number): Html {
  const { service, environment } = seen.target;
  const readings: Reading[] = seen.results
    .toArray()
    .map(({ atMs, status }) => ({ timeMs: atMs, level: status }));
  const share = upShareOf(readings.map(({ level }) => level));
  return html`<li class="service target" id="target-${place}">
<div class="who"><h3 class="name">${service}</h3><span class="muted small">${environment}</span></div>
<div class="told">${drawWord(seen.status)}<span class="percent small">${percent(share)}</span></div>
<p class="facts muted small">${drawFacts(seen, nowMs)}</p>
${drawBars(readings, nowMs, missingText(seen))}${drawSpells(`Readings of ${service} in ${environment}`, readings, nowMs)}
</li>`;
}

function drawFacts(seen: SeenTarget, nowMs: number): Html {
  if (seen.sinceMs === undefined) return html`not read yet`;
  const flaps = seen.flaps > 0 ? ` · ${countOf(seen.flaps, 'flap')}` : '';
  const missing = missingText(seen);
  const why = missing === undefined ? undefined : html`<br>${missing}`;
  return html`since ${drawTime(seen.sinceMs, nowMs)}${flaps}${why}`;
}
