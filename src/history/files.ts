/** The files of a history: one for each month, in UTC. */
import { open, readdir, unlink } from 'node:fs/promises';
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
  readonly bytes: number;
  /** The last line has no end: somebody died while writing it. */
  readonly isTorn: boolean;
};

export async function tailOf(path: string): Promise<Tail> {
  // It is made where it is missing; nothing of it is read but its last byte.
  const file = await open(path, 'a+', 0o600);
  try {
    const { size: bytes } = await file.stat();
    if (bytes === 0) return { bytes, isTorn: false };
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, bytes - 1);
    return { bytes, isTorn: buffer[0] !== 0x0a };
  } finally {
    await file.close();
  }
}
