/** How it works: each part of the chain, what it did so far, and where to look into it. */
import { type Html, html } from '../pages/html.ts';
import { countOf } from '../pages/number.ts';
import { healthUrl, type Links, queryUrl } from './links.ts';
import type { View } from './view.ts';

export function drawChain(
  { measured, read, sent, stored }: View['counts'],
  { collectorUrl, dashboardUrl, telemetryUrl }: Links,
): Html {
  return html`<section class="card sent" aria-labelledby="chain-title">
<header><h2 id="chain-title">How it works</h2></header>
<ol class="chain" id="chain" data-live>
<li><h3>Shop</h3><p class="small muted">measures its requests and sends them through the client library: <b>${countOf(measured, 'request')}</b> so far.</p></li>
<li><h3>Collector</h3><p class="small muted">sums them up every second. <a href="${collectorUrl}/">See its pages</a>, <a href="${queryUrl(collectorUrl)}">a query in PromQL</a></p></li>
<li><h3>Health</h3><p class="small muted">flags compare numbers with thresholds, expressions weigh flags. <a href="/config.yaml">See the configuration</a>, <a href="${healthUrl(collectorUrl)}">an answer</a></p></li>
<li><h3>Reporter</h3><p class="small muted">asks every two seconds, <b>${countOf(read, 'reading')}</b> so far, signs a token and reports what is above 0: <b>${countOf(sent, 'request')}</b>. ${telemetryUrl && html`<a href="${telemetryUrl}/debug/metrics">See how it is doing</a>`}</p></li>
<li><h3>Dashboard</h3><p class="small muted">verifies every token; stored <b>${countOf(stored, 'report')}</b>. <a href="${dashboardUrl}/api/incidents">See them</a></p></li>
</ol>
</section>`;
}
