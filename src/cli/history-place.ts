/** Where the history of a configuration lies, for the commands that read it. */
import { loadConfig } from '../config/load.ts';
import { Failure } from '../model/failure.ts';
import { seeStateDirectory } from '../state/directory.ts';
import { loadOrRefuse } from './configuration.ts';
import { exitCode, type Io } from './io.ts';

/** Undefined, with the exit code set, where there is none: then it has been said why. */
export async function findHistory(paths: readonly string[], io: Io): Promise<string | undefined> {
  const config = await loadOrRefuse(loadConfig, paths, io, false);
  if (!config) return undefined;
  let directory: string | undefined;
  await readingFiles(io, async () => {
    directory = await seeStateDirectory(config.reporter.stateDir, io.env['STATE_DIRECTORY']);
    if (directory !== undefined) return;
    io.printError(
      'There is no history: the state is kept in memory only. Set reporter.state_dir, or STATE_DIRECTORY.\n',
    );
    io.setExitCode(exitCode.failed);
  });
  return directory;
}

/** What cannot be read is said in a sentence. */
export async function readingFiles(io: Io, read: () => Promise<void>): Promise<void> {
  try {
    await read();
  } catch (error) {
    if (!(error instanceof Error) || !(error instanceof Failure || 'syscall' in error)) throw error;
    io.printError(`The history cannot be read: ${error.message}\n`);
    io.setExitCode(exitCode.failed);
  }
}
