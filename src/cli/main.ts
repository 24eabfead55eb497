#!/usr/bin/env node
/** The command line: one file per command, each thin. */
import { Command, CommanderError } from 'commander';
import { askPeers } from '../app/peers.ts';
import { systemClock } from '../model/clock.ts';
import { addCheck } from './check.ts';
import { addConfig } from './config.ts';
import { addDemo } from './demo.ts';
import { addHealthcheck } from './healthcheck.ts';
import { exitCode, type Io, processIo } from './io.ts';
import { addRun } from './run.ts';
import { addSchema } from './schema.ts';
import { addToken } from './token.ts';

declare const PROGRAM_VERSION: string;

async function main(io: Io): Promise<void> {
  const program = new Command('cloudmon-reporter')
    .description('Turns service health into honest status pages.')
    .version(PROGRAM_VERSION)
    .configureOutput({ writeOut: io.print, writeErr: io.printError })
    .exitOverride();
  for (const add of [addRun, addDemo, addConfig, addSchema, addToken, addHealthcheck]) add(program, io);
  addCheck(program, io, (config) => askPeers(config, systemClock));
  try {
    await program.parseAsync();
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    io.setExitCode(error.exitCode === 0 ? exitCode.ok : exitCode.usage);
  }
}

await main(processIo);
