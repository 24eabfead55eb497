/** Why a client was not let in, in our words: it hears nothing but a closed connection. */
import type { TLSSocket } from 'node:tls';

const words: Readonly<Record<string, string>> = {
  ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE: 'it shows no certificate',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'it speaks a TLS version below 1.2',
  ERR_SSL_NO_SHARED_CIPHER: 'it offers no cipher that is still in use',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  INVALID_PURPOSE: 'its certificate is not meant for clients',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'it signed its certificate itself',
  SELF_SIGNED_CERT_IN_CHAIN: 'its authority is not in client_ca_file',
  UNABLE_TO_GET_ISSUER_CERT: 'its authority is not in client_ca_file',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its authority is not in client_ca_file',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its authority is not in client_ca_file',
  CERT_SIGNATURE_FAILURE: 'another authority with a name from client_ca_file signed its certificate',
};

/** Undefined where it only went away: port scans and half-open connections are no news. */
export function whyRefused(
  error: NodeJS.ErrnoException,
  socket: Pick<TLSSocket, 'authorizationError'>,
): string | undefined {
  // Node's types have an `Error`; it is the code of OpenSSL's verdict.
  const verdict = socket.authorizationError as unknown;
  const code = typeof verdict === 'string' ? verdict : (error.code ?? '');
  const known = words[code];
  if (known) return `${known} (${code})`;
  return typeof verdict === 'string' ? `its certificate is not accepted (${code})` : undefined;
}

/** The address of a client; a TLS socket that is closed has forgotten it, the one below it has not. */
export function clientOf(socket: TLSSocket): string {
  // Node does not say that it keeps it there.
  const { _parent: below } = socket as { _parent?: { readonly remoteAddress?: string } };
  return socket.remoteAddress ?? below?.remoteAddress ?? 'unknown';
}
