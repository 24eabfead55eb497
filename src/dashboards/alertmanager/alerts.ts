/**
 * The alerts that one telling posts.
 *
 * An alert is its labels: one with another severity is another alert, so the one that was told before
 * ends with the same request.
 */
import { rfc3339 } from '../../model/clock.ts';
import type { Telling } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { reasonsOf } from '../evidence.ts';
import { render } from '../template.ts';
import type { AlertmanagerSettings } from './settings.ts';

type Alert = {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAt: string;
  readonly endsAt: string;
};

type Moment = { readonly nowMs: number; readonly leaseMs: number };

const statuses: readonly AlarmStatus[] = [1, 2, 3];

/** Those that end come first. */
export function alertsOf(
  telling: Telling,
  settings: AlertmanagerSettings,
  { nowMs, leaseMs }: Moment,
): readonly Alert[] {
  const { action } = telling;
  // A reading may lie a little in the future, and an alert that ends before it begins is refused.
  const endMs = Math.max(nowMs, action.incident.sinceMs);
  const ending = endingOf(telling, settings).map((status) => alertOf({ ...action, status }, settings, endMs));
  return action.type === 'close' ? ending : [...ending, alertOf(action, settings, endMs + leaseMs)];
}

/** One status for each alert that may be there and should not; what is in doubt may be any. */
function endingOf(
  { action, told, isDoubted }: Telling,
  { severity }: AlertmanagerSettings,
): readonly AlarmStatus[] {
  const isOver = action.type === 'close';
  const shown = isOver ? undefined : severity[action.status];
  const there = [told ?? (isOver ? action.status : undefined), ...(isDoubted ? statuses : [])];
  const found = new Map<string, AlarmStatus>();
  for (const status of there) {
    if (status === undefined || severity[status] === shown || found.has(severity[status])) continue;
    found.set(severity[status], status);
  }
  return [...found.values()];
}

function alertOf(action: Action, settings: AlertmanagerSettings, endMs: number): Alert {
  const { incident, reading, status } = action;
  const { service, environment, component } = reading.target;
  return {
    labels: {
      alertname: 'CloudMonServiceHealth',
      ...settings.labels,
      service,
      environment,
      component,
      severity: settings.severity[status],
    },
    annotations: { summary: render(settings.summary, action), ...reasons(action, settings) },
    startsAt: rfc3339(incident.sinceMs),
    endsAt: rfc3339(endMs),
  };
}

function reasons({ reading, type }: Action, { evidence }: AlertmanagerSettings): Alert['annotations'] {
  if (!evidence || type === 'close') return {};
  const { expression, flags } = reasonsOf(reading.evidence);
  return {
    ...(expression !== undefined && { matched_expression: expression }),
    ...(flags.length > 0 && { triggered: flags.join('\n') }),
  };
}
