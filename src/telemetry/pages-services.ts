/** The services that push, those with the most requests first, or how to push the first metric. */

import type { CollectorFacts, ServiceFacts } from '../model/collector-facts.ts';
import { type Html, html } from '../pages/html.ts';
import { percent } from '../pages/level.ts';
import { countOf, countText } from '../pages/number.ts';
import { latencyText, spanText } from '../pages/time.ts';
import { drawCommand } from './pages-command.ts';
import { drawName } from './pages-name.ts';
import { drawTable } from './pages-table.ts';

const servicesMax = 50;

export function drawServices(facts: CollectorFacts, isServer: boolean): Html {
  const services = facts.services(servicesMax);
  return html`<section class="card" aria-labelledby="services-title">
<header><h2 id="services-title">Requests by service</h2><span class="muted small">pushed in the last ${spanText(facts.historyMs)}, most first</span></header>
<div id="services" data-live>${services.length === 0 ? drawNone(facts) : drawRows(facts, services, isServer)}</div>
</section>`;
}

const columns = ['Service', 'Requests', 'Errors', 'Average latency', 'Addresses'] as const;

function drawRows(facts: CollectorFacts, services: readonly ServiceFacts[], isServer: boolean): Html {
  const rows = services.map(({ service, requests, errorShare, averageLatencyMs, uniqueIps }) => [
    drawName(service),
    countText(requests),
    percent(errorShare),
    averageLatencyMs === undefined ? '–' : latencyText(averageLatencyMs),
    countText(uniqueIps),
  ]);
  const table = drawTable({ name: 'by-service', titleId: 'services-title', columns, rows });
  return html`${table}${drawMore(facts.servicesCount - services.length, isServer)}<p class="foot muted small">Errors: the share of answers with a status of 500 to 599. Addresses: how many different ones asked.</p>`;
}

function drawMore(others: number, isServer: boolean): Html | undefined {
  if (others <= 0) return undefined;
  const all = isServer
    ? html`<a href="/api/services">/api/services</a>`
    : html`<code>/api/services</code> of the collector`;
  return html`<p class="more small">And ${countOf(others, 'more service')}: ${all} has all of them.</p>`;
}

function drawNone({ url, isGuarded }: CollectorFacts): Html {
  const lines = [
    `curl ${url}/api/ingest`,
    ...(isGuarded ? ['-H "Authorization: Bearer $TOKEN"'] : []),
    "-H 'Content-Type: application/json'",
    `-d '{"service": "api", "status_code": 200, "latency_ms": 12}'`,
  ];
  return html`<div class="empty"><p>No service has pushed a metric in this time. Push the first one:</p>${drawCommand(lines)}</div>`;
}
