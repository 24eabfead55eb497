/**
 * What the state's file holds, whatever happened to it: every line that is whole counts, before and
 * after a damage.
 */
import { limits } from '../model/limits.ts';
import { type Content, contentOf, type Line, version, type WrittenEntry } from './line.ts';

export type Contents = {
  /** The newest value of each key, the oldest first. */
  readonly kept: ReadonlyMap<string, unknown>;
  /** The line of each. */
  readonly lines: ReadonlyMap<string, Line>;
  /** The largest number of a line. */
  readonly number: number;
  readonly damage: Damage | undefined;
};

export type Damage = {
  /** Pieces that are no lines of ours: nobody can tell how many those were. */
  readonly lines: number;
  /** Where the first one begins, in bytes. */
  readonly offset: number;
  /** Nobody can tell how much came after what is there. */
  readonly isCut?: boolean;
  /** The file is of another version, and nothing of it is read. */
  readonly version?: number;
};

export const nothing: Contents = { kept: new Map(), lines: new Map(), number: 0, damage: undefined };

const lineEnd = 0x0a;

export function contentsOf(bytes: Buffer): Contents {
  const newest = new Map<string, WrittenEntry>();
  let lines = 0;
  let offset: number | undefined;
  for (const { at, piece } of pieces(bytes)) {
    const content = contentOf(piece);
    if (!isInPlace(content, at)) offset ??= at;
    if (!content) lines++;
    else if ('key' in content) put(newest, content);
    else if (at === 0 && content.header !== version) return ofAnotherVersion(bytes, content.header);
    // Nothing but ends of lines, for example: nobody waits for the rest.
    if (lines === limits.stateDamagedLinesMax) break;
  }
  if (offset === undefined) return { ...livingOf(newest), damage: undefined };
  const isCut = bytes.at(-1) !== lineEnd;
  const damage = { lines: bytes.length === 0 ? 0 : lines, offset, ...(isCut && { isCut }) };
  return { ...livingOf(newest), damage };
}

/** The header comes first, and nowhere else. */
function isInPlace(content: Content, at: number): boolean {
  return content !== undefined && 'header' in content === (at === 0);
}

/** An empty file has one, too: it lacks its header. */
function* pieces(bytes: Buffer): Generator<{ readonly at: number; readonly piece: Buffer }> {
  let at = 0;
  do {
    const end = bytes.indexOf(lineEnd, at);
    yield { at, piece: bytes.subarray(at, end < 0 ? bytes.length : end) };
    at = end < 0 ? bytes.length : end + 1;
  } while (at < bytes.length);
}

function put(newest: Map<string, WrittenEntry>, entry: WrittenEntry): void {
  const before = newest.get(entry.key);
  if (before && before.number >= entry.number) return;
  newest.delete(entry.key);
  newest.set(entry.key, entry);
}

function livingOf(newest: ReadonlyMap<string, WrittenEntry>): Pick<Contents, 'kept' | 'lines' | 'number'> {
  const kept = new Map<string, unknown>();
  const lines = new Map<string, Line>();
  let number = 0;
  for (const entry of newest.values()) {
    number = Math.max(number, entry.number);
    if (entry.value === undefined) continue;
    kept.set(entry.key, entry.value);
    lines.set(entry.key, entry.line);
  }
  return { kept, lines, number };
}

function ofAnotherVersion(bytes: Buffer, found: number): Contents {
  let lines = 0;
  for (let at = bytes.indexOf(lineEnd); at >= 0; at = bytes.indexOf(lineEnd, at + 1)) lines++;
  return { ...nothing, damage: { lines: lines - 1, offset: 0, version: found } };
}
