/** A listener that takes things, and what clients bring to it. */
import { onTestFinished } from 'vitest';
import type { ListenerPages, ListenerSettings } from '../../src/http/listener.ts';
import { type Delivered, type Intake, json, type Page } from '../../src/http/routes.ts';
import { type Dialogue, type Listening, listening, say } from './listening.ts';

export const mebibyte = 1_048_576;

type Taken = { readonly head: Delivered; readonly body: Buffer };

export type Taking = Listening & {
  readonly taken: readonly Taken[];
  /** How often anybody was asked to admit something. */
  readonly admissions: () => number;
  /** How often `/later` was brought something, which is not taken yet. */
  readonly later: () => number;
  readonly finishLater: () => void;
};

const refusal = (status: number, message: string): Page => json(status, { success: false, message });

/**
 * `/one` takes 64 KiB, `/batch` 8 MiB; `/later` takes when it is told to, `/wrong` says 400 to all and
 * `/busy` admits nothing; `/throws`, `/rejects`, `/admits` and `/refuses` are broken; `/metrics` can be
 * read, too.
 */
export async function taking(
  more: Pick<ListenerPages, 'guard'> = {},
  settings: Partial<ListenerSettings> = {},
): Promise<Taking> {
  const taken: Taken[] = [];
  let admissions = 0;
  let laterCount = 0;
  let finish: () => void = () => undefined;
  const later = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const answer = () => json(200, { success: true });
  const take = (head: Delivered, body: Buffer) => {
    taken.push({ head, body });
    return answer();
  };
  const takeLater = (head: Delivered, body: Buffer) => {
    laterCount += 1;
    return later.then(() => take(head, body));
  };
  const intake = (differs: Partial<Intake> = {}, bytesMax = 65_536): Intake => ({
    admit: () => {
      admissions += 1;
      return bytesMax;
    },
    take,
    refusal,
    ...differs,
  });
  const curious = () => {
    throw new Error('curious');
  };
  const intakes = new Map<string, Intake>([
    ['/one', intake()],
    ['/batch', intake({}, 8 * mebibyte)],
    ['/later', intake({ take: takeLater })],
    ['/later-batch', intake({ take: takeLater }, 8 * mebibyte)],
    ['/throws-batch', intake({ take: curious }, 8 * mebibyte)],
    ['/wrong', intake({ take: () => refusal(400, 'wrong') })],
    ['/busy', intake({ admit: () => ({ ...refusal(429, 'busy'), headers: { 'retry-after': '2' } }) })],
    ['/throws', intake({ take: curious })],
    ['/rejects', intake({ take: () => Promise.reject(new Error('curious')) })],
    ['/admits', intake({ admit: curious })],
    ['/refuses', intake({ refusal: curious }, 1)],
    ['/metrics', intake()],
  ]);
  const listener = await listening(settings, undefined, { intakes, ...more });
  return { ...listener, taken, admissions: () => admissions, later: () => laterCount, finishLater: finish };
}

/** The head of a POST that keeps its connection. */
export function head(path: string, more: readonly string[] = []): string {
  return [`POST ${path} HTTP/1.1`, 'Host: localhost', ...more, '', ''].join('\r\n');
}

export function post(path: string, body: string, more: readonly string[] = []): string {
  return `${head(path, [...more, `Content-Length: ${Buffer.byteLength(body)}`])}${body}`;
}

/** In so many bytes a chunk. */
export function chunked(path: string, body: string, size: number): string {
  const chunks: string[] = [];
  for (let at = 0; at < body.length; at += size) {
    const chunk = body.slice(at, at + size);
    chunks.push(`${chunk.length.toString(16)}\r\n${chunk}\r\n`);
  }
  return `${head(path, ['Transfer-Encoding: chunked'])}${chunks.join('')}0\r\n\r\n`;
}

/** One whole answer, with everything that was heard with it. */
export async function answered(dialogue: Dialogue, count = 1): Promise<string> {
  const isWhole = () => (dialogue.heard().match(/\r\n\r\n[^\r]*\n/g)?.length ?? 0) >= count;
  while (!isWhole() && !dialogue.socket.closed) await new Promise((resolve) => setImmediate(resolve));
  return dialogue.heard();
}

/** Whether the connection takes another POST after its answer. */
export async function isKept(dialogue: Dialogue): Promise<boolean> {
  const heard = await answered(dialogue);
  if (/^connection: close/im.test(heard)) return false;
  dialogue.socket.write(post('/one', 'again'));
  return (await answered(dialogue, 2)).match(/HTTP\/1\.1 \d/g)?.length === 2;
}

/** Written in pieces, each when the one before it is on its way. */
export async function sayInPieces(port: number, pieces: readonly (string | Buffer)[]): Promise<Dialogue> {
  const dialogue = say(port, '');
  dialogue.socket.setNoDelay(true);
  onTestFinished(() => void dialogue.socket.destroy());
  for (const piece of pieces) {
    await new Promise((resolve) => dialogue.socket.write(piece, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  return dialogue;
}
