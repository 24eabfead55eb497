/** The peers: the convertor that is asked, and the dashboards that are told. */

import { limits } from '../model/limits.ts';
import { type Html, html } from '../pages/html.ts';
import { drawToned } from '../pages/mark.ts';
import { countOf, countText } from '../pages/number.ts';
import { clockTime, latencyText } from '../pages/time.ts';
import type { Observations } from './observations.ts';
import { type Counted, countedText, drawFigures, type Figure, type Figures, sumOf } from './pages-figures.ts';
import { drawLatency } from './pages-sparkline.ts';
import type { SeenDashboard } from './seen.ts';

const dashboardsMax = 50;

export function drawConvertor(seen: Observations, figures: Figures): Html {
  const requests = figures.histogram('cloudmon_reporter_convertor_request_duration_seconds');
  const errors = figures.counted('cloudmon_reporter_convertor_errors_total', 'reason');
  const nowMs = seen.clock.now();
  const points = seen.latencies
    .toArray()
    .map(({ atMs, meanMs, maxMs }) => ({ label: clockTime(atMs, nowMs), meanMs, maxMs }));
  const isConnected = figures.value('cloudmon_reporter_convertor_connected') === 1;
  return html`<section class="card" aria-labelledby="convertor-title" id="convertor" data-live>
<header><h2 id="convertor-title">Convertor</h2>${drawConnected(seen.cycle || isConnected ? isConnected : undefined)}</header>
<div class="peer">${drawFigures([
    {
      about: 'Requests',
      value: countText(requests.count),
      note: requests.meanMs === undefined ? 'none yet' : `${latencyText(requests.meanMs)} on average`,
    },
    errorsFigure(errors),
  ])}${drawLatency({ unit: 'cycle', points, pointsMax: limits.latenciesShown })}</div>
</section>`;
}

export function drawDashboards(seen: Observations, figures: Figures): Html {
  const all = [...seen.dashboards];
  const shown = all
    .slice(0, dashboardsMax)
    .map(([name, one], place) => drawDashboard(name, one, place, figures));
  const others = all.length - shown.length;
  const more =
    others > 0
      ? [
          html`<li class="more small" id="dashboards-more">And ${countOf(others, 'more dashboard')}: <a href="/metrics">/metrics</a> has all of them.</li>`,
        ]
      : [];
  return html`<section class="card" aria-labelledby="dashboards-title">
<header><h2 id="dashboards-title">Dashboards</h2></header>
<ul id="dashboards" data-live data-list>${shown}${more}</ul>
</section>`;
}

function drawDashboard(name: string, seen: SeenDashboard, place: number, figures: Figures): Html {
  const labels = { dashboard: name };
  const { kind, mode } = seen.facts;
  const outcomes = figures.counted('cloudmon_reporter_notifications_total', 'outcome', labels);
  const errors = figures.counted('cloudmon_reporter_dashboard_errors_total', 'reason', labels);
  const inFlight = figures.value('cloudmon_reporter_deliveries_in_flight', labels) ?? 0;
  const connected = figures.value('cloudmon_reporter_dashboard_connected', labels);
  const points = seen.latencies
    .toArray()
    .map((ms, i, { length }) => ({ label: `attempt ${i - length}`, meanMs: ms, maxMs: ms }));
  return html`<li class="dashboard" id="dashboard-${place}">
<div class="dashboard-head"><h3 class="name">${name} <span class="muted small">${kind}${says[mode]}</span></h3>${drawConnected(connected === undefined ? undefined : connected === 1)}</div>
<div class="peer">${drawFigures([
    {
      about: 'Notifications',
      value: countText(sumOf(outcomes)),
      note: countedText(outcomes) || 'none yet',
    },
    errorsFigure(errors),
    { about: 'In flight', value: countText(inFlight), note: 'waits between attempts too' },
  ])}${drawLatency({ unit: 'attempt', points, pointsMax: limits.latenciesShown })}</div>
</li>`;
}

const says: Readonly<Record<SeenDashboard['facts']['mode'], string>> = {
  send: '',
  record: ' · recorded only, nothing is sent',
  paused: ' · paused, nothing is sent',
};

function drawConnected(isConnected: boolean | undefined): Html {
  if (isConnected === undefined) return drawToned('none', 'not asked yet');
  return isConnected ? drawToned('ok', 'connected') : drawToned('outage', 'not connected');
}

function errorsFigure(errors: readonly Counted[]): Figure {
  return { about: 'Errors', value: countText(sumOf(errors)), note: countedText(errors) || 'none' };
}
