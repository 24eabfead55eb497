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
  const start = spaceEnd(body, 0);
  if (start > limits.elementBytesMax) return tooMuchSpace;
  const isEmpty = body.length === 0 || (contentType === json && start === body.length);
  return isEmpty ? 'is empty' : undefined;
}

/** Between two elements it costs as much to pass as an element of that size. */
export const tooMuchSpace = `has more than ${limits.elementBytesMax} bytes of white space in a row`;

/** Where what JSON takes for white space ends; or the first byte of it that is too much. */
export function spaceEnd(body: Buffer, start: number): number {
  const limit = Math.min(body.length, start + limits.elementBytesMax + 1);
  let at = start;
  while (at < limit) {
    const byte = body[at];
    if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) break;
    at++;
  }
  return at;
}
