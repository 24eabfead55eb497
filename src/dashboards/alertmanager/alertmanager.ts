/**
 * The kind `alertmanager`: an alert for each target, told again at every poll.
 *
 * An alert ends by itself when it is not told again, so a reporter that is gone leaves nothing behind. It
 * carries when that will be, which depends on when it is sent: the first attempt decides for all of a delivery.
 */
import type { SeparateDashboard, Telling } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import { limits } from '../../model/limits.ts';
import { acknowledged } from '../acknowledged.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { authorizer } from './access.ts';
import { alertsOf } from './alerts.ts';
import type { AlertmanagerSettings } from './settings.ts';

const path = '/api/v2/alerts';
/** Polls that may fail before an alert ends by itself. */
const polls = 4;

export function openAlertmanager(
  settings: AlertmanagerSettings,
  surroundings: Surroundings,
): SeparateDashboard {
  const { clock, pollIntervalMs } = surroundings;
  const leaseMs = Math.max(polls * pollIntervalMs, limits.alertLeaseMsMin);
  const { origin, pathname } = new URL(settings.url + path);
  const line = openLine({ settings, surroundings, secret: settings.bearerToken });
  const firstBodies = new WeakMap<Action, { readonly body: string; readonly atMs: number }>();

  /** The same bytes at every attempt, unless so late that an alert would end with them. */
  function bodyOf(telling: Telling): string {
    const atMs = clock.now();
    const first = firstBodies.get(telling.action);
    if (first && Math.abs(atMs - first.atMs) < leaseMs / 2) return first.body;
    const body = JSON.stringify(alertsOf(telling, settings, { nowMs: atMs, leaseMs }));
    firstBodies.set(telling.action, { body, atMs });
    return body;
  }

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: { closes: true, lowers: true, attachesEvidence: settings.evidence, forgets: true },
    preview: (action, told) => {
      const telling = {
        action,
        told,
        reference: undefined,
        isDoubted: false,
        isWanted: () => true,
      };
      const alerts = alertsOf(telling, settings, { nowMs: clock.now(), leaseMs });
      return [{ target: `POST ${origin}${pathname}`, body: JSON.stringify(alerts) }];
    },
    tell: async (telling, signal) => {
      const { isWanted } = telling;
      const request = {
        method: 'POST',
        path,
        headers: authorizer(settings),
        body: bodyOf(telling),
        isWanted,
      } as const;
      return acknowledged(await line.send(request, signal), line);
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}
