/** `run`, which may be left out: the daemon, one cycle, or a rehearsal of either. */
import { type Command, Option } from 'commander';
import { runOnce } from '../app/once.ts';
import { logLevels } from '../app/settings.ts';
import type { Config } from '../config/config.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { runDaemon } from './daemon-process.ts';
import { keepHeapSmall } from './heap.ts';
import { exitCode, type Io } from './io.ts';
import { port } from './port.ts';
import { prepareRun, type Run, type RunOptions } from './run-parts.ts';
import { hasFailure, summaryTable } from './summary.ts';

const examples = `
Examples:
  $ cloudmon-reporter run --once --dry-run -c config.yaml  # ask, decide, send nothing
  $ cloudmon-reporter run --once -c config.yaml            # one cycle for real
  $ cloudmon-reporter run -c config.yaml --watch-config    # the daemon`;

export function addRun(program: Command, io: Io): void {
  program
    .command('run', { isDefault: true })
    .description('poll the convertor and tell the dashboards, until a signal (the default command)')
    .requiredOption(
      '-c, --config <file>',
      'configuration; repeatable, later wins; a folder means its *.yaml',
      collect,
    )
    .option('--once', 'one cycle, then a summary; exit code 1 if a poll or a delivery failed')
    .option('--dry-run', 'print what would be sent, send nothing')
    .option('--strict', 'refuse to start on warnings')
    .option('--watch-config', "reload when a file's content changes")
    .addOption(new Option('--log-level <level>', 'the least level that is logged').choices(logLevels))
    .addOption(
      new Option('--log-format <format>', 'auto: pretty on a terminal, else a JSON object a line').choices([
        'auto',
        'json',
        'pretty',
      ]),
    )
    .option('--metrics-port <port>', 'turn the telemetry on: metrics, health and pages; 0 turns it off', port)
    .addHelpText('after', examples)
    .action(async (options: RunOptions) => {
      // Process 1 gets only the signals that it handles: from now on.
      const early = io.onSignal(['SIGTERM', 'SIGINT', 'SIGHUP'], (signal) => {
        if (signal !== 'SIGHUP') io.exit(exitCode.ok);
      });
      keepHeapSmall();
      const loaded = await loadOrRefuse(options.config, io, options.strict === true);
      if (!loaded) return;
      const run = prepareRun(loaded, options, io);
      if (options.once) await runOneCycle(run.adapt(loaded), run, early);
      else await runDaemon(run.adapt(loaded), run, early);
    });
}

async function runOneCycle(config: Config, run: Run, takeOver: () => void): Promise<void> {
  const stop = new AbortController();
  const undo = run.io.onSignal(['SIGTERM', 'SIGINT'], () => {
    if (stop.signal.aborted) run.io.exit(exitCode.failed);
    stop.abort();
  });
  takeOver();
  const result = await runOnce(config, run.world, stop.signal);
  undo();
  run.world.print(summaryTable(result));
  const isFine = run.options.dryRun || !hasFailure(result);
  run.io.setExitCode(isFine ? exitCode.ok : exitCode.failed);
}
