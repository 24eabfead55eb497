/** A little collector that answers as a test says, and keeps its own count. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';

type Sent = Readonly<Record<string, unknown>>;

export type Received = {
  readonly url: string;
  readonly method: string;
  readonly headers: IncomingHttpHeaders;
  readonly metrics: readonly Sent[];
  /** Which connection it came on; counts from 1. */
  readonly connection: number;
  /** Counts from 1. */
  readonly number: number;
};

export type Reply =
  | {
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: unknown;
    }
  /** Reads, and never answers. */
  | 'silent'
  /** Reads, and cuts the connection. */
  | 'reset'
  /** Takes it, and cuts the connection before the answer. */
  | 'taken and reset'
  /** Answers with half of what it announced. */
  | 'half';

export const taken = (received: Received): Reply => ({
  status: 200,
  body: { success: true, message: 'taken', ingested: received.metrics.length },
});

export const refusing =
  (status: number, headers: Readonly<Record<string, string>> = {}) =>
  (): Reply => ({ status, headers, body: { success: false, message: `refused with ${status}` } });

export async function startCollector(answer: (received: Received) => Reply = taken) {
  const requests: Received[] = [];
  const kept: Sent[] = [];
  const sockets = new Set<Socket>();
  let say = answer;
  let connections = 0;
  const numbers = new WeakMap<Socket, number>();
  const server = createServer((request, response) => {
    void receive(request).then((metrics) => {
      const { url = '', method = '', headers, socket } = request;
      const connection = numbers.get(socket) ?? 0;
      const received = { url, method, headers, metrics, connection, number: requests.length + 1 };
      requests.push(received);
      const reply = say(received);
      if (reply === 'taken and reset' || (typeof reply === 'object' && reply.status === 200))
        kept.push(...metrics);
      give(reply, response);
    });
  });
  server.on('connection', (socket) => {
    numbers.set(socket, ++connections);
    sockets.add(socket.on('close', () => sockets.delete(socket)));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  const stop = async () => {
    if (!server.listening) return;
    server.close();
    cut();
    await once(server, 'close');
  };
  onTestFinished(stop);
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** What it has taken. */
    kept,
    connections: () => sockets.size,
    answer: (next: (received: Received) => Reply) => {
      say = next;
    },
    cut,
    stop,
  };
}

async function receive(request: IncomingMessage): Promise<readonly Sent[]> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  if (request.headers['content-type'] === 'application/json') return [JSON.parse(text) as Sent];
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Sent);
}

function give(reply: Reply, response: ServerResponse): void {
  if (reply === 'silent') return;
  if (reply === 'reset' || reply === 'taken and reset') {
    response.socket?.destroy();
    return;
  }
  if (reply === 'half') {
    response
      .writeHead(200, { 'content-length': 100 })
      .write('{"success":true', () => response.socket?.destroy());
    return;
  }
  const { status, headers = {}, body } = reply;
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}
