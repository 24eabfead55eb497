/** `token`: prints the signed token that a dashboard would be sent. */
import { type Command, InvalidArgumentError } from 'commander';
import { loadConfig } from '../config/load.ts';
import { signedToken } from '../dashboards/kinds.ts';
import { systemClock } from '../model/clock.ts';
import type { AlarmStatus } from '../model/status.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { exitCode, type Io } from './io.ts';

type TokenOptions = {
  readonly config: readonly string[];
  readonly service: string;
  readonly environment: string;
  readonly status: AlarmStatus;
  readonly dashboard: string;
};

const examples = `
Example:
  $ cloudmon-reporter token -c config.yaml --service api --environment production --status 1

Who has the token can report this status of this service: treat it like a secret.`;

export function addToken(program: Command, io: Io): void {
  program
    .command('token')
    .description('print the signed token that a dashboard would be sent')
    .requiredOption('-c, --config <file>', 'configuration; repeatable, later wins', collect)
    .requiredOption('--service <name>', 'as the convertor calls it')
    .requiredOption('--environment <name>', 'as the convertor calls it')
    .requiredOption('--status <1..3>', '1 degraded, 2 outage, 3 critical', alarmStatus)
    .option('--dashboard <name>', 'as the configuration names it', 'default')
    .addHelpText('after', examples)
    .action(async (options: TokenOptions) => {
      const config = await loadOrRefuse(loadConfig, options.config, io, false);
      if (!config) return;
      const settings = config.dashboards.find(({ name }) => name === options.dashboard);
      const token = settings && signedToken(settings, options, systemClock.now());
      if (!token) {
        const names = config.dashboards.map(({ name, kind }) => `${name} (${kind})`).join(', ');
        io.printError(`No dashboard "${options.dashboard}" that signs with a secret. There are: ${names}.\n`);
        io.setExitCode(exitCode.usage);
        return;
      }
      io.print(`${await token}\n`);
    });
}

function alarmStatus(text: string): AlarmStatus {
  const status = Number(text);
  if (status === 1 || status === 2 || status === 3) return status;
  throw new InvalidArgumentError('A status is 1, 2 or 3.');
}
