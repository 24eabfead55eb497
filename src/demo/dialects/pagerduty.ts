/**
 * PagerDuty's Events API, version 2: events with the same key are one alert, until it is resolved.
 *
 * What it refuses, and in which words, is what its documentation shows.
 */
import { json, type Whole } from '../reply.ts';
import type { ServerOptions } from '../server.ts';
import { type Asked, type DialectServer, startDialect } from './dialect.ts';
import { eventErrors, type PagerdutyEvent, readEvent } from './pagerduty-event.ts';

/** One alert of the service; a key that is triggered again after it was resolved has several. */
type PagerdutyAlert = {
  readonly dedupKey: string;
  readonly status: 'triggered' | 'resolved';
  /** Of its newest event. */
  readonly severity: string;
  readonly summary: string;
  /** How often it was triggered. */
  readonly triggers: number;
};

export type PagerdutyServer = DialectServer & {
  /** Oldest first. */
  readonly alerts: readonly PagerdutyAlert[];
  /** A human resolves the one that is open. */
  readonly resolve: (dedupKey: string) => void;
};

export type PagerdutyOptions = ServerOptions & {
  /** The only integration key that there is. Absent: any of the right length. */
  readonly routingKey?: string;
};

const windowMs = 60_000;
const eventsInWindowMax = 120;

export async function startPagerduty(options: PagerdutyOptions = {}): Promise<PagerdutyServer> {
  const alerts: PagerdutyAlert[] = [];
  const recent = new Map<string, number[]>();

  function take(asked: Asked): Whole {
    if (asked.path !== '/v2/enqueue') return json(404, { error: 'Not Found' });
    if (asked.method !== 'POST') return json(405, { error: 'Method Not Allowed' }, { allow: 'POST' });
    const errors = eventErrors(asked.json, options.routingKey);
    if (errors.length > 0) return invalid(errors);
    const event = readEvent(asked.json);
    if (isThrottled(event.routingKey, asked.nowMs)) return throttled;
    apply(event);
    const { dedupKey } = event;
    return json(202, { status: 'success', message: 'Event processed', dedup_key: dedupKey });
  }

  function isThrottled(routingKey: string, nowMs: number): boolean {
    const times = (recent.get(routingKey) ?? []).filter((timeMs) => timeMs > nowMs - windowMs);
    recent.set(routingKey, times);
    if (times.length >= eventsInWindowMax) return true;
    times.push(nowMs);
    return false;
  }

  function apply({ action, dedupKey, severity, summary }: PagerdutyEvent): void {
    const at = openAt(dedupKey);
    const open = alerts[at];
    if (action === 'resolve') resolve(dedupKey);
    else if (action !== 'trigger') return;
    else if (open) alerts[at] = { ...open, severity, summary, triggers: open.triggers + 1 };
    else alerts.push({ dedupKey, status: 'triggered', severity, summary, triggers: 1 });
  }

  /** One that is not open is resolved in silence. */
  function resolve(dedupKey: string): void {
    const at = openAt(dedupKey);
    const open = alerts[at];
    if (open) alerts[at] = { ...open, status: 'resolved' };
  }

  function openAt(dedupKey: string): number {
    return alerts.findIndex((each) => each.dedupKey === dedupKey && each.status === 'triggered');
  }

  const server = await startDialect(options, take);
  return Object.defineProperties(server, {
    alerts: { get: () => alerts },
    resolve: { value: resolve },
  }) as PagerdutyServer;
}

const throttled = json(429, {
  status: 'throttle exceeded',
  message: 'Requests for this service are arriving too quickly.  Please retry later.',
});

function invalid(errors: readonly string[]): Whole {
  return json(400, { status: 'invalid event', message: 'Event object is invalid', errors });
}
