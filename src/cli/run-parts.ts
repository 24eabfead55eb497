/** What a run works with, whether it lasts for one cycle or for ever. */

import { lineGuard } from '../app/line-guard.ts';
import { type Log, openLog } from '../app/log.ts';
import { logJournal } from '../app/log-journal.ts';
import type { LogSettings } from '../app/settings.ts';
import type { World } from '../app/world.ts';
import type { CommonConfig, Config } from '../config/config.ts';
import { systemChance } from '../model/chance.ts';
import { systemClock } from '../model/clock.ts';
import { findStateDirectory, seeStateDirectory } from '../state/directory.ts';
import { openRelief } from './heap.ts';
import type { Io } from './io.ts';

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

export type Run<Of extends CommonConfig = Config> = {
  readonly io: Io;
  readonly options: RunOptions;
  readonly log: Log;
  readonly world: World;
  /** A configuration as the flags change it. */
  readonly adapt: (config: Of) => Of;
  /** The log guards the secrets of this configuration from now on. */
  readonly guard: (config: Of) => void;
  readonly flushed: () => Promise<void>;
};

export function prepareRun<Of extends CommonConfig>(loaded: Of, options: RunOptions, io: Io): Run<Of> {
  const clock = systemClock;
  // What is asked for on stdout has it for itself; the log of the daemon has it otherwise.
  const isRehearsal = options.once === true || options.dryRun === true;
  const stream = isRehearsal ? 'stderr' : 'stdout';
  const sink = io.openSink(stream);
  const printed = isRehearsal ? io.openSink('stdout') : sink;
  let newest = lineGuard(loaded);
  let guard = newest;

  const adapt = (config: Of): Of => ({
    ...config,
    log: {
      level: options.logLevel ?? config.log.level,
      format: options.logFormat ?? config.log.format,
    },
    telemetry: withPort(config.telemetry, options.metricsPort),
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
      // What is under way still holds the secrets of the configuration before.
      const before = newest;
      const now = lineGuard(config);
      newest = now;
      guard = (line) => now(before(line));
    },
    world: {
      nodeName: io.nodeName,
      host: io.host,
      clock,
      chance: systemChance,
      relieve: openRelief(),
      print: printed.write,
      keeps: {
        find: (setting) => {
          const find = options.dryRun ? seeStateDirectory : findStateDirectory;
          return find(setting, io.env['STATE_DIRECTORY']);
        },
        isRehearsal: options.dryRun === true,
      },
      journal: options.dryRun ? rehearsing(journal, printed.write) : journal,
    },
    flushed: async () => {
      await Promise.all([sink.flushed(), printed.flushed()]);
    },
  };
}

/** @param flag of `--metrics-port`; 0 turns the listener off */
function withPort({ port, ...telemetry }: Config['telemetry'], flag = port): Config['telemetry'] {
  return flag ? { ...telemetry, port: flag } : telemetry;
}

function rehearsing(journal: World['journal'], print: (text: string) => void): World['journal'] {
  return {
    ...journal,
    recorded: (action, previews) => {
      for (const { target, body } of previews) {
        print(`would tell ${action.incident.dashboard}: ${target} ${body}\n`);
      }
      journal.recorded(action, previews);
    },
  };
}

/** A configuration that decides and sends nothing. */
export function rehearsed(config: Config): Config {
  return { ...config, dashboards: config.dashboards.map(recorded) };
}

/** A dashboard that is paused would not be told anything either. */
function recorded(dashboard: Config['dashboards'][number]): Config['dashboards'][number] {
  return { ...dashboard, mode: dashboard.mode === 'paused' ? 'paused' : 'record' };
}
