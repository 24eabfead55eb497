/** The keys of the kind `incidents`: the generic dashboard of seed 001. */
import type { Secret } from '../../model/secret.ts';
import type { AlarmStatus } from '../../model/status.ts';
import type { DashboardSettings } from '../settings.ts';

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
