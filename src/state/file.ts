/**
 * The file of the state on its disk: read whatever it is, written so that it is always the old or the new one.
 *
 * A new file is made beside it, forced to the disk and put into its place. What is damaged is kept aside.
 */
import { constants } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits } from '../model/limits.ts';
import { type Contents, contentsOf, nothing } from './contents.ts';
import { headerLine } from './line.ts';

export type Found = Contents & {
  /** The bytes of a damaged file, as far as they could be read; undefined where it is no file at all. */
  readonly damaged?: Buffer;
};

/** An open file that is appended to. */
export type OpenFile = { readonly handle: FileHandle; readonly bytes: number };

/** Throws the error of the system where there is something that may be good and cannot be opened. */
export async function readState(directory: string): Promise<Found> {
  const path = join(directory, 'state');
  let handle: FileHandle;
  try {
    // Not blocking: opening a pipe that nobody writes to would wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return nothing;
    if (code === 'ELOOP' || code === 'ENXIO') return noFile;
    throw error;
  }
  try {
    if (!(await handle.stat()).isFile()) return noFile;
    const { bytes, isCut } = await readBytes(handle);
    const contents = contentsOf(bytes);
    if (!isCut) return contents.damage ? { ...contents, damaged: bytes } : contents;
    const damage = {
      lines: (contents.damage?.lines ?? 0) + 1,
      offset: contents.damage?.offset ?? bytes.length,
      isCut: true,
    };
    return { ...contents, damage: { ...contents.damage, ...damage }, damaged: bytes };
  } finally {
    await handle.close();
  }
}

const noFile: Contents = { ...nothing, damage: { lines: 0, offset: 0 } };

/** Cut where it is larger than ours ever are, or where the disk cannot read on. */
async function readBytes(handle: FileHandle): Promise<{ readonly bytes: Buffer; readonly isCut: boolean }> {
  const { size } = await handle.stat();
  const buffer = Buffer.alloc(Math.min(size, limits.stateBytesMax) + 1);
  let length = 0;
  let isCut = false;
  while (length < buffer.length) {
    try {
      const { bytesRead } = await handle.read(
        buffer,
        length,
        Math.min(buffer.length - length, readAtOnce),
        length,
      );
      if (bytesRead === 0) break;
      length += bytesRead;
    } catch {
      isCut = true;
      break;
    }
  }
  const isLarge = length > limits.stateBytesMax;
  return { bytes: buffer.subarray(0, Math.min(length, limits.stateBytesMax)), isCut: isCut || isLarge };
}

const readAtOnce = 1_048_576;

/** Keeps the damaged file, or what is in its place, as the only one; returns its path. */
export async function setAside(directory: string, { damaged }: Found): Promise<string | undefined> {
  const aside = join(directory, 'state.damaged');
  if (damaged?.length === 0) return undefined;
  await rm(aside, { recursive: true, force: true });
  if (damaged) await writeFile(aside, damaged, { mode: 0o600, flag: 'wx' });
  else await rename(join(directory, 'state'), aside);
  return aside;
}

/** Makes a file of these lines and puts it into the place of the old one. */
export async function replaceState(directory: string, lines: readonly string[]): Promise<OpenFile> {
  const path = join(directory, 'state.new');
  await rm(path, { recursive: true, force: true });
  const handle = await open(path, 'ax', 0o600);
  try {
    const bytes = await write(handle, [headerLine, ...lines]);
    await handle.datasync();
    await rename(path, join(directory, 'state'));
    await syncDirectory(directory);
    return { handle, bytes };
  } catch (error) {
    await closeLost(handle);
    await removeLost(path);
    throw error;
  }
}

/** Undefined where somebody has taken the file away meanwhile. */
export async function append(
  directory: string,
  { handle, bytes }: OpenFile,
  lines: readonly string[],
): Promise<OpenFile | undefined> {
  const written = await write(handle, lines);
  await handle.datasync();
  if (!(await isStill(handle, join(directory, 'state')))) return undefined;
  return { handle, bytes: bytes + written };
}

/** Another disk may have been mounted over it, too. */
async function isStill(handle: FileHandle, path: string): Promise<boolean> {
  const own = await handle.stat();
  if (own.nlink === 0) return false;
  try {
    const { ino, dev } = await lstat(path);
    return ino === own.ino && dev === own.dev;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

/** For a file whose content is written elsewhere, or lost: how it ends is no news. */
export async function closeLost(handle: FileHandle): Promise<void> {
  try {
    await handle.close();
  } catch {
    // A disk that failed says it once more.
  }
}

async function removeLost(path: string): Promise<void> {
  try {
    await rm(path, { force: true });
  } catch {
    // The next new file begins by removing it.
  }
}

/** In pieces, so that the loop is held by none. */
async function write(handle: FileHandle, lines: readonly string[]): Promise<number> {
  let piece = '';
  let bytes = 0;
  const flush = async () => {
    const buffer = Buffer.from(piece);
    piece = '';
    bytes += buffer.length;
    if (buffer.length > 0) await handle.appendFile(buffer);
  };
  for (const line of lines) {
    piece += line;
    if (piece.length >= limits.stateWriteBytes) await flush();
  }
  await flush();
  return bytes;
}

/** So that the name leads to the new file after a loss of power, too. */
async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    await handle.sync();
  } catch (error) {
    // Some file systems have nothing to be forced there.
    if ((error as NodeJS.ErrnoException).code !== 'EINVAL') throw error;
  } finally {
    await handle.close();
  }
}
