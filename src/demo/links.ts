/** Where to look further: the parts of the chain, and what the collector answers to everybody. */
import { exampleQuery } from './numbers.ts';

export type Links = {
  readonly collectorUrl: string;
  readonly dashboardUrl: string;
  readonly statusPageUrl: string;
  readonly telemetryUrl: string | undefined;
};

/** The health of one service, as the reporter asks for it. */
export function healthUrl(collectorUrl: string): string {
  return `${collectorUrl}/v1/health?service=search&environment=production&from=-1min&to=now`;
}

/** In PromQL: how slow each service is. */
export function queryUrl(collectorUrl: string): string {
  return `${collectorUrl}/api/v1/query?query=${encodeURIComponent(exampleQuery)}`;
}

/** What is open on the status page, as its programs ask for it. */
export function eventsUrl(statusPageUrl: string): string {
  return `${statusPageUrl}/v2/events?active=true`;
}
