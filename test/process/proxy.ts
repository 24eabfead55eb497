/** A real proxy: absolute form for http, CONNECT for https, Basic credentials where it is told to. */
import { EventEmitter, once } from 'node:events';
import { createServer, request as forward, type IncomingMessage } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { TLSSocket, type TlsOptions } from 'node:tls';
import { onTestFinished } from 'vitest';

type Passed = {
  readonly method: string;
  /** What the request line names. */
  readonly target: string;
  readonly headers: IncomingMessage['headers'];
  /** 1, 2, … in the order in which clients connected. */
  readonly connection: number;
  /** Whether the client showed a certificate. */
  readonly hasCertificate: boolean;
};

export type Proxy = {
  /** Without credentials. */
  readonly url: string;
  readonly port: number;
  /** Every request that came, let through or not. */
  readonly requests: readonly Passed[];
  /** Connections of clients that are open now. */
  readonly open: () => number;
  /** Resolves when so many requests have come. */
  readonly arrived: (count: number) => Promise<void>;
  /** From now on this is all that it answers. */
  readonly answer: (bytes: string | 'nothing' | undefined) => void;
  readonly stop: () => Promise<void>;
};

export type ProxyOptions = {
  /** `user:password`. */
  readonly credentials?: string;
  readonly tls?: TlsOptions;
  readonly answer?: string | 'nothing';
};

export async function startProxy(options: ProxyOptions = {}): Promise<Proxy> {
  const server = options.tls ? createTlsServer(options.tls) : createServer();
  const requests: Passed[] = [];
  const news = new EventEmitter();
  const numbers = new WeakMap<object, number>();
  const sockets = new Set<Socket>();
  let [connections, { answer }] = [0, options];

  const clients = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  };
  /** Notes the request; what to answer instead of letting it through, or undefined. */
  const judge = ({ method = '', url = '', headers, socket }: IncomingMessage): string | undefined => {
    const hasCertificate = socket instanceof TLSSocket && Boolean(socket.getPeerCertificate().subject);
    requests.push({ method, target: url, headers, connection: numbers.get(socket) ?? 0, hasCertificate });
    news.emit('request');
    const wanted = options.credentials && `Basic ${Buffer.from(options.credentials).toString('base64')}`;
    if (answer === undefined && wanted && headers['proxy-authorization'] !== wanted) {
      return 'HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n';
    }
    return answer;
  };

  server.on('connection', (socket: Socket) => {
    keep(socket);
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
  });
  server.on(options.tls ? 'secureConnection' : 'connection', (socket) => numbers.set(socket, ++connections));
  server.on('tlsClientError', () => undefined);
  server.on('request', (asked, response) => {
    const refusal = judge(asked);
    if (refusal !== undefined) {
      if (refusal !== 'nothing') asked.socket.write(refusal);
      return;
    }
    const { 'proxy-authorization': _, 'proxy-connection': __, ...headers } = asked.headers;
    const passed = forward(asked.url ?? '', { method: asked.method, headers }, (reply) => {
      response.writeHead(reply.statusCode ?? 0, reply.headers);
      reply.pipe(response);
    });
    passed.on('error', () => response.writeHead(502).end());
    asked.pipe(passed);
  });
  server.on('connect', (asked, client: Socket) => {
    const refusal = judge(asked);
    if (refusal !== undefined) {
      if (refusal === 'nothing') client.resume().once('end', () => client.end());
      else client.end(refusal);
      return;
    }
    const { hostname, port } = new URL(`http://${asked.url}`);
    const peer = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
    keep(peer);
    peer.once('connect', () => client.write('HTTP/1.1 200 Connection established\r\n\r\n'));
    peer.once('close', () => client.destroy());
    client.once('close', () => peer.destroy());
    client.pipe(peer).pipe(client);
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const stop = async () => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  onTestFinished(stop);
  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    open: () => clients.size,
    arrived: async (count) => {
      while (requests.length < count) await once(news, 'request');
    },
    answer: (bytes) => {
      answer = bytes;
    },
    stop,
  };
}
