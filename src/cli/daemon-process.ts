/**
 * The daemon as a process: signals, reloads, the end.
 *
 * SIGTERM and SIGINT drain, a second one ends at once; SIGHUP reloads. As PID 1 the kernel
 * delivers only signals that are handled, so the handlers stand before anything starts: a
 * container that is stopped in its first moment stops.
 */

import type { Daemon } from '../app/daemon.ts';
import type { Log } from '../app/log.ts';
import { contentMark, watchFiles } from '../app/watch.ts';
import type { World } from '../app/world.ts';
import type { CommonConfig } from '../config/config.ts';
import { formatProblem } from '../config/explain.ts';
import type { Load } from '../config/load.ts';
import { sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { exitCode, type Io } from './io.ts';
import type { Run } from './run-parts.ts';

/** What runs as a daemon. */
export type Role<Of extends CommonConfig> = {
  readonly load: Load<Of>;
  readonly start: (config: Of, log: Log, world: World) => Promise<Daemon<Of>>;
};

/** Process 1 gets only the signals that it handles: from now on. Returns how to undo it. */
export function endEarly(io: Io): () => void {
  return io.onSignal(['SIGTERM', 'SIGINT', 'SIGHUP'], (signal) => {
    if (signal !== 'SIGHUP') io.exit(exitCode.ok);
  });
}

/** @param takeOver ends the handling of signals that was good for the start */
export async function runDaemon<Of extends CommonConfig>(
  { load, start }: Role<Of>,
  config: Of,
  run: Run<Of>,
  takeOver: () => void,
): Promise<void> {
  const { io, log, world, options } = run;
  const mark = options.watchConfig ? await contentMark(config.files) : '';
  const starting = Promise.resolve().then(() => start(config, log, world));
  const ending = new AbortController();
  let files = config.files;
  let reloading: Promise<void> = Promise.resolve();

  async function reloadOnce(): Promise<void> {
    if (ending.signal.aborted) return;
    const next = await loadAgain(load, run);
    const daemon = await starting;
    // It takes a while to load, and the signal may have come meanwhile.
    if (ending.signal.aborted) return;
    if (!next) return daemon.refuseReload();
    files = next.files;
    daemon.reload(next);
    log.info('Configuration was reloaded');
  }
  const reload = () => {
    reloading = reloading.then(reloadOnce);
    return reloading;
  };

  io.onCrash((error) => void endOfBug(run, error));
  // Node would open its inspector at this signal.
  io.onSignal(['SIGUSR1'], () => undefined);
  io.onSignal(['SIGHUP'], () => void reload());
  io.onSignal(['SIGTERM', 'SIGINT'], (signal) => {
    if (ending.signal.aborted) return io.exit(exitCode.failed);
    ending.abort();
    log.info({ signal }, 'Stopping: deliveries under way have 4 s');
    // A start that failed says so itself, below.
    const stopped = starting.then((daemon) => daemon.stop());
    void stopped.then(
      () => endOfRun(run),
      () => undefined,
    );
  });
  takeOver();
  try {
    const daemon = await starting;
    if (options.watchConfig) {
      void watchFiles(mark, () => files, reload, world.clock, ending.signal);
    }
    await daemon.ended;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    log.error({ reason: error.reason }, `Cannot start: ${error.message}`);
    await end(run, exitCode.failed);
  }
}

/** The configuration for a reload, as the flags change it; undefined, and said so, where it is broken. */
async function loadAgain<Of extends CommonConfig>(load: Load<Of>, run: Run<Of>): Promise<Of | undefined> {
  const { log, options } = run;
  const { config, problems } = await load(options.config, run.io.env);
  if (!config || (options.strict && problems.length > 0)) {
    const worst = problems.find(({ level }) => level === 'error') ?? problems[0];
    const why = worst ? formatProblem(worst) : 'nothing could be read';
    const count = problems.length;
    if (config) {
      log.error({ problems: count }, `Configuration has warnings, the old one stays under --strict: ${why}`);
    } else {
      log.error({ problems: count }, `Configuration is broken, the old one stays: ${why}`);
    }
    return undefined;
  }
  for (const problem of problems) log.warn(`Configuration: ${formatProblem(problem)}`);
  run.guard(config);
  const adapted = run.adapt(config);
  log.level = adapted.log.level;
  return adapted;
}

type Ending = Pick<Run, 'io' | 'log' | 'world' | 'flushed'>;

async function endOfRun(run: Ending): Promise<void> {
  run.log.info('Stopped');
  await end(run, exitCode.ok);
}

async function endOfBug(run: Ending, error: unknown): Promise<void> {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  run.log.fatal({ error: name, stack }, `This is a bug, please report it: ${message}`);
  await end(run, exitCode.bug);
}

/** Waits a moment for whoever reads the log, then ends the process. */
async function end({ io, world, flushed }: Ending, code: number): Promise<void> {
  await Promise.race([flushed(), sleep(world.clock, limits.flushMs)]);
  io.exit(code);
}
