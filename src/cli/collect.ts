/** `collect`: the collector alone, until a signal. */
import type { Command } from 'commander';
import { startCollect } from '../app/collect.ts';
import { loadCollectConfig } from '../config/load.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { addDaemonOptions } from './daemon-options.ts';
import { endEarly, runDaemon } from './daemon-process.ts';
import { keepGarbageSmall } from './heap.ts';
import type { Io } from './io.ts';
import { prepareRun, type RunOptions } from './run-parts.ts';

type CollectOptions = Omit<RunOptions, 'config'> & { readonly config?: readonly string[] };

const examples = `
Without a file it listens on 127.0.0.1:3000; PORT, HISTORY_DURATION, CLEANUP_INTERVAL and MP_ variables
say otherwise.

Examples:
  $ cloudmon-reporter collect
  $ PORT=8080 cloudmon-reporter collect
  $ cloudmon-reporter collect -c collector.yaml --watch-config`;

export function addCollect(program: Command, io: Io): void {
  const command = program
    .command('collect')
    .description('take metrics that services push, ask sources, and serve what came of it, until a signal')
    .option(
      '-c, --config <file>',
      'configuration; repeatable, later wins; a folder means its *.yaml',
      collect,
    );
  addDaemonOptions(command)
    .addHelpText('after', examples)
    .action(async ({ config: files = [], ...rest }: CollectOptions) => {
      const early = endEarly(io);
      keepGarbageSmall();
      const options = { ...rest, config: files };
      const loaded = await loadOrRefuse(loadCollectConfig, files, io, options.strict === true);
      if (!loaded) return;
      const run = prepareRun(loaded, options, io);
      await runDaemon({ load: loadCollectConfig, start: startCollect }, run.adapt(loaded), run, early);
    });
}
