/** The `telemetry` section: where the program tells about itself. */
import * as z from 'zod/mini';
import { type ServerTls, serverTlsErrors, serverTlsSchema, serverTlsWarnings } from '../http/server-tls.ts';
import type { SettingsWarning } from '../http/settings.ts';
import { section } from '../values/facts.ts';
import { whole } from '../values/number.ts';
import { hostName } from '../values/text.ts';

export type TelemetrySettings = {
  /** Absent: no listener. 0, which no file can say: a free one. */
  readonly port?: number;
  readonly address: string;
  /** Absent: plain HTTP. */
  readonly tls?: ServerTls;
};

export const telemetrySchema = section(
  'Where the program tells about itself.',
  z.strictObject({
    port: z.prefault(whole(0, 65_535, '0 opens no listener.'), 0),
    address: z.prefault(hostName('The address to listen on.'), '127.0.0.1'),
    tls: z.prefault(serverTlsSchema, {}),
  }),
);

type Decoded = { readonly port: number; readonly address: string; readonly tls: ServerTls | undefined };

export function telemetrySettings({ port, address, tls }: Decoded): TelemetrySettings {
  return { ...(port > 0 && { port }), address, ...(tls && { tls }) };
}

/** @param isAuthorityBare `client_ca_file` is there, and names nothing */
export function telemetryErrors(
  { tls }: Decoded,
  isAuthorityBare: boolean,
  nowMs: number,
): readonly SettingsWarning[] {
  if (!tls) return [];
  if (tls.clientCa !== undefined || !isAuthorityBare) return serverTlsErrors(tls, nowMs);
  const bare = {
    path: ['tls', 'client_ca_file'],
    message: 'names nothing: clients would be let in without a certificate',
    remedy: 'Name the authority of your clients, or take the key out',
  };
  return [...serverTlsErrors(tls, nowMs), bare];
}

export function telemetryWarnings({ tls }: Decoded, nowMs: number): readonly SettingsWarning[] {
  return tls ? serverTlsWarnings(tls, nowMs) : [];
}
