/** The `telemetry` section: where the program tells about itself. */
import * as z from 'zod/mini';
import { isLoopback } from '../http/first-byte.ts';
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

/** @param bare the files of `tls` that are named and have no value */
export function telemetryErrors(
  { tls, port, address }: Decoded,
  bare: ReadonlySet<string>,
  nowMs: number,
): readonly SettingsWarning[] {
  if (!tls) {
    const isOpen = port > 0 && address !== 'localhost' && !isLoopback(address);
    return isOpen ? [...bare].slice(0, 1).map(withoutTls) : [];
  }
  if (tls.clientCa !== undefined || !bare.has('client_ca_file')) return serverTlsErrors(tls, nowMs);
  const everybody = {
    path: ['tls', 'client_ca_file'],
    message: 'names nothing: clients would be let in without a certificate',
    remedy: 'Name the authority of your clients, or take the key out',
  };
  return [...serverTlsErrors(tls, nowMs), everybody];
}

function withoutTls(name: string): SettingsWarning {
  return {
    path: ['tls', name],
    message: 'names nothing: the telemetry would be open to the network, and without TLS',
    remedy: 'Name the file, or take the keys of tls out',
  };
}

export function telemetryWarnings({ tls }: Decoded, nowMs: number): readonly SettingsWarning[] {
  return tls ? serverTlsWarnings(tls, nowMs) : [];
}
