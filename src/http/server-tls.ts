/**
 * The certificate that a listener of ours shows, and the authority whose clients it lets in.
 *
 * Unlike the files of a connection to a peer, these must be valid today: a listener whose
 * clients are all turned away is found at the start, not at the first scrape.
 */
import * as z from 'zod/mini';
import type { Secret } from '../model/secret.ts';
import { section } from '../values/facts.ts';
import { fileContent } from '../values/secret.ts';
import {
  countCertificates,
  holdsAuthority,
  isForServers,
  onOwnLines,
  type PemFinding,
  pemErrors,
  pemWarnings,
} from './pem.ts';
import type { SettingsWarning } from './settings.ts';

/** PEM texts, read and checked when the configuration is loaded. */
export type ServerTls = {
  readonly cert: string;
  readonly key: Secret;
  /** Present: only clients with a certificate of these authorities are let in. */
  readonly clientCa?: string;
};

/** By the name that `pem.ts` has for each file. */
const keys = { ca: 'client_ca_file', cert: 'cert_file', key: 'key_file' } as const;

export const serverTlsSchema = z.pipe(
  section(
    'Certificates of the listener. Without them it speaks plain HTTP.',
    z.strictObject({
      cert_file: z.exactOptional(
        fileContent(
          'PEM file with the certificate that clients are shown, and what links it to its authority.',
        ),
      ),
      key_file: z.exactOptional(fileContent('PEM file with the private key of cert_file.')),
      client_ca_file: z.exactOptional(
        fileContent('PEM file with the authorities of clients. Present: nobody else is let in (mutual TLS).'),
      ),
    }),
  ),
  z.transform((written, context): ServerTls | undefined => {
    const cert = written.cert_file && onOwnLines(written.cert_file.content.reveal());
    const key = written.key_file?.content;
    const clientCa = written.client_ca_file && onOwnLines(written.client_ca_file.content.reveal());
    const complain = (file: keyof typeof keys, message: string, remedy: string | undefined) =>
      context.issues.push({
        code: 'custom',
        input: undefined,
        path: [keys[file]],
        message,
        params: { remedy },
      });
    const texts = {
      ...(clientCa !== undefined && { ca: clientCa }),
      ...(cert !== undefined && { cert }),
      ...(key && { key: key.reveal() }),
    };
    for (const { file, message, remedy } of pemErrors(texts)) complain(file, message, remedy);
    if (clientCa !== undefined && cert === undefined) {
      complain('ca', 'needs cert_file and key_file beside it', 'Without them there is no TLS at all');
    }
    if (cert === undefined || !key) return undefined;
    return { cert, key, ...(clientCa !== undefined && { clientCa }) };
  }),
);

/** What makes it useless today. */
export function serverTlsErrors({ cert, clientCa }: ServerTls, nowMs: number): readonly SettingsWarning[] {
  return [
    ...pemWarnings({ cert }, nowMs),
    ...(isForServers(cert) ? [] : [{ file: 'cert', message: 'is not meant for a server' } as const]),
    ...(clientCa === undefined ? [] : authorityErrors(clientCa, nowMs)),
  ].map(located);
}

/** One authority that is valid is enough: while they are exchanged the old one may run out. */
function authorityErrors(clientCa: string, nowMs: number): readonly PemFinding[] {
  const outOfDate = pemWarnings({ ca: clientCa }, nowMs);
  if (outOfDate.length === countCertificates(clientCa)) return outOfDate;
  return holdsAuthority(clientCa) ? [] : [noAuthority];
}

/** What will let fewer clients in than someone may expect. */
export function serverTlsWarnings({ clientCa = '' }: ServerTls, nowMs: number): readonly SettingsWarning[] {
  const found = pemWarnings({ ca: clientCa }, nowMs);
  return found.length < countCertificates(clientCa) ? found.map(located) : [];
}

const noAuthority = {
  file: 'ca',
  message: 'holds no authority: no client would be let in',
  remedy: 'Name the certificate that signed those of the clients',
} as const;

function located({ file, ...rest }: PemFinding): SettingsWarning {
  return { path: ['tls', keys[file]], ...rest };
}
