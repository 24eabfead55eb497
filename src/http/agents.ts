/**
 * Kept-alive connections to one peer, through a proxy where one is set.
 *
 * Certificates are always verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says, and TLS
 * below 1.2 is refused.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { getProxyForUrl } from 'proxy-from-env';
import { failingAgent, proxiedAgent } from './proxy.ts';
import type { ConnectionSettings } from './settings.ts';

/** How one peer is reached. */
export type Way = {
  /** Its idle sockets do not keep the process alive after `destroy`. */
  readonly agent: HttpAgent;
  /** What a failure adds to the place: ` through the proxy host:port`, or nothing. */
  readonly via: string;
  /** Whether the peer is shown a certificate of ours. */
  readonly showsCertificate: boolean;
};

export function openWay(base: URL, settings: ConnectionSettings): Way {
  const showsCertificate = settings.tls.cert !== undefined;
  const proxyText = settings.proxy?.reveal() ?? getProxyForUrl(base.href);
  const keep = { keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' as const };
  const secure = { ...keep, ...secureOptions(settings) };
  if (proxyText === '') {
    const agent = base.protocol === 'https:' ? new HttpsAgent(secure) : new HttpAgent(keep);
    return { agent, via: '', showsCertificate };
  }
  const proxy = URL.canParse(proxyText) ? new URL(proxyText) : undefined;
  if (!proxy || !/^https?:$/.test(proxy.protocol)) {
    return { agent: failingAgent(base, 'PROXY_URL'), via: '', showsCertificate };
  }
  const agent = proxiedAgent(base, proxy, keep, secure);
  return { agent, via: ` through the proxy ${proxy.host}`, showsCertificate };
}

function secureOptions({ tls: { ca, cert, key } }: ConnectionSettings) {
  return {
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key: key.reveal() }),
  };
}
