/**
 * Kept-alive connections to one peer, through a proxy where one is set.
 *
 * Certificates are always verified, whatever NODE_TLS_REJECT_UNAUTHORIZED says, and TLS
 * below 1.2 is refused.
 */
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { HttpProxyAgent } from 'http-proxy-agent';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { getProxyForUrl } from 'proxy-from-env';
import type { ConnectionSettings } from './settings.ts';

/** The agent for `url`; its idle sockets do not keep the process alive after `destroy`. */
export function openAgent(url: URL, settings: ConnectionSettings): HttpAgent {
  const proxy = settings.proxy?.reveal() ?? getProxyForUrl(url.href);
  const keep = { keepAlive: true, maxFreeSockets: 256, scheduling: 'lifo' as const };
  if (url.protocol === 'http:') return proxy ? new HttpProxyAgent(proxy, keep) : new HttpAgent(keep);

  const { ca, cert, key } = settings.tls;
  const secure = {
    ...keep,
    minVersion: 'TLSv1.2' as const,
    rejectUnauthorized: true,
    ...(ca && { ca }),
    ...(cert && { cert }),
    ...(key && { key: key.reveal() }),
  };
  return proxy ? new HttpsProxyAgent(proxy, secure) : new HttpsAgent(secure);
}
