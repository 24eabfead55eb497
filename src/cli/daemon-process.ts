/**
 * The daemon as a process: signals, reloads, the end.
 *
 * SIGTERM and SIGINT drain, a second one ends at once; SIGHUP reloads. As PID 1 the kernel
 * delivers only signals that are handled, so these handlers are what makes a container stop.
 */
import { startDaemon } from '../app/daemon.ts';
import { contentMark, watchFiles } from '../app/watch.ts';
import type { Config } from '../config/config.ts';
import { formatProblem } from '../config/explain.ts';
import { loadConfig } from '../config/load.ts';
import { sleep } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { exitCode } from './io.ts';
import type { Run } from './run-parts.ts';

export async function runDaemon(config: Config, run: Run): Promise<void> {
  const { io, log, world } = run;
  const ending = new AbortController();
  io.onCrash((error) => void end(exitCode.bug, error));
  // Node would open its inspector at this signal.
  io.onSignal(['SIGUSR1'], () => undefined);
  const mark = run.options.watchConfig ? await contentMark(config.files) : '';
  const daemon = await startDaemon(config, log, world);
  let files = config.files;
  let reloading: Promise<void> = Promise.resolve();

  io.onSignal(['SIGTERM', 'SIGINT'], (signal) => {
    if (ending.signal.aborted) return io.exit(exitCode.failed);
    log.info({ signal }, 'Stopping: deliveries under way have 4 s');
    ending.abort();
    void daemon.stop().then(() => end(exitCode.ok));
  });
  const reload = () => {
    reloading = reloading.then(reloadOnce);
    return reloading;
  };
  io.onSignal(['SIGHUP'], () => void reload());
  if (run.options.watchConfig) {
    void watchFiles(mark, () => files, reload, world.clock, ending.signal);
  }
  await daemon.ended;

  async function reloadOnce(): Promise<void> {
    if (ending.signal.aborted) return;
    const { config: next, problems } = await loadConfig(run.options.config, io.env);
    const errors = problems.filter((problem) => problem.level === 'error');
    const isRefused = run.options.strict === true && problems.length > 0;
    if (!next || isRefused) {
      const [first] = errors.length > 0 ? errors : problems;
      const why = first ? formatProblem(first) : 'unknown';
      log.error({ problems: problems.length }, `Configuration is broken, the old one stays: ${why}`);
      return;
    }
    for (const problem of problems) log.warn(formatProblem(problem));
    run.guard(next);
    files = next.files;
    const adapted = run.adapt(next);
    log.level = adapted.log.level;
    daemon.reload(adapted);
    log.info('Configuration was reloaded');
  }

  /** Says why, waits a moment for the log's reader, ends the process. */
  async function end(code: number, error?: unknown): Promise<void> {
    if (code === exitCode.bug) {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      log.fatal({ error: name, stack }, `This is a bug, please report it: ${message}`);
    } else {
      log.info('Stopped');
    }
    await Promise.race([run.flushed(), sleep(world.clock, limits.flushMs)]);
    io.exit(code);
  }
}
