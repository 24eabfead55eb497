/** The first page: whether things are fine, at one glance, and where to look further. */
import { drawFrame } from '../pages/frame.ts';
import { type Html, html } from '../pages/html.ts';
import { badgePath, badgeText } from './badge.ts';
import type { Health } from './health.ts';
import type { Observations } from './observations.ts';
import { drawState, titleOf, toneOfAll } from './pages-banner.ts';
import { drawNav, gone, refreshMs } from './pages-nav.ts';
import { byAttention } from './pages-standing.ts';
import { drawTargetList } from './pages-targets.ts';

export function drawIndex(seen: Observations, health: Health, version: string): string {
  return drawFrame({
    title: `${titleOf(seen, health)} · cloudmon-reporter`,
    tone: toneOfAll(seen, health),
    refreshMs,
    nowMs: seen.clock.now(),
    heading: html`cloudmon-reporter <span class="muted">${version}</span>`,
    nav: drawNav('/'),
    skip: { to: 'targets-title', text: 'Skip to the targets' },
    gone,
    main: html`${drawState(seen, health)}
<div class="columns">
${drawTargetList(seen)}
${drawLinks(seen)}
</div>`,
    foot: html`Everything here is read-only. The same as data: <a href="/api/targets">/api/targets</a>`,
  });
}

const links: readonly (readonly [path: string, about: string])[] = [
  ['/debug/metrics', 'the page with everything: readings, latencies, deliveries'],
  ['/metrics', 'for Prometheus, as text or OpenMetrics'],
  ['/metrics/json', 'the same as JSON'],
  ['/health', 'how the reporter is, and why, as JSON: 503 when it does not work'],
  ['/-/healthy', 'for orchestrators: does the loop turn?'],
  ['/-/ready', 'for orchestrators: is the first cycle done?'],
  ['/api/targets', 'every target with its last readings, as JSON'],
];

function drawLinks(seen: Observations): Html {
  const rows = links.map(
    ([path, about]) =>
      html`<li><a class="mono" href="${path}">${path}</a><span class="muted small">${about}</span></li>`,
  );
  return html`<section class="card" aria-labelledby="links-title">
<header><h2 id="links-title">Where to look</h2></header>
<ul class="links">${rows}<li id="badge" data-live>${drawBadgeExample(seen)}</li></ul>
</section>`;
}

function drawBadgeExample(seen: Observations): Html {
  const about = html`<span class="muted small">a badge for your wiki, for each target; <code>.json</code> for shields.io</span>`;
  const [first] = byAttention(seen);
  if (!first) return about;
  const path = badgePath(first.seen.target);
  return html`<a class="mono" href="${path}">${path}</a>${about}<img src="${path}" alt="${badgeText(first.seen)}" height="20">`;
}
