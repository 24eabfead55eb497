/** The keys of the kind `pagerduty`: its Events API, version 2. */
import * as z from 'zod/mini';
import { connectionWarnings, type SettingsWarning } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section } from '../../values/facts.ts';
import { truth } from '../../values/number.ts';
import { secret } from '../../values/secret.ts';
import { word } from '../../values/text.ts';
import { baseUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { type Template, template } from '../template.ts';

export type PagerdutySettings = DashboardSettings & {
  readonly kind: 'pagerduty';
  readonly routingKey: Secret;
  readonly severity: Readonly<Record<AlarmStatus, Severity>>;
  readonly summary: Template;
  /** Whether people on call are told flags and expressions. */
  readonly evidence: boolean;
};

type Severity = (typeof severities)[number];

const severities = ['critical', 'error', 'warning', 'info'] as const;
const requestsPerMinute = 120;
const routingKeyCharacters = 32;
const summaryCharactersMax = 1_000;
const place = '/v2/enqueue';

const defaultSeverity: PagerdutySettings['severity'] = { 1: 'warning', 2: 'critical', 3: 'critical' };

export const pagerdutySchema = z.pipe(
  section(
    'PagerDuty’s Events API, version 2.',
    z.strictObject({
      kind: z.literal('pagerduty'),
      url: z.prefault(
        baseUrl(`Where events are posted; ${place} may be left out.`),
        `https://events.pagerduty.com${place}`,
      ),
      routing_key: secret('The integration key of a service in PagerDuty.'),
      severity: statusSection(
        'PagerDuty’s word for each status.',
        () => word(severities, 'A severity.'),
        defaultSeverity,
      ),
      summary: z.prefault(
        template(summaryCharactersMax, 'What is wrong, in one line.'),
        '{{component}} ({{environment}}): {{word}}',
      ),
      evidence: z.prefault(truth('Whether flags and expressions are told as custom details.'), false),
      ...dashboardKeys('on_change', requestsPerMinute),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<PagerdutySettings, 'name'> => ({
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: new URL(keys.url).pathname === '/' ? keys.url + place : keys.url,
      routingKey: keys.routing_key,
      severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
      summary: keys.summary,
      evidence: keys.evidence,
    }),
  ),
);

export function pagerdutyWarnings(
  settings: Omit<PagerdutySettings, 'name'>,
  nowMs: number,
): readonly SettingsWarning[] {
  const found = [...connectionWarnings(settings, nowMs)];
  if (settings.routingKey.reveal().length !== routingKeyCharacters) {
    found.push({
      path: ['routing_key'],
      message: `is not ${routingKeyCharacters} characters long, as PagerDuty’s integration keys are`,
      remedy: 'Copy the key of an integration of type Events API v2',
    });
  }
  return found;
}
