/** The keys of the kind `cachet`: a page of Cachet, version 3 or 2. */
import * as z from 'zod/mini';
import { connectionWarnings } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { section } from '../../values/facts.ts';
import { truth, whole } from '../../values/number.ts';
import { headerSecret } from '../../values/secret.ts';
import { baseUrl } from '../../values/url.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';
import { decodeTexts, type Texts, textKeys } from '../texts.ts';

export type CachetSettings = DashboardSettings &
  Texts & {
    readonly kind: 'cachet';
    readonly token: Secret;
    readonly version: 2 | 3;
    /** Whether everybody sees the incidents, or only who is logged in. */
    readonly visible: boolean;
    /** Whether the page's subscribers hear of it. */
    readonly notify: boolean;
    /** The component's status for each status: 2 performance issues, 3 partial outage, 4 major outage. */
    readonly severity: Readonly<Record<AlarmStatus, number>>;
  };

const perMinute = 300;
const defaultSeverity: CachetSettings['severity'] = { 1: 2, 2: 4, 3: 4 };

export const cachetSchema = z.pipe(
  section(
    'A page of Cachet.',
    z.strictObject({
      kind: z.literal('cachet'),
      url: baseUrl('Base URL of the page, with its path.'),
      token: headerSecret(
        'The API token. It needs the abilities incidents.manage, incident-updates.manage and components.manage.',
      ),
      version: z.prefault(whole(2, 3, 'Which Cachet it is.'), 3),
      visible: z.prefault(truth('Whether everybody sees the incidents, or only who is logged in.'), true),
      notify: z.prefault(truth('Whether the page’s subscribers hear of it.'), false),
      severity: statusSection(
        'The component’s status for each status: 2 performance issues, 3 partial outage, 4 major outage.',
        () =>
          whole(
            2,
            4,
            'A status of Cachet’s components.',
            '2 is performance issues, 3 partial outage, 4 major outage',
          ),
        defaultSeverity,
      ),
      ...textKeys(),
      ...dashboardKeys('on_change', perMinute),
    }),
    ['kind'],
  ),
  z.transform(
    (keys, context): Omit<CachetSettings, 'name'> => ({
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: keys.url,
      token: keys.token,
      version: keys.version as 2 | 3,
      visible: keys.visible,
      notify: keys.notify,
      severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
      ...decodeTexts(keys, context),
    }),
  ),
);

export const cachetWarnings = connectionWarnings;
