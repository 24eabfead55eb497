/** What a body may be called, and how the elements in it are told apart. */
import { isUtf8 } from 'node:buffer';
import type { Page } from '../../http/routes.ts';
import { limits } from '../../model/limits.ts';
import { refusal } from './reply.ts';

/** One object, an array of them, or one in each line. */
export type Form = 'one' | 'array' | 'lines';

const json = 'application/json';
const lines: ReadonlySet<string> = new Set([
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
]);

/** How many bytes of this type are read, or why none are. */
export function admittedBytes(contentType: string): number | Page {
  if (contentType === json || lines.has(contentType)) return limits.batchBytesMax;
  const why = contentType === '' ? 'Content-Type is missing' : 'this Content-Type is not taken';
  return refusal(415, `${why}: send application/json, or application/x-ndjson with one object a line`);
}

export function formOf(contentType: string, body: Buffer): Form {
  if (lines.has(contentType)) return 'lines';
  return body[spaceEnd(body, 0)] === 0x5b ? 'array' : 'one';
}

/** Why nothing in it can be read. */
export function bodyTrouble(contentType: string, body: Buffer): string | undefined {
  if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
    return 'begins with a byte order mark: send UTF-8 without it';
  }
  if (!isUtf8(body)) return 'is not UTF-8';
  const isEmpty = body.length === 0 || (contentType === json && spaceEnd(body, 0) === body.length);
  return isEmpty ? 'is empty' : undefined;
}

/** Where what JSON takes for white space ends. */
export function spaceEnd(body: Buffer, start: number): number {
  let at = start;
  while (at < body.length) {
    const byte = body[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}
