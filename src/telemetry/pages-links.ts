/** Where to look further: every path that is answered here, and what for. */
import { type Html, html } from '../pages/html.ts';
import { badgePath, badgeText } from './badge.ts';
import type { Observations } from './observations.ts';
import { byAttention } from './pages-standing.ts';
import type { View } from './pages-view.ts';

type Link = readonly [path: string, about: string];

export function drawLinks(view: View): Html {
  const rows = linksOf(view).map(
    ([path, about]) =>
      html`<li><a class="mono" href="${path}">${path}</a><span class="muted small">${about}</span></li>`,
  );
  const badge = view.reporter && html`<li id="badge" data-live>${drawBadgeExample(view.seen)}</li>`;
  return html`<section class="card" aria-labelledby="links-title">
<header><h2 id="links-title">Where to look</h2></header>
<ul class="links">${rows}${badge}</ul>
</section>`;
}

function linksOf({ reporter, isServer }: View): readonly Link[] {
  const whose = isServer ? 'collector' : 'reporter';
  return [
    ['/debug/metrics', reporter ? 'the page with everything: readings, latencies, deliveries' : everything],
    ...(isServer ? api : []),
    ['/metrics', isServer ? 'for Prometheus: the newest sample of every series' : forPrometheus],
    ['/metrics/json', 'the same as JSON'],
    ['/health', `how the ${whose} is, and why, as JSON: 503 when it does not work`],
    ['/-/healthy', reporter ? 'for orchestrators: does the loop turn?' : 'for orchestrators: is it alive?'],
    [
      '/-/ready',
      `for orchestrators: ${reporter ? 'is the first cycle done, and the kind of every dashboard known?' : 'does it take metrics?'}`,
    ],
    ...(reporter ? targets : []),
  ];
}

const everything = 'the page with everything: figures, services, sources, the process';
const forPrometheus = 'for Prometheus, as text or OpenMetrics';

const api: readonly Link[] = [
  ['/api/services', 'every service: requests, paths, addresses, latency, as JSON'],
  ['/api/stats', 'the same of all services together'],
  ['/metrics/aggregated', 'for Prometheus: averages and percentiles of the last 5 minutes'],
  ['/stats', 'which series there are, and how full they are'],
];

const targets: readonly Link[] = [['/api/targets', 'every target with its last readings, as JSON']];

function drawBadgeExample(seen: Observations): Html {
  const about = html`<span class="muted small">a badge for your wiki, for each target; <code>.json</code> for shields.io</span>`;
  const [first] = byAttention(seen);
  if (!first) return about;
  const path = badgePath(first.seen.target);
  return html`<a class="mono" href="${path}">${path}</a>${about}<img src="${path}" alt="${badgeText(first.seen)}" height="20">`;
}
