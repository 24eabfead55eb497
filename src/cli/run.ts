/** `run`, which may be left out: the daemon, one cycle, or a rehearsal of either. */
import type { Command } from 'commander';
import { startDaemon } from '../app/daemon.ts';
import { runOnce } from '../app/once.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { Failure } from '../model/failure.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { addDaemonOptions } from './daemon-options.ts';
import { endEarly, runDaemon } from './daemon-process.ts';
import { keepHeapSmall, letCodeBeOptimised } from './heap.ts';
import { exitCode, type Io } from './io.ts';
import { prepareRun, type Run, type RunOptions, rehearsed } from './run-parts.ts';
import { hasFailure, summary } from './summary.ts';

const examples = `
Examples:
  $ cloudmon-reporter run --once --dry-run -c config.yaml  # ask, decide, send nothing
  $ cloudmon-reporter run --once -c config.yaml            # one cycle for real
  $ cloudmon-reporter run -c config.yaml --watch-config    # the daemon`;

export function addRun(program: Command, io: Io): void {
  const command = program
    .command('run', { isDefault: true })
    .description('poll the convertor and tell the dashboards, until a signal (the default command)')
    .requiredOption(
      '-c, --config <file>',
      'configuration; repeatable, later wins; a folder means its *.yaml',
      collect,
    )
    .option('--once', 'one cycle, then a summary; exit code 1 if a poll or a delivery failed')
    .option('--dry-run', 'print what would be sent, send nothing');
  addDaemonOptions(command)
    .addHelpText('after', examples)
    .action(async (options: RunOptions) => {
      const early = endEarly(io);
      keepHeapSmall();
      const loaded = await loadOrRefuse(loadConfig, options.config, io, options.strict === true);
      if (!loaded) return;
      if (loaded.collector && !options.once) letCodeBeOptimised();
      const prepared = prepareRun(loaded, options, io);
      const adapt = (config: Config) => prepared.adapt(options.dryRun ? rehearsed(config) : config);
      const run = { ...prepared, adapt };
      if (options.once) await runOneCycle(adapt(loaded), run, early);
      else await runDaemon({ load: loadConfig, start: startDaemon }, adapt(loaded), run, early);
    });
}

async function runOneCycle(config: Config, run: Run, takeOver: () => void): Promise<void> {
  const stop = new AbortController();
  const undo = run.io.onSignal(['SIGTERM', 'SIGINT'], () => {
    if (stop.signal.aborted) run.io.exit(exitCode.failed);
    stop.abort();
  });
  takeOver();
  const result = await runOnce(config, run.world, run.log, stop.signal).catch((error: unknown) => {
    // Another process has the state.
    if (!(error instanceof Failure)) throw error;
    run.log.error({ reason: error.reason }, `Cannot start: ${error.message}`);
  });
  undo();
  if (!result) return run.io.setExitCode(exitCode.failed);
  run.world.print(summary(result));
  const isFine = run.options.dryRun || !hasFailure(result);
  run.io.setExitCode(isFine ? exitCode.ok : exitCode.failed);
}
