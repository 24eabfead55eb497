/** The keys of the kind `statuspage`: a page at Atlassian Statuspage. */
import * as z from 'zod/mini';
import { connectionWarnings } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section, value, Wrong } from '../../values/facts.ts';
import { truth } from '../../values/number.ts';
import { headerSecret } from '../../values/secret.ts';
import { word } from '../../values/text.ts';
import { baseUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { decodeTexts, type Texts, textKeys } from '../texts.ts';

/** What a component can be while it is not well. */
const componentWords = ['degraded_performance', 'partial_outage', 'major_outage'] as const;
export type ComponentWord = (typeof componentWords)[number];

export type StatuspageSettings = DashboardSettings &
  Texts & {
    readonly kind: 'statuspage';
    readonly apiKey: Secret;
    readonly pageId: string;
    /** Incidents with their components, or components alone. */
    readonly show: 'incidents' | 'components';
    /** Whether the page's subscribers hear of it. */
    readonly deliverNotifications: boolean;
    /** The component's status for each status; the impact follows from it. */
    readonly severity: Readonly<Record<AlarmStatus, ComponentWord>>;
  };

const perMinute = 60;

const defaultSeverity: StatuspageSettings['severity'] = {
  1: 'degraded_performance',
  2: 'major_outage',
  3: 'major_outage',
};
export const statuspageSchema = z.pipe(
  section(
    'A page at Atlassian Statuspage.',
    z.strictObject({
      kind: z.literal('statuspage'),
      url: z.prefault(baseUrl('Base URL of the API.'), 'https://api.statuspage.io/v1'),
      api_key: headerSecret('The API key, from "User API keys" of the page’s management.'),
      page_id: pageId(),
      show: z.prefault(
        word(
          ['incidents', 'components'],
          'Incidents with their components, or only the status of components.',
        ),
        'incidents',
      ),
      deliver_notifications: z.prefault(truth('Whether the page’s subscribers hear of it.'), false),
      severity: statusSection(
        'The component’s status for each status; minor, major or critical impact follows from it.',
        () => word(componentWords, 'A status of Statuspage’s components.'),
        defaultSeverity,
      ),
      ...textKeys(),
      ...dashboardKeys('on_change', perMinute),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<StatuspageSettings, 'name'> => ({
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: keys.url,
      apiKey: keys.api_key,
      pageId: keys.page_id,
      show: keys.show,
      deliverNotifications: keys.deliver_notifications,
      severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
      ...decodeTexts(keys, context),
    }),
  ),
);

export const statuspageWarnings = connectionWarnings;

function pageId(): z.ZodMiniType<string, unknown> {
  const json = { type: ['string', 'number'], pattern: '^[\\w-]{1,64}$' };
  const description = 'The id of the page, from the address of its management.';
  return value({ description, takes: 'text', json }, (written) =>
    typeof written === 'string' && /^[\w-]{1,64}$/.test(written)
      ? written
      : new Wrong('must be the id of a page', 'Write the letters and digits that follow /pages/'),
  );
}
