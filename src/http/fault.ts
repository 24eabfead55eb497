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
  PROXY_URL: 'the proxy in HTTP_PROXY or HTTPS_PROXY is not an http or https URL',
  HPE_INVALID_CONSTANT: 'the answer is not HTTP',
  HPE_HEADER_OVERFLOW: 'the headers of the answer are too large',
};

/** What the peer says when it ends a handshake (RFC 8446, 6.2), or what OpenSSL says about it. */
const alertWords: Readonly<Record<number, string>> = {
  40: 'the peer wants other ciphers, or a client certificate',
  42: 'the peer refused our client certificate',
  43: 'the peer refused our client certificate',
  44: 'our client certificate was revoked',
  45: 'our client certificate has expired',
  46: 'the peer refused our client certificate',
  48: 'the peer does not know the authority of our client certificate',
  49: 'the peer does not let our client certificate in',
  70: 'TLS version was refused: 1.2 or newer is needed',
  112: 'the peer does not know this host name',
  116: 'the peer wants a client certificate: set tls.cert_file and tls.key_file',
};
const handshakeFailed = 'TLS handshake failed';
const handshakeWords: readonly (readonly [RegExp, string])[] = [
  [/wrong version number|packet length too long/, 'the peer speaks no TLS: does its URL begin with http://?'],
  [/unsupported protocol/, 'TLS version is too old: 1.2 or newer is needed'],
];

/**
 * `error` is whatever node or got threw; `place` is where we wanted to go (see `placeOf`).
 *
 * @param showsCertificate many a peer that refuses our certificate just hangs up
 */
export function wireFailure(peer: Peer, error: unknown, place: string, showsCertificate = false): Failure {
  const code = codeOf(error);
  if (code === 'ETIMEDOUT' || code === 'ESOCKETTIMEDOUT') {
    return new Failure(peer, 'timeout', `no answer from ${place} in time`, { isAmbiguous: true });
  }
  const proxyStatus = /^PROXY_ANSWERED_(\d{3})$/.exec(code)?.[1];
  if (proxyStatus !== undefined) return proxyRefusal(peer, Number(proxyStatus), place);
  const said = handshakeSaid(code, error) ?? `${words[code] ?? 'connection failed'} (${code})`;
  const hint = showsCertificate && isClosed(code) ? ': does it refuse our client certificate?' : '';
  return new Failure(peer, 'unreachable', `${place}: ${said}${hint}`, {
    isAmbiguous: isClosed(code) || code.startsWith('HPE_'),
  });
}

/** The tunnel was not opened, so the peer has seen nothing. */
function proxyRefusal(peer: Peer, status: number, place: string): Failure {
  const text = `${place}: the proxy opened no tunnel: it answered ${status}`;
  return status === 407
    ? new Failure(peer, 'unauthorized', `${text}, it wants other credentials`, {
        httpStatus: status,
        isUnsent: true,
      })
    : new Failure(peer, 'unreachable', text);
}

/** Node's codes for it differ from release to release; what they are made of does not. */
function handshakeSaid(code: string, error: unknown): string | undefined {
  if (code !== 'EPROTO' && !code.startsWith('ERR_SSL_')) return undefined;
  const message = String((error as { message?: unknown }).message);
  const alert = /SSL alert number (\d{1,3})\b/.exec(message)?.[1];
  if (alert !== undefined) return `${alertWords[Number(alert)] ?? handshakeFailed} (TLS alert ${alert})`;
  return handshakeWords.find(([symptom]) => symptom.test(message))?.[1] ?? `${handshakeFailed} (${code})`;
}

/** Host, port and path: what may be shown of a URL. Credentials and the query are left out. */
export function placeOf(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === 'string' && /^[A-Z0-9_/]{2,64}$/.test(code) ? code : 'unknown';
}

/** Broken off, not refused: the request may have arrived. */
function isClosed(code: string): boolean {
  return code === 'ECONNRESET' || code === 'EPIPE';
}
