/** Loads the configuration for a command, or tells what is wrong with it. */
import type { CommonConfig } from '../config/config.ts';
import { formatProblem } from '../config/explain.ts';
import type { Load } from '../config/load.ts';
import { exitCode, type Io } from './io.ts';

/** Prints every problem; undefined, with the exit code set, where the program must not start. */
export async function loadOrRefuse<Of extends CommonConfig>(
  load: Load<Of>,
  paths: readonly string[],
  io: Io,
  isStrict: boolean,
): Promise<Of | undefined> {
  const { config, problems } = await load(paths, io.env);
  for (const problem of problems) io.printError(`${formatProblem(problem)}\n`);
  if (config && !(isStrict && problems.length > 0)) return config;
  if (config) io.printError('Not started: --strict allows no warnings.\n');
  io.setExitCode(exitCode.badConfiguration);
  return undefined;
}

/** For commander: an option that may be given several times. */
export function collect(file: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), file];
}
