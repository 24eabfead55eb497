/** The files of a history: one for each month, in UTC. */
import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../model/limits.ts';

const pattern = /^history-(\d{4}-(?:0[1-9]|1[0-2]))$/;

/** `2026-10`, in UTC. */
export function monthOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 7);
}

export function fileOf(directory: string, month: string): string {
  return join(directory, `history-${month}`);
}

/** The months that there are files of, oldest first. */
export async function monthsIn(directory: string): Promise<readonly string[]> {
  const names = await readdir(directory);
  return names.flatMap((name) => pattern.exec(name)?.[1] ?? []).sort();
}

/**
 * Deletes the oldest files where there are too many.
 *
 * They are counted, not dated: a clock that is wrong by years must not cost a history.
 */
export async function deleteOldest(directory: string, current: string): Promise<void> {
  const months = await monthsIn(directory);
  const old = months.slice(0, Math.max(0, months.length - limits.historyMonthsMax));
  for (const month of old) {
    if (month !== current) await unlink(fileOf(directory, month));
  }
}

export type Tail = {
  /** Which file it is, whatever its name. */
  readonly identity: string;
  readonly bytes: number;
  /** The last line has no end: somebody died while writing it. */
  readonly isTorn: boolean;
};

export async function tailOf(path: string): Promise<Tail> {
  // It is made where it is missing; nothing of it is read but its last byte.
  const file = await open(path, 'a+', 0o600);
  try {
    const stats = await file.stat();
    const identity = identityOf(stats);
    const bytes = stats.size;
    if (bytes === 0) return { identity, bytes, isTorn: false };
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, bytes - 1);
    return { identity, bytes, isTorn: buffer[0] !== 0x0a };
  } finally {
    await file.close();
  }
}

/**
 * Returns what has become of it; undefined, and nothing is written, where somebody took the file away, or wrote
 * into it.
 */
export async function appendTo(path: string, tail: Tail, text: string): Promise<Tail | undefined> {
  const file = await openThere(path);
  if (!file) return undefined;
  try {
    const stats = await file.stat();
    if (identityOf(stats) !== tail.identity || stats.size !== tail.bytes) return undefined;
    const whole = tail.isTorn ? `\n${text}` : text;
    await file.appendFile(whole);
    return { ...tail, bytes: tail.bytes + Buffer.byteLength(whole), isTorn: false };
  } finally {
    await file.close();
  }
}

function identityOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}

async function openThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_WRONLY | constants.O_APPEND);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}
