/** The demo's page: a status page, and under it every request that made it. */
import { type Html, html } from './html.ts';
import { drawIncidents } from './page-incidents.ts';
import { drawMark, drawTime, toneOf } from './page-mark.ts';
import { drawRequests } from './page-requests.ts';
import { drawServices } from './page-services.ts';
import { levelWord, type ServiceView, type View } from './view.ts';

export type PageLinks = { readonly convertorUrl: string; readonly dashboardUrl: string };

const refreshMs = 2_000;

export function drawPage(view: View, links: PageLinks): string {
  const tone = toneOf(view.worst);
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${headline(view)} · cloudmon-reporter demo</title>
<link rel="icon" type="image/svg+xml" href="/icon-${tone}.svg">
<link rel="stylesheet" href="/page.css">
<script src="/page.js" defer></script>
<noscript><meta http-equiv="refresh" content="5"></noscript>
</head>
<body data-refresh-ms="${refreshMs}">
<a class="skip" href="#services-title">Skip to the services</a>
<div class="wrap">
<header class="top"><h1>cloudmon-reporter <span class="muted">demo</span></h1>
<span class="muted small" id="updated" data-live>${drawTime(view.nowMs)} UTC</span></header>
<main>
${drawBanner(view)}
${drawStory(view)}
<div class="columns">
${drawServices(view.services)}
${drawIncidents(view.incidents)}
</div>
${drawRequests(view.requests)}
${drawChain(view, links)}
</main>
<footer class="page-foot muted small">Everything runs in one process on this machine and goes nowhere. The same as data: <a href="/state.json">state.json</a></footer>
</div>
</body>
</html>
`.text;
}

function headline({ worst, services }: View): string {
  if (worst === undefined) return 'Waiting for the first readings';
  // What is not known is not called operational.
  if (worst === 0 && services.some(({ level }) => level === undefined)) return 'No known problem';
  return ['All systems operational', 'Degraded service', 'Outage', 'Critical outage'][worst] ?? '';
}

function drawBanner(view: View): Html {
  return html`<div class="card banner ${toneOf(view.worst)}" role="status" id="banner" data-live>${drawMark(view.worst)}<div><strong>${headline(view)}</strong><span class="muted">${summary(view)}</span></div></div>`;
}

/** Who is ill, worst first; the healthy are only counted. */
function summary({ services, worst }: View): string {
  if (worst === undefined) return 'The reporter is starting.';
  const ill = services.filter(({ level }) => level !== undefined && level > 0);
  const silent = services.filter(({ level, readings }) => level === undefined && readings.length > 0);
  const parts = [...ill.sort((a, b) => (b.level ?? 0) - (a.level ?? 0)), ...silent].map(
    (service) => `${nameOf(service)}: ${levelWord(service.level)}`,
  );
  return parts.length === 0
    ? `${services.length} of ${services.length} services are healthy.`
    : parts.join(' · ');
}

function nameOf({ service, environment }: ServiceView): string {
  return environment === 'production' ? service : `${service} (${environment})`;
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

function drawChain({ counts, nowMs }: View, { convertorUrl, dashboardUrl }: PageLinks): Html {
  const hour = new Date(nowMs).toISOString().slice(0, 14);
  const question = `${convertorUrl}/v1/health?service=search&environment=production&from=${hour}00:00Z&to=${hour}59:59Z`;
  return html`<section class="card sent" aria-labelledby="chain-title">
<header><h2 id="chain-title">How it works</h2></header>
<ol class="chain" id="chain" data-live>
<li><h3>Convertor</h3><p class="small muted">knows how every service is; asked <b>${counts.asked}</b> times. <a href="${question}">Ask it yourself</a></p></li>
<li><h3>Reporter</h3><p class="small muted">asks every two seconds, signs a token and reports what is above 0; sent <b>${counts.sent}</b> requests</p></li>
<li><h3>Dashboard</h3><p class="small muted">verifies every token; stored <b>${counts.stored}</b> reports. <a href="${dashboardUrl}/api/incidents">See them</a></p></li>
</ol>
</section>`;
}

function minutes(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
