/** How a connection to a peer is made. */
import * as z from 'zod/mini';
import type { Secret } from '../model/secret.ts';
import { section } from '../values/facts.ts';
import { fileContent } from '../values/secret.ts';
import { proxyUrl } from '../values/url.ts';
import { onOwnLines, type PemTexts, pemErrors, pemWarnings } from './pem.ts';

/** PEM texts, read and checked when the configuration is loaded. */
export type TlsSettings = {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: Secret;
};

export type ConnectionSettings = {
  readonly tls: TlsSettings;
  /** URL of the proxy. Absent: HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide. */
  readonly proxy?: Secret;
};

const tlsSchema = z.pipe(
  section(
    'Certificates of a connection. Without them the system decides.',
    z.strictObject({
      ca_file: z.exactOptional(
        fileContent('PEM file with the authorities that may sign the peer’s certificate.'),
      ),
      cert_file: z.exactOptional(fileContent('PEM file with our certificate, for peers that ask for one.')),
      key_file: z.exactOptional(fileContent('PEM file with the private key of cert_file.')),
    }),
  ),
  z.transform((written, context): TlsSettings => {
    const tls: TlsSettings = {
      ...(written.ca_file && { ca: onOwnLines(written.ca_file.content.reveal()) }),
      ...(written.cert_file && { cert: onOwnLines(written.cert_file.content.reveal()) }),
      ...(written.key_file && { key: written.key_file.content }),
    };
    for (const { file, message, remedy } of pemErrors(pemTexts(tls))) {
      context.issues.push({
        code: 'custom',
        input: undefined,
        path: [`${file}_file`],
        message,
        params: { remedy },
      });
    }
    return tls;
  }),
);

/** The keys of a connection, for the section of each peer. */
export const connectionKeys = {
  tls: z.prefault(tlsSchema, {}),
  proxy: z.exactOptional(
    proxyUrl('URL of a proxy. Absent or empty: HTTPS_PROXY, HTTP_PROXY and NO_PROXY decide.'),
  ),
};

/** The same keys, decoded. */
export function connectionSettings(decoded: {
  readonly tls: TlsSettings;
  readonly proxy?: Secret | undefined;
}): ConnectionSettings {
  return { tls: decoded.tls, ...(decoded.proxy && { proxy: decoded.proxy }) };
}

/** What a section is warned about although it is valid; `path` leads to the key. */
export type SettingsWarning = {
  readonly path: readonly string[];
  readonly message: string;
  readonly remedy?: string;
};

export function connectionWarnings(settings: ConnectionSettings, nowMs: number): readonly SettingsWarning[] {
  return pemWarnings(pemTexts(settings.tls), nowMs).map(({ file, ...rest }) => ({
    path: ['tls', `${file}_file`],
    ...rest,
  }));
}

function pemTexts(tls: TlsSettings): PemTexts {
  return {
    ...(tls.ca !== undefined && { ca: tls.ca }),
    ...(tls.cert !== undefined && { cert: tls.cert }),
    ...(tls.key && { key: tls.key.reveal() }),
  };
}
