/** Reads a file that an operator names: a regular file of a limited size, whole, as text. */
import { isUtf8 } from 'node:buffer';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

/** What is wrong with the file, as the rest of a sentence that begins with its name. */
export type Unreadable = { readonly message: string; readonly remedy: string };

export async function readText(path: string, bytesMax: number): Promise<string | Unreadable> {
  let handle: FileHandle | undefined;
  try {
    // Not blocking: opening a pipe that nobody writes to would wait for ever.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const stat = await handle.stat();
    if (stat.isDirectory()) return { message: 'is a folder', remedy: 'Name a file in it' };
    if (!stat.isFile()) return { message: 'is not a regular file', remedy: 'Copy it into a file' };
    const bytes = await readBytes(handle, bytesMax + 1);
    if (bytes.length > bytesMax) {
      return { message: `is larger than ${bytesMax} bytes`, remedy: 'Is it the right file?' };
    }
    return isUtf8(bytes)
      ? bytes.toString('utf8')
      : { message: 'is not UTF-8 text', remedy: 'Save it as UTF-8' };
  } catch (error) {
    return unreadable((error as NodeJS.ErrnoException).code);
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

async function readBytes(handle: FileHandle, bytesMax: number): Promise<Buffer> {
  const buffer = Buffer.alloc(bytesMax);
  let length = 0;
  while (length < bytesMax) {
    const { bytesRead } = await handle.read(buffer, length, bytesMax - length, null);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

export function unreadable(code: string | undefined): Unreadable {
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { message: 'does not exist', remedy: 'Check the path' };
    case 'EACCES':
    case 'EPERM':
      return { message: 'cannot be read: permission denied', remedy: 'Let the user of this program read it' };
    case 'ELOOP':
      return { message: 'cannot be read: its links lead in a circle', remedy: 'Check the path' };
    default:
      return { message: `cannot be read (${code ?? 'unknown error'})`, remedy: 'Check the path' };
  }
}
