/** The keys of the kind `webhook`: any page that takes a body of the operator's own making. */
import * as z from 'zod/mini';
import { connectionWarnings } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section } from '../../values/facts.ts';
import { secret } from '../../values/secret.ts';
import { name, word } from '../../values/text.ts';
import { secretUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { statusWords, type Template } from '../template.ts';
import { bodyTemplate } from './body.ts';
import { headerErrors, headerText } from './headers.ts';

export type WebhookSettings = DashboardSettings & {
  readonly kind: 'webhook';
  /**
   * What `url` was read from, to be read again. No plain property: most of these URLs are no key, and may be
   * told over plain http, or named by their host in the log.
   */
  readonly address: () => Secret;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly headers: Readonly<Record<string, Secret>>;
  readonly body: Template;
  /** Absent: it is not told that something is over. */
  readonly closeBody?: Template;
  /** Absent: what is sent is not signed. */
  readonly secret?: Secret;
  /** The word for each status. */
  readonly severity: Readonly<Record<AlarmStatus, string>>;
};

const defaultBody = `{${[
  '"service":"{{service}}"',
  '"environment":"{{environment}}"',
  '"component":"{{component}}"',
  '"status":{{status}}',
  '"word":"{{word}}"',
  '"timestamp":"{{timestamp}}"',
  '"since":"{{since}}"',
].join(',')}}`;

export const webhookSchema = z.pipe(
  section(
    'Any page that takes what the operator writes.',
    z.strictObject({
      kind: z.literal('webhook'),
      url: secretUrl('Where it is sent, with its query. It is never shown: many of them hold a key.'),
      method: z.prefault(word(['POST', 'PUT', 'PATCH'], 'How it is sent.'), 'POST'),
      headers: z.prefault(
        section('Sent with each request; never shown.', z.record(z.string(), headerText())),
        {},
      ),
      body: z.prefault(
        bodyTemplate('Sent when something begins or changes. JSON with places inside its texts.', false),
        defaultBody,
      ),
      close_body: z.exactOptional(bodyTemplate('Sent when it is over. Absent: nothing is sent then.', true)),
      secret: z.exactOptional(secret('Signs the body: HMAC-SHA256 in the header X-Hub-Signature-256.')),
      severity: statusSection('The word for each status.', () => name('A word.'), statusWords),
      ...dashboardKeys('on_change'),
    }),
    ['kind'],
  ),
  z.transform((keys, context): Omit<WebhookSettings, 'name'> => {
    for (const { path, message, remedy } of headerErrors(keys.headers)) {
      context.issues.push({ code: 'custom', input: undefined, path: [...path], message, params: { remedy } });
    }
    return {
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: new URL(keys.url.reveal()).href,
      address: () => keys.url,
      method: keys.method,
      headers: keys.headers,
      body: keys.body,
      ...(keys.close_body && { closeBody: keys.close_body }),
      ...(keys.secret && { secret: keys.secret }),
      severity: perStatus(keys.severity, statusWords, 'severity', context),
    };
  }),
);

export const webhookWarnings = connectionWarnings;
