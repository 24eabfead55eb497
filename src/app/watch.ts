/**
 * Notices that a file's content changed: ConfigMap mounts swap links, editors replace
 * files, so neither names nor times tell.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

/** @param files asked anew each time, because a reload may bring others; `changed` is awaited */
export async function watchFiles(
  files: () => readonly string[],
  changed: () => Promise<void>,
  clock: Clock,
  stop: AbortSignal,
): Promise<void> {
  let before = await contentMark(files());
  while (!stop.aborted) {
    await sleep(clock, limits.watchMs, stop);
    const now = await contentMark(files());
    if (now === before || stop.aborted) continue;
    await changed();
    before = await contentMark(files());
  }
}

/** Changes with every file's content, and with the names beside it: a new conf.d file counts. */
async function contentMark(files: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  for (const file of files) {
    hash.update(`${file}\n`).update(await readFile(file).catch(() => 'unreadable'));
  }
  for (const folder of new Set(files.map((file) => dirname(file)))) {
    const names = await readdir(folder).catch(() => []);
    hash.update(
      names
        .filter((name) => name.endsWith('.yaml') || name === 'conf.d')
        .sort()
        .join('\n'),
    );
  }
  return hash.digest('base64');
}
