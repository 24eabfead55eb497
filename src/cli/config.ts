/** `config`: the effective configuration, with the origin of each value. */
import type { Command } from 'commander';
import { formatProblem } from '../config/explain.ts';
import { loadAnyConfig } from '../config/load.ts';
import { collect } from './configuration.ts';
import { exitCode, type Io } from './io.ts';

const examples = `
Examples:
  $ cloudmon-reporter config -c config.yaml
  $ cloudmon-reporter config -c base.yaml -c site.yaml  # later wins`;

export function addConfig(program: Command, io: Io): void {
  program
    .command('config')
    .description('print the effective configuration, secrets as ***, and where each value comes from')
    .requiredOption(
      '-c, --config <file>',
      'configuration; repeatable, later wins; a folder means its *.yaml',
      collect,
    )
    .addHelpText('after', examples)
    .action(async (options: { readonly config: readonly string[] }) => {
      const { config, problems, origins } = await loadAnyConfig(options.config, io.env);
      for (const problem of problems) io.printError(`${formatProblem(problem)}\n`);
      if (!config || !origins) return io.setExitCode(exitCode.badConfiguration);
      const { effectiveYaml } = await import('../config/effective.ts');
      io.print(effectiveYaml(config, origins));
    });
}
