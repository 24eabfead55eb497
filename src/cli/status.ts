/** `status`: what is open and what is held back, from the state files, whether or not the daemon runs. */
import { type Command, Option } from 'commander';
import { escapeCharacter } from '../app/line-guard.ts';
import {
  type OpenIncident,
  openIncidents,
  type UnownedIncidents,
  unownedIncidents,
} from '../app/open-incidents.ts';
import { loadConfig } from '../config/load.ts';
import { openMaintenance } from '../maintenance/windows.ts';
import { systemClock } from '../model/clock.ts';
import { findStateDirectory } from '../state/directory.ts';
import { readStore } from '../state/store.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { exitCode, type Io } from './io.ts';
import { textTable } from './table.ts';

type Options = { readonly config: readonly string[]; readonly format: 'text' | 'json' };

type Report = {
  readonly directory: string;
  readonly incidents: readonly OpenIncident[];
  readonly unowned: readonly UnownedIncidents[];
};

const examples = `
Examples:
  $ cloudmon-reporter status -c config.yaml
  $ cloudmon-reporter status -c config.yaml --format json

It only reads the state: it asks nobody, and the daemon may run meanwhile.`;

export function addStatus(program: Command, io: Io): void {
  program
    .command('status')
    .description('list what is open on the dashboards and what is held back')
    .requiredOption('-c, --config <file>', 'configuration; repeatable, later wins', collect)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const config = await loadOrRefuse(loadConfig, options.config, io, false);
      if (!config) return;
      const { stateDir } = config.reporter;
      const directory = await findStateDirectory(stateDir, io.env['STATE_DIRECTORY']);
      if (directory === undefined) {
        io.printError(noState(stateDir));
        io.setExitCode(exitCode.failed);
        return;
      }
      const kept = await readStore(directory);
      const windows = await openMaintenance(config.maintenance);
      const incidents = openIncidents(kept, { config, windows, nowMs: systemClock.now() });
      const report = { directory, incidents, unowned: unownedIncidents(kept) };
      io.print(options.format === 'json' ? asJson(report) : asText(report));
    });
}

function noState(setting: string): string {
  const why =
    setting === 'auto'
      ? '/var/lib/cloudmon-reporter cannot be written and $STATE_DIRECTORY is not set'
      : `${setting} cannot be had`;
  return `There is no state: ${why}. Name the folder in reporter.state_dir, or run this as the user of the daemon.\n`;
}

function asText({ directory, incidents, unowned }: Report): string {
  const head = ['DASHBOARD', 'COMPONENT', 'STATUS', 'SINCE', 'TOLD', 'REFERENCE', 'HELD BACK'];
  const rows = incidents.map((incident) => [
    incident.dashboard,
    `${incident.component} (${incident.service}, ${incident.environment})`,
    incident.word,
    incident.since,
    incident.told ?? 'never',
    incident.reference ?? '-',
    incident.held.map(({ text }) => text).join('; ') || '-',
  ]);
  const open =
    rows.length > 0 ? textTable([head, ...rows].map((row) => row.map(oneLine))) : 'Nothing is open.\n';
  const notOurs = unowned.map(({ dashboard, incidents: found }) => {
    const titles = found.map(({ title, reference }) => `${JSON.stringify(title)} (${reference})`).join(', ');
    return `${oneLine(`Not ours, and left alone, on ${dashboard}: ${found.length}: ${titles}`)}\n`;
  });
  return [open, ...notOurs, `From the state in ${directory}.\n`].join('');
}

function asJson(report: Report): string {
  const text = JSON.stringify(report, undefined, 2);
  return `${text.replace(/[\u007f-\u009f\u2028\u2029]/g, escapeCharacter)}\n`;
}

/** What dashboards say must not move the cursor of a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
