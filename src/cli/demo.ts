/** `demo`: the whole chain in one process on loopback, with a story of services that fail. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { type Daemon, startDaemon } from '../app/daemon.ts';
import { type LogSettings, logLevels } from '../app/settings.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { systemChance } from '../model/chance.ts';
import { systemClock } from '../model/clock.ts';
import type { Reading } from '../model/reading.ts';
import { exitCode, type Io } from './io.ts';
import { port } from './port.ts';
import { prepareRun } from './run-parts.ts';

type DemoOptions = { readonly port: number; readonly logLevel: LogSettings['level'] };

const examples = `
Examples:
  $ cloudmon-reporter demo
  $ cloudmon-reporter demo --port 8080 --log-level info  # with the reporter's own log`;

const patienceMs = 700;

export function addDemo(program: Command, io: Io): void {
  program
    .command('demo')
    .description(
      'try it: a shop, a collector, the reporter and a dashboard on loopback, with a story to watch',
    )
    .option('--port <port>', 'port of the page; 0: a free one', port, 0)
    .addOption(
      new Option('--log-level <level>', "of the reporter's own log").choices(logLevels).default('error'),
    )
    .addHelpText('after', examples)
    .action((options: DemoOptions) => runDemo(options, io));
}

async function runDemo(options: DemoOptions, io: Io): Promise<void> {
  // Only here: a reporter at work never loads the fake world, nor the library of those who push.
  const { startDemo } = await import('../demo/demo.ts');
  const { demoConfiguration } = await import('../demo/configuration.ts');
  const { Client } = await import('../client/client.ts');
  const demo = await startDemo({
    port: options.port,
    clock: systemClock,
    chance: systemChance,
    print: io.print,
    startDaemon: (settings, hear) => startFrom(demoConfiguration(settings), hear, options, io),
    openClient: (collectorUrl) => new Client(collectorUrl, { batch: { everyMs: 250 } }),
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.syscall !== 'listen') throw error;
    io.printError(`Port ${options.port} cannot be had (${error.code}): choose another with --port.\n`);
  });
  if (!demo) return io.setExitCode(exitCode.failed);
  let isEnding = false;
  io.onSignal(['SIGTERM', 'SIGINT'], () => {
    if (isEnding) return io.exit(exitCode.failed);
    isEnding = true;
    const end = () => io.exit(exitCode.ok);
    // A report may wait for its next attempt: of a fake world nothing is left that it could tell.
    systemClock.after(patienceMs, end);
    void demo.stop().then(end);
  });
}

/** As a user would start it: from a file. */
async function startFrom(
  configuration: object,
  hear: (reading: Reading) => void,
  { logLevel }: DemoOptions,
  io: Io,
): Promise<Daemon> {
  const folder = await mkdtemp(join(tmpdir(), 'cloudmon-reporter-demo-'));
  try {
    const file = join(folder, 'config.yaml');
    // JSON is YAML, too.
    await writeFile(file, JSON.stringify(configuration));
    const { config } = await loadConfig([file], {});
    if (!config) throw new Error('the configuration of the demo is broken');
    const { log, world, adapt } = prepareRun(config, { config: [file], logLevel }, io);
    const { journal } = world;
    const read = (reading: Reading) => {
      journal.read(reading);
      hear(reading);
    };
    return await startDaemon(onFreePorts(adapt(config)), log, {
      ...world,
      keeps: { ...world.keeps, find: async () => undefined },
      journal: { ...journal, read },
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Which no file can ask for. */
function onFreePorts(config: Config): Config {
  const { telemetry, collector } = config;
  return {
    ...config,
    telemetry: { ...telemetry, port: 0 },
    ...(collector && { collector: { ...collector, port: 0 } }),
  };
}
