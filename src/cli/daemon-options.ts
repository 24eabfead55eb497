/** The options of every command that runs until a signal. */
import { type Command, Option } from 'commander';
import { logLevels } from '../app/settings.ts';
import { port } from './port.ts';

export function addDaemonOptions(command: Command): Command {
  return command
    .option('--strict', 'refuse to start on warnings')
    .option('--watch-config', "reload when a file's content changes")
    .addOption(new Option('--log-level <level>', 'the least level that is logged').choices(logLevels))
    .addOption(
      new Option('--log-format <format>', 'auto: pretty on a terminal, else a JSON object a line').choices([
        'auto',
        'json',
        'pretty',
      ]),
    )
    .option(
      '--metrics-port <port>',
      'turn the telemetry on: metrics, health and pages; 0 turns it off',
      port,
    );
}
