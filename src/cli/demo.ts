/** `demo`: the whole chain in one process on loopback, with a story of services that fail. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { startDaemon } from '../app/daemon.ts';
import { type LogSettings, logLevels } from '../app/settings.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import type { DemoReporterSettings } from '../demo/demo.ts';
import { systemClock } from '../model/clock.ts';
import { exitCode, type Io } from './io.ts';
import { port } from './port.ts';
import { prepareRun } from './run-parts.ts';

type DemoOptions = { readonly port: number; readonly logLevel: LogSettings['level'] };

const examples = `
Examples:
  $ cloudmon-reporter demo
  $ cloudmon-reporter demo --port 8080 --log-level info  # with the reporter's own log`;

export function addDemo(program: Command, io: Io): void {
  program
    .command('demo')
    .description('try it: a convertor, a dashboard and the reporter on loopback, with a story to watch')
    .option('--port <port>', 'port of the page; 0: a free one', port, 0)
    .addOption(
      new Option('--log-level <level>', "of the reporter's own log").choices(logLevels).default('error'),
    )
    .addHelpText('after', examples)
    .action((options: DemoOptions) => runDemo(options, io));
}

async function runDemo(options: DemoOptions, io: Io): Promise<void> {
  // Only here: a reporter at work never loads the fake world.
  const { startDemo } = await import('../demo/demo.ts');
  const demo = await startDemo({
    port: options.port,
    clock: systemClock,
    print: io.print,
    startReporter: (settings) => startReporter(settings, options, io),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'listen') throw error;
    io.printError(`Port ${options.port} cannot be had (${error.code}): choose another with --port.\n`);
  });
  if (!demo) return io.setExitCode(exitCode.failed);
  let isEnding = false;
  io.onSignal(['SIGTERM', 'SIGINT'], () => {
    if (isEnding) return io.exit(exitCode.failed);
    isEnding = true;
    void demo.stop().then(() => io.exit(exitCode.ok));
  });
}

/** As a user would start it: from a file. */
async function startReporter(settings: DemoReporterSettings, { logLevel }: DemoOptions, io: Io) {
  const folder = await mkdtemp(join(tmpdir(), 'cloudmon-reporter-demo-'));
  try {
    const file = join(folder, 'config.yaml');
    await writeFile(file, JSON.stringify(configurationOf(settings)));
    const { config } = await loadConfig([file], {});
    if (!config) throw new Error('the configuration of the demo is broken');
    return await start(config, file, logLevel, io);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function start(config: Config, file: string, logLevel: LogSettings['level'], io: Io) {
  const run = prepareRun(config, { config: [file], logLevel }, io);
  const { telemetry, ...rest } = run.adapt(config);
  return startDaemon({ ...rest, telemetry: { ...telemetry, port: 0 } }, run.log, run.world);
}

/** JSON is YAML, too. */
function configurationOf(settings: DemoReporterSettings): object {
  return {
    convertor: { url: settings.convertorUrl },
    status_dashboard: { url: settings.dashboardUrl, secret: settings.secret },
    reporter: { poll_interval: settings.pollIntervalSeconds, services: settings.targets },
  };
}
