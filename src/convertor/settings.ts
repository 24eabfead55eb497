/** The `convertor` section: whom to ask about health, and how. */
import * as z from 'zod/mini';
import { type ConnectionSettings, connectionKeys, connectionSettings } from '../http/settings.ts';
import type { Secret } from '../model/secret.ts';
import { duration } from '../values/duration.ts';
import { section } from '../values/facts.ts';
import { whole } from '../values/number.ts';
import { headerSecret } from '../values/secret.ts';
import { urlPath } from '../values/text.ts';
import { baseUrl } from '../values/url.ts';

export type ConvertorSettings = ConnectionSettings & {
  /** Absent: the collector in this process is asked. */
  readonly url?: string;
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

/** Where no `health_query` of CloudMon says otherwise. */
export const defaultWindow = { fromMs: 300_000, toMs: 0 } as const;

/** All but the window, which CloudMon keeps in a section of its own. */
export const convertorSchema = z.pipe(
  section(
    'Whom to ask about health.',
    z.strictObject({
      url: z.exactOptional(
        baseUrl(
          'Base URL of the convertor. Absent: the collector of this process, else in a CloudMon file http://localhost with the port of server.',
        ),
      ),
      path: z.prefault(
        urlPath(['auto'], 'auto asks /v1/health and, while nothing but 404 came back, /api/v1/health.'),
        'auto',
      ),
      timeout: z.prefault(
        duration({ min: '100ms', max: '1h' }, 'For all attempts of one reading together.'),
        10,
      ),
      retries: z.prefault(
        whole(0, 10, 'Further attempts after 0.5 s, 1 s and so on, inside the timeout.'),
        2,
      ),
      max_data_age: z.prefault(
        duration({ min: '1s', max: '7d' }, 'Readings that are older are no data.'),
        '10m',
      ),
      bearer_token: z.exactOptional(headerSecret('Sent as Authorization: Bearer.')),
      ...connectionKeys,
    }),
  ),
  z.transform(
    (keys): Omit<ConvertorSettings, 'window'> => ({
      ...connectionSettings(keys),
      ...(keys.url !== undefined && { url: keys.url }),
      path: keys.path,
      timeoutMs: keys.timeout,
      retries: keys.retries,
      maxDataAgeMs: keys.max_data_age,
      ...(keys.bearer_token && { bearerToken: keys.bearer_token }),
    }),
  ),
);
