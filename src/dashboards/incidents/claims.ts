/** What the token for the kind `incidents` says: seed 001, "Authentication". */
import type { AlarmStatus } from '../../model/status.ts';
import type { IncidentsSettings } from './settings.ts';

/** How far `iat` lies back: a dashboard whose clock is behind ours would refuse the token otherwise. */
const issuedBeforeS = 60;

export type Subject = {
  readonly service: string;
  readonly environment: string;
  readonly status: AlarmStatus;
};

/** The four claims that every dashboard of this kind checks; configured ones are added, never replace them. */
export function claimsFor(
  settings: IncidentsSettings,
  { service, environment, status }: Subject,
  nowMs: number,
): Record<string, unknown> {
  const nowS = Math.floor(nowMs / 1000);
  const own = { service, environment, status: settings.severity[status], timestamp: nowS };
  return {
    ...own,
    ...settings.claims,
    ...own,
    ...(settings.tokenTtlMs > 0 && {
      iat: nowS - issuedBeforeS,
      exp: nowS + Math.ceil(settings.tokenTtlMs / 1000),
    }),
  };
}
