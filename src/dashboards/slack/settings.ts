/** The keys of the kind `slack`: an incoming webhook of Slack, or of what takes the same messages. */
import * as z from 'zod/mini';
import { connectionWarnings } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section } from '../../values/facts.ts';
import { name } from '../../values/text.ts';
import { secretUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { statusWords, type Template, template } from '../template.ts';

export type SlackSettings = DashboardSettings & {
  readonly kind: 'slack';
  /** Whoever knows it can write to the channel. `url` is its host alone. */
  readonly webhookUrl: Secret;
  /** The word for each status. */
  readonly severity: Readonly<Record<AlarmStatus, string>>;
  readonly text: Template;
};

const requestsPerMinute = 60;
const textCharactersMax = 3_000;

export const slackSchema = z.pipe(
  section(
    'A channel of Slack, by an incoming webhook.',
    z.strictObject({
      kind: z.literal('slack'),
      webhook_url: secretUrl('The URL of the incoming webhook.'),
      severity: statusSection('The word for each status.', () => name('A word.'), statusWords),
      text: z.prefault(
        template(textCharactersMax, 'The message. What stands in for a place is escaped.'),
        '*{{component}}* ({{environment}}): {{word}}',
      ),
      ...dashboardKeys('on_change', requestsPerMinute),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<SlackSettings, 'name'> => ({
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: new URL(keys.webhook_url.reveal()).origin,
      webhookUrl: keys.webhook_url,
      severity: perStatus(keys.severity, statusWords, 'severity', context),
      text: keys.text,
    }),
  ),
);

export const slackWarnings = connectionWarnings;
