/** The `convertor` section: whom to ask about health, and how. */
import type { ConnectionSettings } from '../http/settings.ts';
import type { Secret } from '../model/secret.ts';

export type ConvertorSettings = ConnectionSettings & {
  readonly url: string;
  /** `auto`: /v1/health, and /api/v1/health as long as no path has answered other than 404. */
  readonly path: string;
  /** All attempts of one reading together. */
  readonly timeoutMs: number;
  readonly retries: number;
  readonly maxDataAgeMs: number;
  readonly bearerToken?: Secret;
  /** The window asked about, relative to now: `fromMs` 300,000 and `toMs` 0 are the last five minutes. */
  readonly window: { readonly fromMs: number; readonly toMs: number };
};
