/** `run`, which may be left out: the daemon, one cycle, or a rehearsal of either. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { World } from '../app/composition.ts';
import { lineGuard } from '../app/line-guard.ts';
import { type Log, openLog } from '../app/log.ts';
import { logJournal } from '../app/log-journal.ts';
import { runOnce } from '../app/once.ts';
import type { LogSettings } from '../app/settings.ts';
import type { Config } from '../config/config.ts';
import { systemChance } from '../model/chance.ts';
import { systemClock } from '../model/clock.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { runDaemon } from './daemon-process.ts';
import { exitCode, type Io } from './io.ts';
import { levels, logLevel } from './log-level.ts';
import { hasFailure, summaryTable } from './summary.ts';

export type RunOptions = {
  readonly config: readonly string[];
  readonly once?: true;
  readonly dryRun?: true;
  readonly strict?: true;
  readonly watchConfig?: true;
  readonly logLevel?: LogSettings['level'];
  readonly logFormat?: LogSettings['format'];
  readonly metricsPort?: number;
};

/** What a run works with, whether it lasts for one cycle or for ever. */
export type Run = {
  readonly io: Io;
  readonly options: RunOptions;
  readonly log: Log;
  readonly world: World;
  /** A configuration as the flags change it. */
  readonly adapt: (config: Config) => Config;
  /** The log guards the secrets of this configuration from now on. */
  readonly guard: (config: Config) => void;
  readonly flushed: () => Promise<void>;
};

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
    .addOption(new Option('--log-level <level>').choices(levels))
    .addOption(new Option('--log-format <format>').choices(['auto', 'json', 'pretty']))
    .option('--metrics-port <port>', 'turn the telemetry listener on', port)
    .action(async (options: RunOptions) => {
      const loaded = await loadOrRefuse(options.config, io, options.strict === true);
      if (!loaded) return;
      const run = prepare(loaded, options, io);
      if (options.once) await runOneCycle(run.adapt(loaded), run);
      else await runDaemon(run.adapt(loaded), run);
    });
}

function prepare(loaded: Config, options: RunOptions, io: Io): Run {
  const clock = systemClock;
  // What is asked for on stdout has it for itself; the log of the daemon has it otherwise.
  const isRehearsal = options.once === true || options.dryRun === true;
  const stream = isRehearsal ? 'stderr' : 'stdout';
  const sink = io.openSink(stream);
  const printed = isRehearsal ? io.openSink('stdout') : sink;
  let guard = lineGuard(loaded);

  const adapt = (config: Config): Config => ({
    ...config,
    log: {
      level: logLevel(options.logLevel, io.env, config.log.level),
      format: options.logFormat ?? config.log.format,
    },
    telemetry: { ...config.telemetry, port: options.metricsPort ?? config.telemetry.port },
    dashboards: options.dryRun
      ? config.dashboards.map((dashboard) => ({ ...dashboard, mode: 'record' }))
      : config.dashboards,
  });
  const output = { write: sink.write, isTerminal: io.isTerminal(stream) };
  const log = openLog(adapt(loaded).log, output, clock, () => guard);
  const journal = logJournal(log, clock);
  return {
    io,
    options,
    log,
    adapt,
    guard: (config) => {
      guard = lineGuard(config);
    },
    world: {
      clock,
      chance: systemChance,
      print: printed.write,
      journal: options.dryRun ? rehearsing(journal, printed.write) : journal,
    },
    flushed: async () => {
      await Promise.all([sink.flushed(), printed.flushed()]);
    },
  };
}

function rehearsing(journal: World['journal'], print: (text: string) => void): World['journal'] {
  return {
    ...journal,
    recorded: (action, preview) => {
      print(`would tell ${action.incident.dashboard}: ${preview.target} ${preview.body}\n`);
      journal.recorded(action, preview);
    },
  };
}

async function runOneCycle(config: Config, run: Run): Promise<void> {
  const stop = new AbortController();
  const undo = run.io.onSignal(['SIGTERM', 'SIGINT'], () => stop.abort());
  const result = await runOnce(config, run.world, stop.signal);
  undo();
  run.world.print(summaryTable(result));
  const isFine = run.options.dryRun || !hasFailure(result);
  run.io.setExitCode(isFine ? exitCode.ok : exitCode.failed);
}

function port(text: string): number {
  const number = Number(text);
  if (/^\d{1,5}$/.test(text) && number <= 65_535) return number;
  throw new InvalidArgumentError('A port is a number from 0 to 65535.');
}
