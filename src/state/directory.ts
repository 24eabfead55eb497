/** Where the state is kept. */
import { access, constants, mkdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from '../model/failure.ts';
import { failureOf } from './failure.ts';

/** Made by packages and images; never by us, so that a program that is only tried leaves nothing behind. */
const usual = '/var/lib/cloudmon-reporter';

/**
 * Undefined: nowhere, memory only.
 *
 * @param setting `auto`, or a folder, which is made with those above it
 * @param fromEnvironment `$STATE_DIRECTORY`, where systemd names the folders that it made
 */
export async function findStateDirectory(
  setting: string,
  fromEnvironment: string | undefined,
): Promise<string | undefined> {
  const directory = await directoryOf(setting, fromEnvironment);
  if (directory === undefined || (setting === 'auto' && directory === usual)) return directory;
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') await mustBeThere(directory, error);
  }
  if (!(await stat(directory)).isDirectory()) throw noFolder(directory);
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    // A disk that is read-only may be writable again later: until then the state is in memory.
    if ((error as NodeJS.ErrnoException).code !== 'EROFS')
      throw failureOf(error, `state_dir ${directory} cannot be used`);
  }
  return directory;
}

/** For who only looks: nothing is made, and it may be missing. */
export async function seeStateDirectory(
  setting: string,
  fromEnvironment: string | undefined,
): Promise<string | undefined> {
  const directory = await directoryOf(setting, fromEnvironment);
  if (directory === undefined) return undefined;
  try {
    if (!(await stat(directory)).isDirectory()) throw noFolder(directory);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT')
      throw failureOf(error, `state_dir ${directory} cannot be used`);
  }
  return directory;
}

async function directoryOf(
  setting: string,
  fromEnvironment: string | undefined,
): Promise<string | undefined> {
  const given = setting === 'auto' ? fromEnvironment?.split(':').find((path) => path !== '') : setting;
  if (given !== undefined) return resolve(given);
  return (await isWritable(usual)) ? usual : undefined;
}

function noFolder(directory: string): Failure {
  return new Failure('state', 'rejected', `state_dir ${directory} is not a folder: name another one`);
}

/** On a read-only disk a folder is refused before it is looked whether it is there. */
async function mustBeThere(directory: string, error: unknown): Promise<void> {
  try {
    await stat(directory);
  } catch {
    throw failureOf(error, `state_dir ${directory} cannot be made`);
  }
}

async function isWritable(directory: string): Promise<boolean> {
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return (await stat(directory)).isDirectory();
  } catch {
    return false;
  }
}
