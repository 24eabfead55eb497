#!/usr/bin/env node
/** The command line: one file per command, each thin. */
import { Command, CommanderError } from 'commander';
import { askPeers } from '../app/peers.ts';
import { systemClock } from '../model/clock.ts';
import { addCheck } from './check.ts';
import { addCollect } from './collect.ts';
import { addConfig } from './config.ts';
import { addDemo } from './demo.ts';
import { addHealthcheck } from './healthcheck.ts';
import { exitCode, type Io, processIo } from './io.ts';
import { addLog } from './log.ts';
import { addPush } from './push.ts';
import { addRun } from './run.ts';
import { addSchema } from './schema.ts';
import { addStatus } from './status.ts';
import { addToken } from './token.ts';
import { addUptime } from './uptime.ts';

/** Put in by build.js. */
declare const PROGRAM_VERSION: string;

const examples = `
Examples:
  $ cloudmon-reporter demo                          # see it work, nothing else needed
  $ cloudmon-reporter check -c config.yaml --online
  $ cloudmon-reporter -c config.yaml                # the same as: run -c config.yaml

Each command has its own --help. Documentation: README.md, docs/configuration.md, docs/operating.md`;

const jsonIsMeant = 'commands that print JSON do so with --format json';

async function main(io: Io): Promise<void> {
  io.onCrash((error) => {
    const { stack } = error instanceof Error ? error : new Error(String(error));
    io.printError(`This is a bug, please report it: ${stack}\n`);
    io.exit(exitCode.bug);
  });
  const program = new Command('cloudmon-reporter')
    .description('Turns service health into honest status pages.')
    .version(io.host.version)
    .addHelpText('after', examples)
    .showHelpAfterError('See cloudmon-reporter --help, or try: cloudmon-reporter demo')
    .hook('preSubcommand', refuseUnknownCommand)
    .configureOutput({
      writeOut: io.print,
      writeErr: io.printError,
      outputError: (text, write) => write(text.replace("option '--json'", `$&; ${jsonIsMeant}`)),
    })
    .exitOverride();
  addRun(program, io);
  addCheck(program, io, (config) => askPeers(config, systemClock));
  for (const add of [addStatus, addLog, addUptime, addConfig, addSchema, addToken]) add(program, io);
  for (const add of [addCollect, addPush, addHealthcheck, addDemo]) add(program, io);
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    io.setExitCode(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
  }
}

/** Else `run`, the default command, would complain that it lacks its configuration. */
function refuseUnknownCommand(program: Command): void {
  const [first = '-'] = program.args;
  if (first.startsWith('-') || program.commands.some((command) => command.name() === first)) return;
  program.error(`error: unknown command '${first}'; a configuration is named with -c`);
}

await main(processIo(PROGRAM_VERSION));
