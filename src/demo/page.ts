/** The demo's page: a status page, and under it every request that made it. */
import { drawBanner } from '../pages/banner.ts';
import { drawFrame } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import { headline, toneOf } from '../pages/level.ts';
import { type NamedStanding, summaryOf } from '../pages/summary.ts';
import { drawIncidents } from './page-incidents.ts';
import { drawRequests } from './page-requests.ts';
import { drawServices } from './page-services.ts';
import type { ServiceView, View } from './view.ts';

export type PageLinks = {
  readonly convertorUrl: string;
  readonly dashboardUrl: string;
  /** Undefined until the reporter runs. */
  readonly telemetryUrl: string | undefined;
};

const refreshMs = 2_000;
const namesMax = 10;

export function drawPage(view: View, links: PageLinks): string {
  const says = headline(view.services);
  const tone = toneOf(view.worst);
  return drawFrame({
    title: `${says} · cloudmon-reporter demo`,
    tone,
    refreshMs,
    nowMs: view.nowMs,
    heading: html`cloudmon-reporter <span class="muted">demo</span>`,
    skip: { to: 'services-title', text: 'Skip to the services' },
    gone: 'The demo has ended',
    main: html`<div role="status"><div id="banner" data-live>${drawBanner({ tone, headline: says, details: summaryOf(view.services.map(named), namesMax) })}</div></div>
${drawStory(view)}
<div class="columns">
${drawServices(view.services, view.nowMs)}
${drawIncidents(view.incidents, view.nowMs)}
</div>
${drawRequests(view.requests, view.nowMs)}
${drawChain(view, links)}`,
    foot: html`Everything runs in one process on this machine and goes nowhere. The same as data: <a href="/state.json">state.json</a>`,
  });
}

function named({ service, environment, level, isRead }: ServiceView): NamedStanding {
  return { name: environment === 'production' ? service : `${service} (${environment})`, level, isRead };
}

function drawStory({ story, isDashboardDown }: View): Html {
  const { atMs, durationMs, last, next } = story;
  const waitMs = next ? (next.atMs - atMs + durationMs) % durationMs : 0;
  const down = isDashboardDown ? html` <span class="chip bad">dashboard down</span>` : undefined;
  return html`<section class="card story" aria-labelledby="story-title" id="story" data-live>
<div class="story-head"><h2 id="story-title" class="muted small">In the story${down}</h2><span class="muted small">${minutes(atMs)} of ${minutes(durationMs)}, then again</span></div>
<p class="story-says">${last?.says ?? 'All is well, for now.'}</p>
<progress max="${durationMs}" value="${Math.round(atMs)}" aria-label="How far the story is">${minutes(atMs)}</progress>
<p class="muted small">In ${Math.ceil(waitMs / 1000)} s: ${next?.says}</p>
</section>`;
}

function drawChain({ counts, nowMs }: View, { convertorUrl, dashboardUrl, telemetryUrl }: PageLinks): Html {
  const hour = new Date(nowMs).toISOString().slice(0, 14);
  const question = `${convertorUrl}/v1/health?service=search&environment=production&from=${hour}00:00Z&to=${hour}59:59Z`;
  const own = telemetryUrl && html`<a href="${telemetryUrl}/debug/metrics">See how it is doing</a>`;
  return html`<section class="card sent" aria-labelledby="chain-title">
<header><h2 id="chain-title">How it works</h2></header>
<ol class="chain" id="chain" data-live>
<li><h3>Convertor</h3><p class="small muted">knows how every service is; asked <b>${counts.asked}</b> times. <a href="${question}">Ask it yourself</a></p></li>
<li><h3>Reporter</h3><p class="small muted">asks every two seconds, signs a token and reports what is above 0; sent <b>${counts.sent}</b> requests. ${own}</p></li>
<li><h3>Dashboard</h3><p class="small muted">verifies every token; stored <b>${counts.stored}</b> reports. <a href="${dashboardUrl}/api/incidents">See them</a></p></li>
</ol>
</section>`;
}

function minutes(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
