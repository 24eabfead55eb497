/**
 * Turns what went wrong on the wire into a `Failure` with words that an operator understands.
 *
 * Libraries hang requests, tokens and proxies on their errors: only the code is taken from
 * them, never the error itself.
 */
import { Failure, type Peer } from '../model/failure.ts';

const words: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset by the peer',
  EPIPE: 'connection closed by the peer',
  ENOTFOUND: 'host name not found',
  EAI_AGAIN: 'host name could not be looked up',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'network is unreachable',
  EADDRNOTAVAIL: 'no local address or port is free',
  EMFILE: 'too many open files: raise the limit',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate is self-signed: set tls.ca_file if it is yours',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate authority is not trusted: set tls.ca_file if it is yours',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate authority is not trusted: set tls.ca_file if it is yours',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate authority is not known: set tls.ca_file if it is yours',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate authority is not known: set tls.ca_file if it is yours',
  CERT_HAS_EXPIRED: 'certificate has expired',
  CERT_NOT_YET_VALID: 'certificate is not valid yet: is this clock right?',
  CERT_REVOKED: 'certificate was revoked',
  ERR_TLS_CERT_ALTNAME_INVALID: 'certificate is for another host name',
  INVALID_PURPOSE: 'certificate is not meant for a server',
  EPROTO: 'TLS handshake failed: the peer may speak no TLS, or none that is new enough (1.2)',
  ERR_SSL_UNSUPPORTED_PROTOCOL: 'TLS version is too old: 1.2 or newer is needed',
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: 'TLS version was refused: 1.2 or newer is needed',
  ERR_SSL_WRONG_VERSION_NUMBER: 'the peer speaks no TLS: is the URL http:// instead of https://?',
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED:
    'the peer wants a client certificate: set tls.cert_file and tls.key_file',
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: 'the peer refused our client certificate',
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: 'the peer does not know the authority of our client certificate',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too large',
};

/** `error` is whatever node or got threw; `place` is where we wanted to go (see `placeOf`). */
export function wireFailure(peer: Peer, error: unknown, place: string): Failure {
  const code = codeOf(error);
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') {
    return new Failure(peer, 'timeout', `no answer from ${place} in time`, { isAmbiguous: true });
  }
  const text = `${place}: ${words[code] ?? 'connection failed'} (${code})`;
  return new Failure(peer, 'unreachable', text, { isAmbiguous: isAfterSending(code) });
}

/** Host, port and path: what may be shown of a URL. Credentials and the query are left out. */
export function placeOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_]{2,64}$/.test(code) ? code : 'unknown';
}

/** Broken off, not refused: the request may have arrived. */
function isAfterSending(code: string): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE' || code.startsWith('HPE_');
}
