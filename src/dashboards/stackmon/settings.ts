/** The keys that both kinds of CloudMon's status dashboard have. */
import * as z from 'zod/mini';
import { connectionWarnings, type SettingsWarning } from '../../http/settings.ts';
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import { duration } from '../../values/duration.ts';
import { whole } from '../../values/number.ts';
import { secret } from '../../values/secret.ts';
import { baseUrl } from '../../values/url.ts';
import { claimsKey } from '../claims-key.ts';
import type { DashboardSettings } from '../settings.ts';
import { perStatus, statusSection } from '../status-keys.ts';

export type StackmonSettings = DashboardSettings & {
  /** Absent: no Authorization header. */
  readonly secret?: Secret;
  /** What the token says. */
  readonly claims: Readonly<Record<string, unknown>>;
  /** 0: the token carries neither `iat` nor `exp`. */
  readonly tokenTtlMs: number;
  /** The impact for each status: 0 would be a maintenance that never ends. */
  readonly severity: Readonly<Record<AlarmStatus, number>>;
};

/** Ours while `token_ttl` is not 0. */
const timeClaims = ['iat', 'exp'];
/** A dashboard refuses any token that says for whom it is. */
const refusedClaims = ['aud'];

const impactMax = 3;
const defaultSeverity: StackmonSettings['severity'] = { 1: 1, 2: 2, 3: 3 };

export function stackmonKeys() {
  return {
    url: baseUrl('Base URL of the dashboard.'),
    secret: z.exactOptional(secret('Signs the tokens (HS256). Absent: no Authorization header is sent.')),
    claims: z.prefault(
      claimsKey(
        [...timeClaims, ...refusedClaims],
        'What the token says: the dashboard looks for one of them.',
      ),
      { stackmon: 'dummy' },
    ),
    token_ttl: z.prefault(
      duration({ min: '1s', max: '1d', zero: true }, 'How long a token is valid; 0 leaves iat and exp out.'),
      300,
    ),
    severity: statusSection(
      'The impact for each status.',
      () => whole(1, impactMax, 'From 1: impact 0 is a maintenance.', 'Impact 0 would be a maintenance'),
      defaultSeverity,
    ),
  };
}

/** The same keys, decoded. */
export function stackmonSettings(
  keys: StackmonKeys,
  context: Parameters<typeof perStatus>[3],
): Pick<StackmonSettings, 'url' | 'secret' | 'claims' | 'tokenTtlMs' | 'severity'> {
  return {
    url: keys.url,
    ...(keys.secret && { secret: keys.secret }),
    claims: keys.claims,
    tokenTtlMs: keys.token_ttl,
    severity: perStatus(keys.severity, defaultSeverity, 'severity', context),
  };
}

type StackmonKeys = z.output<z.ZodMiniObject<ReturnType<typeof stackmonKeys>>>;

export function stackmonWarnings(
  settings: Omit<StackmonSettings, 'name'>,
  nowMs: number,
): readonly SettingsWarning[] {
  const found = [...connectionWarnings(settings, nowMs)];
  const warn = (message: string) => found.push({ path: ['claims'], message, remedy: 'Leave it out' });
  const isWritten = (claim: string) => Object.hasOwn(settings.claims, claim);
  for (const claim of refusedClaims.filter(isWritten)) {
    warn(`has the claim ${claim}: the dashboard refuses every token with it`);
  }
  if (settings.tokenTtlMs === 0) return found;
  for (const claim of timeClaims.filter(isWritten)) {
    warn(`cannot replace the claim ${claim}, which token_ttl puts into the token`);
  }
  return found;
}
