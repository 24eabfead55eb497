/**
 * The kind `incidents`: the generic dashboard of seed 001.
 *
 * It is told at every poll while a service is not healthy, folds duplicates by itself, and
 * cannot be told that an incident is over.
 */
import { openPoster } from '../../http/post.ts';
import { readable } from '../../http/readable.ts';
import { statusFailure } from '../../http/verdict.ts';
import { type Clock, rfc3339 } from '../../model/clock.ts';
import type { Dashboard } from '../../model/dashboard.ts';
import { Failure } from '../../model/failure.ts';
import type { Action } from '../../model/incident.ts';
import { limits } from '../../model/limits.ts';
import { type SignToken, tokenSigner } from '../token.ts';
import { claimsFor } from './claims.ts';
import type { IncidentsSettings } from './settings.ts';

export function openIncidents(settings: IncidentsSettings, { clock }: { readonly clock: Clock }): Dashboard {
  const url = incidentsUrl(settings);
  const poster = openPoster('dashboard', url, settings, limits.dashboardAnswerBytesMax);
  const sign = settings.secret && tokenSigner(settings.secret);
  const signedWith = new WeakMap<Action, number | undefined>();

  return {
    name: settings.name,
    kind: settings.kind,
    closes: false,
    preview: (action) => ({ target: `POST ${url.origin}${url.pathname}`, body: bodyOf(action, settings) }),
    tell: async (action, signal) => {
      signedWith.set(action, settings.secret?.version);
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json',
        'user-agent': 'cloudmon-reporter',
        'idempotency-key': action.idempotencyKey,
        ...(sign && { authorization: `Bearer ${await tokenFor(sign, claimsOf(action, settings, clock))}` }),
      };
      const answer = await poster.post(url, headers, bodyOf(action, settings), settings.timeoutMs, signal);
      if (answer.status >= 200 && answer.status < 300) return 'sent';
      if (answer.status === 409) return 'known';
      throw statusFailure(
        'dashboard',
        answer.status,
        answer.headers,
        clock.now(),
        readable(answer.body, settings.secret),
      );
    },
    renewSecrets: async (refused) => (await settings.secret?.renew(signedWith.get(refused))) ?? false,
    stop: () => poster.stop(),
  };
}

/** A secret that cannot sign is this dashboard's trouble alone: the others are still told. */
async function tokenFor(sign: SignToken, claims: Parameters<SignToken>[0]): Promise<string> {
  try {
    return await sign(claims);
  } catch {
    const text = 'the token could not be signed with this secret';
    throw new Failure('dashboard', 'unauthorized', text, { isUnsent: true });
  }
}

function incidentsUrl(settings: IncidentsSettings): URL {
  const url = new URL(settings.url);
  url.pathname = url.pathname.replace(/\/$/, '') + settings.path;
  return url;
}

/** The same bytes at every attempt: nothing in it depends on when it is sent. */
function bodyOf(action: Action, settings: IncidentsSettings): string {
  const { target, timeMs } = action.reading;
  return JSON.stringify({
    service: target.service,
    environment: target.environment,
    status: settings.severity[action.status],
    message: settings.message[action.status],
    timestamp: rfc3339(timeMs),
  });
}

function claimsOf(action: Action, settings: IncidentsSettings, clock: Clock) {
  const { service, environment } = action.reading.target;
  return claimsFor(settings, { service, environment, status: action.status }, clock.now());
}
