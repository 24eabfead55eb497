/**
 * What would be sent, without looking at the events that are open: as where each component has an event of its
 * own, which a program opened. `{id}` stands for its number.
 */
import { rfc3339 } from '../../model/clock.ts';
import type { Preview } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { impactChange, resolution } from './change.ts';
import { reportOf } from './report.ts';
import type { StackmonV2Settings } from './settings.ts';

/** @param component its number, else its name */
export function previewOf(
  action: Action,
  told: AlarmStatus | undefined,
  component: number | string,
  settings: StackmonV2Settings,
  nowMs: number,
): readonly Preview[] {
  const url = new URL(`${settings.url}/v2/events`);
  const place = url.origin + url.pathname;
  const impact = settings.severity[action.status];
  const isLower = told !== undefined && impact < settings.severity[told];
  if (action.type !== 'close' && !isLower) {
    return [{ target: `POST ${place}`, body: reportOf(action, component, settings, nowMs) }];
  }
  const moment = rfc3339(Math.min(action.timeMs, nowMs));
  const change = action.type === 'close' ? resolution(moment) : impactChange(impact, moment);
  return [{ target: `PATCH ${place}/{id}`, body: JSON.stringify(change) }];
}
