/**
 * Agents that go through a proxy: in absolute form for http, in a tunnel for https.
 *
 * Inside a tunnel every setting of the connection holds as it does without a proxy, and
 * what the proxy answers to CONNECT is never taken for an answer of the peer.
 */
import {
  type AgentOptions,
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest, type AgentOptions as SecureOptions } from 'node:https';
import { isIP, type Socket } from 'node:net';
import { unescape as unescapeLeniently } from 'node:querystring';

/** An error that says with its code alone what it has to say: see fault.ts. */
class ProxyFault extends Error {
  readonly code: string;

  constructor(code: string) {
    super('the proxy does not lead to the peer');
    this.code = code;
  }
}

/** What node calls for every request, before it looks for a connection; absent from its types. */
type Adding = { addRequest: (request: ClientRequest, options: Wanted) => void };
type Wanted = RequestOptions & { readonly wantedBy?: ClientRequest };

/** @param secure how the peer is reached over TLS, and the proxy where its own URL is https */
export function proxiedAgent(base: URL, proxy: URL, keep: AgentOptions, secure: SecureOptions): HttpAgent {
  // Our own certificate is for the peer alone.
  const { cert: _cert, key: _key, ...toProxy } = secure;
  if (base.protocol === 'https:') return tunnel(new HttpsAgent(secure), proxy, toProxy);
  return forward(proxy.protocol === 'https:' ? new HttpsAgent(toProxy) : new HttpAgent(keep), base, proxy);
}

/** Fails every request: for a proxy whose URL makes no sense. */
export function failingAgent(base: URL, code: string): HttpAgent {
  const agent = base.protocol === 'https:' ? new HttpsAgent() : new HttpAgent();
  agent.createConnection = (_options, connected) => {
    connected?.(new ProxyFault(code), undefined as never);
    return undefined;
  };
  return agent;
}

function forward(agent: HttpAgent, base: URL, proxy: URL): HttpAgent {
  const adding = agent as HttpAgent & Adding;
  const addRequest = adding.addRequest.bind(agent);
  const address = addressOf(proxy);
  adding.addRequest = (request, options) => {
    request.path = `${base.origin}${request.path}`;
    for (const [name, value] of Object.entries(authorization(proxy))) request.setHeader(name, value);
    addRequest(request, { ...options, ...address });
  };
  // What node checks a request for http against.
  return Object.assign(agent, { protocol: 'http:', defaultPort: 80 });
}

function tunnel(agent: HttpsAgent, proxy: URL, toProxy: SecureOptions): HttpAgent {
  const adding = agent as HttpsAgent & Adding;
  const addRequest = adding.addRequest.bind(agent);
  const createConnection = agent.createConnection.bind(agent);
  adding.addRequest = (request, options) => addRequest(request, { ...options, wantedBy: request });
  agent.createConnection = ({ wantedBy, ...options }: Wanted, connected) => {
    const opening = askForTunnel(`${bracketed(options.host ?? '')}:${options.port}`, proxy, toProxy);
    if (wantedBy) whenGivenUp(wantedBy, (error) => opening.destroy(error));
    const fail = (error: Error) => connected?.(error, undefined as never);
    opening.on('error', fail);
    opening.once('connect', ({ statusCode = 0 }: IncomingMessage, socket: Socket) => {
      if (statusCode === 200) {
        connected?.(null, createConnection({ ...options, socket } as RequestOptions) as Socket);
      } else {
        socket.destroy();
        fail(new ProxyFault(`PROXY_ANSWERED_${statusCode}`));
      }
    });
    opening.end();
    return undefined;
  };
  return agent;
}

function askForTunnel(authority: string, proxy: URL, toProxy: SecureOptions): ClientRequest {
  const options = {
    ...addressOf(proxy),
    method: 'CONNECT',
    path: authority,
    headers: { host: authority, ...authorization(proxy) },
    agent: false,
  } as const;
  return proxy.protocol === 'https:' ? httpsRequest({ ...toProxy, ...options }) : httpRequest(options);
}

/** A request that waits for its connection tells nobody that it was given up: its deadline would not hold. */
function whenGivenUp(request: ClientRequest, act: (error?: Error) => void): void {
  const { destroy } = request;
  request.destroy = (error) => {
    destroy.call(request, error);
    act(error);
    return request;
  };
}

function addressOf(proxy: URL): { host: string; port: number; servername: string } {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const port = Number(proxy.port) || (proxy.protocol === 'https:' ? 443 : 80);
  return { host, port, servername: isIP(host) === 0 ? host : '' };
}

function bracketed(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

function authorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const text = `${unescapeLeniently(username)}:${unescapeLeniently(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(text).toString('base64')}` };
}
