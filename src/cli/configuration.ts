/** Loads the configuration for a command, or tells what is wrong with it. */
import type { Config } from '../config/config.ts';
import { formatProblem } from '../config/explain.ts';
import { loadConfig } from '../config/load.ts';
import { exitCode, type Io } from './io.ts';

/** Prints every problem; undefined, with the exit code set, where the program must not start. */
export async function loadOrRefuse(
  paths: readonly string[],
  io: Io,
  isStrict: boolean,
): Promise<Config | undefined> {
  const { config, problems } = await loadConfig(paths, io.env);
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
