/**
 * One line of the state's file: a checksum, a space, JSON.
 *
 * The first line says which version wrote the file. Every other one carries a number that only grows,
 * so that a line which something doubled or moved never beats a newer one.
 */
import { crc32 } from 'node:zlib';

export const version = 1;

/** `value` undefined: the key is forgotten. */
export type Entry = { readonly number: number; readonly key: string; readonly value: unknown };

/** A line with its end. */
export type Line = { readonly text: string; readonly bytes: number };

/** What a line says; undefined where it is damaged. */
export type Content = { readonly header: number } | WrittenEntry | undefined;

export type WrittenEntry = Entry & { readonly line: Line };

const bytesMin = '00000000 {}'.length;

export const headerLine = sealed({ file: 'cloudmon-reporter state', version });

export function entryLine({ number, key, value }: Entry): string {
  return sealed({ n: number, key, value });
}

/** @param line without its end */
export function contentOf(line: Buffer): Content {
  if (line.length < bytesMin) return undefined;
  const body = line.subarray(9);
  if (line.toString('latin1', 0, 9) !== `${checksum(body)} `) return undefined;
  const text = line.toString('utf8');
  const said = parsed(text.slice(9));
  if (said === undefined) return undefined;
  const { file, version: found, n: number, key, value } = said;
  if (typeof file === 'string') return typeof found === 'number' ? { header: found } : undefined;
  const isEntry = typeof number === 'number' && Number.isSafeInteger(number) && typeof key === 'string';
  if (!isEntry || (value !== undefined && !isObject(value))) return undefined;
  return { number, key, value, line: { text: `${text}\n`, bytes: line.length + 1 } };
}

function sealed(content: object): string {
  const body = JSON.stringify(content);
  return `${checksum(body)} ${body}\n`;
}

function checksum(body: string | Buffer): string {
  return crc32(body).toString(16).padStart(8, '0');
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const found: unknown = JSON.parse(text);
    return isObject(found) ? found : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
