/** A listener with a few pages, and clients that say exactly what they are told to. */
import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import {
  type Listener,
  type ListenerPages,
  type ListenerSettings,
  startListener,
} from '../../src/http/listener.ts';
import { json, type Page, plain, type Route } from '../../src/http/routes.ts';
import { FakeClock } from '../fake-clock.ts';

export const large = 'x'.repeat(16 * 1024 * 1024);

export type Listening = Listener & {
  readonly port: number;
  readonly clock: FakeClock;
  /** Why clients were not let in. */
  readonly refusals: readonly string[];
  /** What routes, intakes and guards threw. */
  readonly bugs: readonly unknown[];
};

/** `/slow` answers when `slow` does. */
export async function listening(
  settings: Partial<ListenerSettings> = {},
  slow: Route = () => plain(200, 'slow'),
  more: Pick<ListenerPages, 'intakes' | 'guard'> = {},
): Promise<Listening> {
  const clock = new FakeClock();
  const probes = new Map<string, Route>([
    ['/-/healthy', () => plain(200, 'healthy')],
    ['/-/ready', () => plain(503, 'not yet')],
  ]);
  const cannotReplace: Page = { ...plain(200, 'x'), headers: { 'x-own': 'y', 'cache-control': 'public' } };
  const routes = new Map<string, Route>([
    ...probes,
    ['/metrics', ({ accept }) => json(200, { accept })],
    ['/large', () => plain(200, large)],
    ['/own', () => cannotReplace],
    ['/badge/*', ({ path }) => plain(200, `badge ${path.length}`)],
    ['/slow', slow],
  ]);
  const refusals: string[] = [];
  const bugs: unknown[] = [];
  const listener = await startListener(
    { address: '127.0.0.1', port: 0, ...settings },
    { routes, probes, ...more },
    clock,
    { refused: (address, why) => refusals.push(`${address}: ${why}`), bug: (error) => bugs.push(error) },
  );
  onTestFinished(async () => {
    const stopped = listener.stop();
    await clock.advance(1_000);
    await stopped;
  });
  return { ...listener, port: Number(new URL(listener.url).port), clock, refusals, bugs };
}

export type Dialogue = {
  readonly socket: Socket;
  readonly heard: () => string;
  /** Resolves when so much as `text` was heard. */
  readonly hears: (text: string) => Promise<void>;
  /** All that was heard, when the connection is closed. */
  readonly closed: Promise<string>;
};

export function say(
  port: number,
  text: string | Buffer,
  host = '127.0.0.1',
  localAddress?: string,
): Dialogue {
  const socket = connect({ port, host, ...(localAddress !== undefined && { localAddress }) });
  let heard = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => {
    heard += chunk;
  });
  socket.write(text);
  onTestFinished(() => void socket.destroy());
  return {
    socket,
    heard: () => heard,
    hears: async (wanted) => {
      while (!heard.includes(wanted)) await new Promise((resolve) => socket.once('data', resolve));
    },
    closed: new Promise((resolve) => {
      socket.once('error', ({ code }: NodeJS.ErrnoException) => {
        heard += `[${code}]`;
      });
      socket.once('close', () => resolve(heard));
    }),
  };
}

/** The status line's number, or nothing. */
export function statusOf(heard: string): number | undefined {
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(heard)?.[1]) || undefined;
}

/** One whole request whose connection is closed after the answer. */
export function request(line: string, headers: readonly string[] = ['Host: localhost'], body = ''): string {
  return [line, ...headers, 'Connection: close', '', body].join('\r\n');
}
