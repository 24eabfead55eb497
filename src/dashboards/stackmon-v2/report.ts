/** What CloudMon's reporters say about a component that is not well, and what is made of a refusal. */
import { rfc3339 } from '../../model/clock.ts';
import type { Answer } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { Action } from '../../model/incident.ts';
import type { Reported } from './event-api.ts';
import type { StackmonV2Settings } from './settings.ts';

/** @param component its number; a name where that is not known, in what is only shown */
export function reportOf(
  { incident, status }: Action,
  component: number | string,
  { title, description, severity }: StackmonV2Settings,
  nowMs: number,
): string {
  return JSON.stringify({
    title,
    description,
    impact: severity[status],
    components: [component],
    // A time in the future is refused.
    start_date: rfc3339(Math.min(incident.sinceMs, nowMs)),
    system: true,
    type: 'incident',
  });
}

/** What came with 200 and an error. */
export function refusalOf({ error, httpStatus }: Extract<Reported, { id: undefined }>): Answer | Failure {
  if (/maintenance/i.test(error)) return { outcome: 'suppressed', httpStatus, note: 'in maintenance there' };
  return new Failure('dashboard', 'rejected', `answered ${httpStatus}: ${error}`, { httpStatus });
}
