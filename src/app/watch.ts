/**
 * Notices that a file's content changed: ConfigMap mounts swap links, editors replace
 * files, so neither names nor times tell.
 */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Clock, sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';

/**
 * Calls `changed` whenever the content is not what `before` says.
 *
 * The new mark is taken before `changed` reads the files: what is written meanwhile is
 * noticed in the next round, at the price of one reload too many where files were added.
 *
 * @param before from `contentMark`, taken before anything else goes on
 * @param files asked anew each time, because a reload may bring others
 */
export async function watchFiles(
  before: string,
  files: () => readonly string[],
  changed: () => Promise<void>,
  clock: Clock,
  stop: AbortSignal,
): Promise<void> {
  let mark = before;
  for (;;) {
    await sleep(clock, limits.watchMs, stop);
    if (stop.aborted) return;
    const now = await contentMark(files());
    if (now === mark) continue;
    mark = now;
    await changed();
  }
}

/** Changes with every file's content, and with the names beside it: a new conf.d file counts. */
export async function contentMark(files: readonly string[]): Promise<string> {
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
