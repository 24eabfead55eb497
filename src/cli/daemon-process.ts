/**
 * The daemon as a process: signals, reloads, the end.
 *
 * SIGTERM and SIGINT drain, a second one ends at once; SIGHUP reloads. As PID 1 the kernel
 * delivers only signals that are handled, so the handlers stand before anything starts: a
 * container that is stopped in its first moment stops.
 */
import { startDaemon } from '../app/daemon.ts';
import { contentMark, watchFiles } from '../app/watch.ts';
import type { Config } from '../config/config.ts';
import { formatProblem } from '../config/explain.ts';
import { loadConfig } from '../config/load.ts';
import { sleep } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { exitCode } from './io.ts';
import type { Run } from './run-parts.ts';

/** @param takeOver ends the handling of signals that was good for the start */
export async function runDaemon(config: Config, run: Run, takeOver: () => void): Promise<void> {
  const { io, log, world, options } = run;
  const mark = options.watchConfig ? await contentMark(config.files) : '';
  const starting = Promise.resolve().then(() => startDaemon(config, log, world));
  const ending = new AbortController();
  let files = config.files;
  let reloading: Promise<void> = Promise.resolve();

  async function reloadOnce(): Promise<void> {
    if (ending.signal.aborted) return;
    const next = await loadAgain(run);
    const daemon = await starting;
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
async function loadAgain(run: Run): Promise<Config | undefined> {
  const { log, options } = run;
  const { config, problems } = await loadConfig(options.config, run.io.env);
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

async function endOfRun(run: Run): Promise<void> {
  run.log.info('Stopped');
  await end(run, exitCode.ok);
}

async function endOfBug(run: Run, error: unknown): Promise<void> {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  run.log.fatal({ error: name, stack }, `This is a bug, please report it: ${message}`);
  await end(run, exitCode.bug);
}

/** Waits a moment for whoever reads the log, then ends the process. */
async function end({ io, world, flushed }: Run, code: number): Promise<void> {
  await Promise.race([flushed(), sleep(world.clock, limits.flushMs)]);
  io.exit(code);
}
