/** The keys of the kind `incidents`: the generic dashboard of seed 001. */
import * as z from 'zod/mini';
import { connectionWarnings, type SettingsWarning } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { duration } from '../../values/duration.ts';
import { section } from '../../values/facts.ts';
import { whole } from '../../values/number.ts';
import { secret } from '../../values/secret.ts';
import { text, urlPath } from '../../values/text.ts';
import { baseUrl } from '../../values/url.ts';
import { claimsKey } from '../claims-key.ts';
import { type DashboardSettings, dashboardKeys, dashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';

export type IncidentsSettings = DashboardSettings & {
  readonly kind: 'incidents';
  /** Absent: no Authorization header. */
  readonly secret?: Secret;
  /** Added to the token's claims; cannot replace service, environment, status and timestamp. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** 0: the token carries neither `iat` nor `exp`. */
  readonly tokenTtlMs: number;
  readonly path: string;
  /** Text per status. */
  readonly message: Readonly<Record<AlarmStatus, string>>;
  /** The number that the dashboard is told for each status. */
  readonly severity: Readonly<Record<AlarmStatus, number>>;
};

const messageLengthMax = 1_000;
const reservedClaims = ['service', 'environment', 'status', 'timestamp'];

const claimsDescription =
  'Further claims of the token; they cannot replace service, environment, status, timestamp.';

const defaultMessage: IncidentsSettings['message'] = {
  1: 'Service degraded',
  2: 'Service outage',
  3: 'Service critical',
};
const defaultSeverity: IncidentsSettings['severity'] = { 1: 1, 2: 2, 3: 3 };

export const incidentsSchema = z.pipe(
  section(
    'The generic dashboard: POST {url}/api/incidents with a signed token.',
    z.strictObject({
      kind: z.prefault(z.literal('incidents'), 'incidents'),
      url: baseUrl('Base URL of the dashboard.'),
      secret: z.exactOptional(secret('Signs the tokens (HS256). Absent: no Authorization header is sent.')),
      claims: z.prefault(claimsKey(reservedClaims, claimsDescription), {}),
      token_ttl: z.prefault(
        duration(
          { min: '1s', max: '1d', zero: true },
          'How long a token is valid; 0 leaves iat and exp out.',
        ),
        0,
      ),
      path: z.prefault(urlPath([], 'Where incidents are posted, below the URL.'), '/api/incidents'),
      message: statusSection(
        'The text for each status.',
        () => text(messageLengthMax, 'A sentence.'),
        defaultMessage,
      ),
      severity: statusSection(
        'The number that the dashboard is told for each status.',
        () => whole(1, 1_000_000, 'A number from 1: 0 would mean healthy.', '0 would mean healthy'),
        defaultSeverity,
      ),
      ...dashboardKeys('every_poll'),
    }),
  ),
  z.transform(
    (keys, context): Omit<IncidentsSettings, 'name'> => ({
      ...dashboardSettings(keys),
      kind: keys.kind,
      url: keys.url,
      ...(keys.secret && { secret: keys.secret }),
      claims: keys.claims,
      tokenTtlMs: keys.token_ttl,
      path: keys.path,
      message: perStatus(keys.message, defaultMessage, 'message', context),
      severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
    }),
  ),
);

export function incidentsWarnings(
  settings: Omit<IncidentsSettings, 'name'>,
  nowMs: number,
): readonly SettingsWarning[] {
  const found = [...connectionWarnings(settings, nowMs)];
  for (const reserved of reservedClaims) {
    if (!Object.hasOwn(settings.claims, reserved)) continue;
    const message = `cannot replace the claim ${reserved}, which is always in the token`;
    found.push({ path: ['claims'], message, remedy: 'Leave it out' });
  }
  return found;
}
