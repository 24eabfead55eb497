/** Where the history of a configuration lies, for the commands that read it. */
import { stat } from 'node:fs/promises';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { monthsIn } from '../history/files.ts';
import { Failure } from '../model/failure.ts';
import { seeStateDirectory } from '../state/directory.ts';
import { loadOrRefuse } from './configuration.ts';
import { exitCode, type Io } from './io.ts';

export type HistoryPlace = { readonly directory: string; readonly config: Config };

/** Undefined, with the exit code set, where there is none: then it has been said why. */
export async function findHistory(paths: readonly string[], io: Io): Promise<HistoryPlace | undefined> {
  const config = await loadOrRefuse(loadConfig, paths, io, false);
  if (!config) return undefined;
  let directory: string | undefined;
  await readingFiles(io, async () => {
    const seen = await seeStateDirectory(config.reporter.stateDir, io.env['STATE_DIRECTORY']);
    if (seen !== undefined && (await isThere(seen))) {
      directory = seen;
      return;
    }
    const why =
      seen === undefined
        ? 'the state is kept in memory only. Set reporter.state_dir, or STATE_DIRECTORY.'
        : `the folder ${seen} does not exist.`;
    io.printError(`There is no history: ${why}\n`);
    io.setExitCode(exitCode.failed);
  });
  return directory === undefined ? undefined : { directory, config };
}

async function isThere(directory: string): Promise<boolean> {
  try {
    await stat(directory);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** Of which months there is something, in a sentence. */
export async function monthsText(directory: string): Promise<string> {
  const months = await monthsIn(directory);
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined) return `${directory} holds no history.`;
  return first === last ? `There is history of ${first}.` : `There is history of ${first} to ${last}.`;
}

/** What cannot be read is said in a sentence. */
export async function readingFiles(io: Io, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof Failure || 'syscall' in error)) throw error;
    io.printError(`The history cannot be read: ${whyOf(error)}\n`);
    io.setExitCode(exitCode.failed);
  }
}

function whyOf(error: Error): string {
  const { code, path } = error as NodeJS.ErrnoException;
  if (code !== 'EACCES' && code !== 'EPERM') return error.message;
  return `${path ?? 'a file of it'}: permission denied. Run this as the user of the daemon`;
}
