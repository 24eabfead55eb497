/** What PagerDuty is told: one event, the same bytes at every attempt. */
import { createHash } from 'node:crypto';
import { rfc3339 } from '../../model/clock.ts';
import type { Action } from '../../model/incident.ts';
import { reasonsOf } from '../evidence.ts';
import { render } from '../template.ts';
import type { PagerdutySettings } from './settings.ts';

const summaryCharactersMax = 1_024;

/** Within PagerDuty's 255 characters whatever the names are, and nobody else's. */
export function dedupKeyOf(reporterId: string, { reading: { target } }: Action): string {
  const parts = JSON.stringify([reporterId, target.environment, target.service]);
  return `cloudmon/${createHash('sha256').update(parts).digest('hex')}`;
}

export function eventOf(
  action: Action,
  settings: PagerdutySettings,
  dedupKey: string,
  routingKey: string,
): string {
  const head = { routing_key: routingKey, dedup_key: dedupKey };
  if (action.type === 'close') return JSON.stringify({ ...head, event_action: 'resolve' });
  const { target } = action.reading;
  return JSON.stringify({
    ...head,
    event_action: 'trigger',
    payload: {
      summary: render(settings.summary, action).slice(0, summaryCharactersMax),
      source: target.service,
      severity: settings.severity[action.status],
      timestamp: rfc3339(action.timeMs),
      component: target.component,
      group: target.environment,
      class: 'service health',
      custom_details: detailsOf(action, settings),
    },
    client: 'cloudmon-reporter',
  });
}

function detailsOf({ status, incident, reading }: Action, { evidence }: PagerdutySettings) {
  const { expression, flags } = reasonsOf(reading.evidence);
  return {
    service: reading.target.service,
    environment: reading.target.environment,
    status,
    since: rfc3339(incident.sinceMs),
    ...(evidence && expression !== undefined && { matched_expression: expression }),
    ...(evidence && flags.length > 0 && { triggered: flags }),
  };
}
