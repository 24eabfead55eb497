/** How a connection to a peer is made. */
import type { Secret } from '../model/secret.ts';

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
