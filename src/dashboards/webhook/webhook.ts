/** The kind `webhook`: sends what the operator wrote to where the operator said, signed on request. */
import { createHmac } from 'node:crypto';
import { shownByHeader } from '../../http/shown.ts';
import type { SeparateDashboard } from '../../model/dashboard.ts';
import type { Action } from '../../model/incident.ts';
import type { Secret } from '../../model/secret.ts';
import { acknowledged } from '../acknowledged.ts';
import { openLine } from '../line.ts';
import type { Surroundings } from '../surroundings.ts';
import { looksLikeJson, rendered } from './body.ts';
import type { WebhookSettings } from './settings.ts';

export function openWebhook(settings: WebhookSettings, surroundings: Surroundings): SeparateDashboard {
  const { url, method, secret, headers } = settings;
  const { origin } = new URL(url);
  const sent = Object.values(headers);
  const signing = secret ? [secret] : [];
  const line = openLine({
    settings,
    surroundings,
    secret: settings.address(),
    isAddress: true,
    alsoShown: () => [...signing, ...sent.flatMap((value) => shownByHeader(value.reveal()))],
    alsoRenewed: [...signing, ...sent],
  });

  function headersOf(action: Action, body: string): Record<string, string> {
    const type = looksLikeJson(templateOf(action, settings))
      ? 'application/json'
      : 'text/plain; charset=utf-8';
    const own = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value.reveal()]);
    return {
      'content-type': type,
      ...Object.fromEntries(own),
      'idempotency-key': action.idempotencyKey,
      ...(secret && { 'x-hub-signature-256': signature(secret, body) }),
    };
  }

  return {
    name: settings.name,
    kind: settings.kind,
    tellsTogether: false,
    abilities: {
      closes: settings.closeBody !== undefined,
      lowers: true,
      attachesEvidence: false,
      forgets: false,
    },
    preview: (action) => [{ target: `${method} ${origin}/***`, body: bodyOf(action, settings) }],
    tell: async ({ action, isWanted }, signal) => {
      const body = bodyOf(action, settings);
      const request = { method, path: '', body, headers: async () => headersOf(action, body), isWanted };
      return acknowledged(await line.send(request, signal), line);
    },
    renewSecrets: () => line.renewSecrets(),
    stop: () => line.stop(),
  };
}

function templateOf(action: Action, { body, closeBody = body }: WebhookSettings) {
  return action.type === 'close' ? closeBody : body;
}

/** The same bytes at every attempt. */
function bodyOf(action: Action, settings: WebhookSettings): string {
  return rendered(templateOf(action, settings), action, settings.severity);
}

/** As GitHub signs its webhooks, which most receivers can check. */
function signature(secret: Secret, body: string): string {
  return `sha256=${createHmac('sha256', secret.reveal()).update(body).digest('hex')}`;
}
