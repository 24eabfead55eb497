/** What the demo prints when it runs: what is where, what happens, and what to try by hand. */
import { eventsUrl, healthUrl, type Links, queryUrl } from './links.ts';
import type { Story } from './story.ts';

export function greet(
  { pageUrl, collectorUrl, dashboardUrl, statusPageUrl, telemetryUrl }: Links & { readonly pageUrl: string },
  { steps, durationMs }: Story,
): string {
  const metric = '{"service": "accounts", "status_code": 500, "latency_ms": 900}';
  return `
  The demo runs. Open the page: the first incident comes within ten seconds.

    Page         ${pageUrl}
    Collector    ${collectorUrl}/
    Telemetry    ${telemetryUrl}/
    Status page  ${statusPageUrl}/v2/events
    Dashboard    ${dashboardUrl}/api/incidents

  The shop's requests go to the collector through the client library. Flags and weighted expressions, see
  ${pageUrl}/config.yaml, make its health. The reporter opens and closes the incidents of a
  status page, once each, and tells a second dashboard, which takes reports and cannot close.

  What happens, and again after ${minutes(durationMs)}:

${steps.map(({ atMs, says }) => `    ${minutes(atMs)}  ${says}\n`).join('')}
  Ask for the health of a service, for its numbers, and for what is open on the status page:

    curl '${healthUrl(collectorUrl)}'
    curl '${queryUrl(collectorUrl)}'
    curl '${eventsUrl(statusPageUrl)}'

  Make a service fail by hand: a hundred bad requests, and Accounts has an outage for a moment.

    yes '${metric}' | head -n 100 |
      curl -s -H 'Content-Type: application/x-ndjson' --data-binary @- ${collectorUrl}/api/ingest

  Ctrl+C ends the demo.

`;
}

function minutes(ms: number): string {
  return `${Math.floor(ms / 60_000)}:${String((ms / 1000) % 60).padStart(2, '0')}`;
}
