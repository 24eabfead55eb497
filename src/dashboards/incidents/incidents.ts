/**
 * The kind `incidents`: the generic dashboard of seed 001.
 *
 * It is told at every poll while a service is not healthy, folds duplicates by itself, and
 * cannot be told that an incident is over.
 */
import { rfc3339 } from '../../model/clock.ts';
import type { SeparateDashboard } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { bearer } from '../token.ts';
import { claimsFor } from './claims.ts';
import type { IncidentsSettings } from './settings.ts';

export function openIncidents(settings: IncidentsSettings, surroundings: Surroundings): SeparateDashboard {
  const { clock } = surroundings;
  const sign = bearer(settings.secret);
  const line = openLine({ settings, surroundings, secret: settings.secret });
  const url = new URL(settings.url + settings.path);

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: { closes: false, lowers: true, attachesEvidence: false, forgets: false },
    preview: (action) => [{ target: `POST ${url.origin}${url.pathname}`, body: bodyOf(action, settings) }],
    tell: async ({ action, isWanted }, signal) => {
      const headers = async () => ({
        'idempotency-key': action.idempotencyKey,
        ...(await sign(claimsOf(action, settings, clock.now()))),
      });
      const body = bodyOf(action, settings);
      const request = { method: 'POST', path: settings.path, headers, body, isWanted } as const;
      const answer = await line.send(request, signal);
      const { status: httpStatus } = answer;
      if (httpStatus >= 200 && httpStatus < 300) return { outcome: 'sent', httpStatus };
      if (httpStatus === 409) return { outcome: 'known', httpStatus };
      throw line.failure(answer);
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}

/** The same bytes at every attempt: nothing in it depends on when it is sent. */
function bodyOf({ reading: { target }, status, timeMs }: Action, settings: IncidentsSettings): string {
  return JSON.stringify({
    service: target.service,
    environment: target.environment,
    status: settings.severity[status],
    message: settings.message[status],
    timestamp: rfc3339(timeMs),
  });
}

function claimsOf({ reading: { target }, status }: Action, settings: IncidentsSettings, nowMs: number) {
  return claimsFor(settings, { service: target.service, environment: target.environment, status }, nowMs);
}
