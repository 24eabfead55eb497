/** Who we say we are, to both kinds of CloudMon's status dashboard. */
import type { Clock } from '../../model/clock.ts';
import type { MakeHeaders } from '../line.ts';
import { bearer } from '../token.ts';
import type { StackmonSettings } from './settings.ts';

/** How far `iat` lies back: these dashboards refuse a token from a clock that is a second ahead. */
const issuedBeforeS = 60;

/** The Authorization header, signed anew each time; none where there is no secret. */
export function authorizer(
  settings: Pick<StackmonSettings, 'secret' | 'claims' | 'tokenTtlMs'>,
  clock: Clock,
): MakeHeaders {
  const sign = bearer(settings.secret);
  return () => sign(claimsAt(settings, clock.now()));
}

export function claimsAt(
  { claims, tokenTtlMs }: Pick<StackmonSettings, 'claims' | 'tokenTtlMs'>,
  nowMs: number,
): Record<string, unknown> {
  const nowS = Math.floor(nowMs / 1000);
  const times = { iat: nowS - issuedBeforeS, exp: nowS + Math.ceil(tokenTtlMs / 1000) };
  return { ...claims, ...(tokenTtlMs > 0 && times) };
}
