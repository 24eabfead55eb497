/** How it works: each part of the chain, what it did so far, and where to look into it. */
import { type Html, html } from '../pages/html.ts';
import { countOf } from '../pages/number.ts';
import { eventsUrl, healthUrl, type Links, queryUrl } from './links.ts';
import type { View } from './view.ts';

export function drawChain(
  { measured, read, sent, stored }: View['counts'],
  { collectorUrl, dashboardUrl, statusPageUrl, telemetryUrl }: Links,
): Html {
  return html`<section class="card sent" aria-labelledby="chain-title">
<header><h2 id="chain-title">How it works</h2></header>
<ol class="chain" id="chain" data-live>
<li><h3>Shop</h3><p class="small muted">measures its requests and sends them through the client library: <b>${countOf(measured, 'request')}</b> so far.</p></li>
<li><h3>Collector</h3><p class="small muted">sums them up every second. <a href="${collectorUrl}/">See its pages</a>, <a href="${queryUrl(collectorUrl)}">a query in PromQL</a></p></li>
<li><h3>Health</h3><p class="small muted">flags compare numbers with thresholds, expressions weigh flags. <a href="/config.yaml">See the configuration</a>, <a href="${healthUrl(collectorUrl)}">an answer</a></p></li>
<li><h3>Reporter</h3><p class="small muted">asks every two seconds, <b>${countOf(read, 'reading')}</b> so far, signs tokens and tells what is above 0, and what is over. ${telemetryUrl && html`<a href="${telemetryUrl}/debug/metrics">See how it is doing</a>`}</p></li>
<li><h3>Dashboards</h3><p class="small muted">verify every token. The status page is told what changes, <a href="${eventsUrl(statusPageUrl)}">what is open</a>; the other one everything: <b>${countOf(sent, 'request')}</b>, <b>${countOf(stored, 'report')}</b> <a href="${dashboardUrl}/api/incidents">stored</a></p></li>
</ol>
</section>`;
}
