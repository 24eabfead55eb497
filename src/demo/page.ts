/** The demo's page: a status page, and under it every request that made it. */
import { drawBanner } from '../pages/banner.ts';
import { drawFrame } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import { headline, toneOf } from '../pages/level.ts';
import { type NamedStanding, summaryOf } from '../pages/summary.ts';
import type { Links } from './links.ts';
import { drawAccount } from './page-account.ts';
import { drawChain } from './page-chain.ts';
import { drawStatusPage } from './page-incidents.ts';
import { drawRequests } from './page-requests.ts';
import { drawServices } from './page-services.ts';
import type { View } from './view.ts';
import type { ServiceView } from './view-service.ts';

const refreshMs = 2_000;
const namesMax = 10;

export function drawPage(view: View, links: Links): string {
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
${drawAccount(view.statusPage)}
<div class="columns">
${drawServices(view.services, view.nowMs)}
${drawStatusPage(view.statusPage, view.nowMs)}
</div>
${drawRequests(view)}
${drawChain(view.counts, links)}`,
    foot: html`Everything runs in one process on this machine and goes nowhere. The same as data: <a href="/state.json">state.json</a>`,
  });
}

function named({ service, environment, level, isRead }: ServiceView): NamedStanding {
  return { name: environment === 'production' ? service : `${service} (${environment})`, level, isRead };
}

function drawStory({ story, statusPage }: View): Html {
  const { atMs, durationMs, last, next } = story;
  const waitMs = next ? (next.atMs - atMs + durationMs) % durationMs : 0;
  const down = statusPage.isAway ? html` <span class="chip bad">status page down</span>` : undefined;
  return html`<section class="card story" aria-labelledby="story-title" id="story" data-live>
<div class="story-head"><h2 id="story-title" class="muted small">In the story${down}</h2><span class="muted small">${minutes(atMs)} of ${minutes(durationMs)}, then again</span></div>
<p class="story-says">${last?.says ?? 'All is well, for now.'}</p>
<progress max="${durationMs}" value="${Math.round(atMs)}" aria-label="How far the story is">${minutes(atMs)}</progress>
<p class="muted small">In ${Math.ceil(waitMs / 1000)} s: ${next?.says}</p>
</section>`;
}

function minutes(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
