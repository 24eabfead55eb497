/** `status`: what is open and what is held back, from the state files, whether or not the daemon runs. */
import { type Command, Option } from 'commander';
import { escapeCharacter } from '../app/line-guard.ts';
import {
  type UndecidedDashboard,
  type UnownedIncidents,
  undecidedDashboards,
  unownedIncidents,
} from '../app/noticed.ts';
import {
  type OpenIncident,
  openIncidents,
  type UnderMaintenance,
  underMaintenance,
} from '../app/open-incidents.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/load.ts';
import { openMaintenance } from '../maintenance/windows.ts';
import { systemClock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { seeStateDirectory } from '../state/directory.ts';
import { readStore, type Unread } from '../state/store.ts';
import { textBlocks } from './blocks.ts';
import { collect, loadOrRefuse } from './configuration.ts';
import { exitCode, type Io } from './io.ts';
import { textTable } from './table.ts';

type Options = { readonly config: readonly string[]; readonly format: 'text' | 'json' };

type Report = {
  readonly directory: string;
  readonly incidents: readonly OpenIncident[];
  readonly maintenance: readonly UnderMaintenance[];
  readonly unowned: readonly UnownedIncidents[];
  readonly undecided: readonly UndecidedDashboard[];
  /** What the state held and is not in here. */
  readonly unread?: Unread;
};

/** Of each list in the text; --format json has them all. */
const listedMax = 20;

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
      try {
        const report = await reportOf(config, io.env['STATE_DIRECTORY']);
        if (report && show(report, options.format, io)) return;
        if (!report) io.printError(noState);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        io.printError(`The state cannot be read: ${error.message}\n`);
      }
      io.setExitCode(exitCode.failed);
    });
}

/** Returns whether something could be read. */
function show(report: Report, format: Options['format'], io: Io): boolean {
  const { unread } = report;
  io.print(format === 'json' ? asJson(report) : asText(report, io.columnsCount()));
  if (unread) io.printError(`${oneLine(warningOf(unread))}\n`);
  return unread?.what !== 'all';
}

/** Undefined where nothing is kept. */
async function reportOf(config: Config, fromEnvironment: string | undefined): Promise<Report | undefined> {
  const directory = await seeStateDirectory(config.reporter.stateDir, fromEnvironment);
  if (directory === undefined) return undefined;
  let unread: Unread | undefined;
  const kept = await readStore(directory, (told) => {
    unread = told;
  });
  const known = { config, windows: await openMaintenance(config.maintenance), nowMs: systemClock.now() };
  return {
    directory,
    incidents: openIncidents(kept, known),
    maintenance: underMaintenance(kept, known),
    unowned: unownedIncidents(kept),
    undecided: undecidedDashboards(kept),
    ...(unread && { unread }),
  };
}

const noState = `There is no state: /var/lib/cloudmon-reporter cannot be written, and STATE_DIRECTORY is not set.
Name the folder of the daemon in reporter.state_dir or in STATE_DIRECTORY, or run this as its user.
`;

function warningOf({ what, text }: Unread): string {
  return what === 'all' ? `The state cannot be read: ${text}` : `Not all of the state could be read: ${text}`;
}

/** @param columnsCount of the terminal; undefined: as wide as it may be */
function asText(report: Report, columnsCount: number | undefined): string {
  const { directory, incidents, maintenance, unowned, undecided, unread } = report;
  const lines = [
    ...undecided.map(({ dashboard, why }) => `Dashboard ${dashboard}: ${why}`),
    ...maintenance.slice(0, listedMax).map(({ service, environment, until, reason }) => {
      return `Under maintenance until ${until}: ${service} in ${environment}${reason === undefined ? '' : `: ${reason}`}`;
    }),
    ...more(maintenance, 'under maintenance'),
    ...unowned.flatMap(({ dashboard, incidents: found }) => [
      ...found.slice(0, listedMax).map(({ title, reference }) => {
        return `Not ours, and left alone, on ${dashboard}: ${JSON.stringify(title)} (${reference})`;
      }),
      ...more(found, `not ours on ${dashboard}`),
    ]),
    ...(unread?.what === 'some' ? [`What else is open is not known: ${unread.text}`] : []),
    ...(unread?.what === 'all' ? [] : [`From the state in ${directory}.`]),
  ];
  const open = incidents.length > 0 ? tableOf(incidents, columnsCount) : `${oneLine(nothingOf(report))}\n`;
  return [open, ...lines.map((line) => `${oneLine(line)}\n`)].join('');
}

/** That nothing is open is only said where everything is known. */
function nothingOf({ unread, undecided }: Report): string {
  if (!unread) return undecided.length > 0 ? 'Nothing is open where the kind is known.' : 'Nothing is open.';
  return unread.what === 'all'
    ? `Nothing is known: ${unread.text}`
    : 'Of what could be read, nothing is open.';
}

function more(list: readonly unknown[], what: string): readonly string[] {
  return list.length > listedMax ? [`And ${list.length - listedMax} more ${what}`] : [];
}

function tableOf(incidents: readonly OpenIncident[], columnsCount = Number.POSITIVE_INFINITY): string {
  const head = ['DASHBOARD', 'COMPONENT', 'STATUS', 'NOW', 'SINCE', 'TOLD', 'REFERENCE', 'HELD BACK'];
  const rows = incidents.map((incident) => [
    incident.dashboard,
    `${incident.component} (${incident.service}, ${incident.environment})`,
    incident.word,
    incident.now ?? '-',
    incident.since,
    incident.told ?? 'never',
    incident.reference ?? '-',
    incident.held.map(({ text }) => text).join('; ') || '-',
  ]);
  const cells = [head, ...rows].map((row) => row.map(oneLine));
  const table = textTable(cells);
  const isTooWide = table.split('\n').some((line) => line.length > columnsCount);
  return isTooWide ? textBlocks(cells, columnsCount) : table;
}

function asJson(report: Report): string {
  const text = JSON.stringify(report, undefined, 2);
  return `${text.replace(/[\u007f-\u009f\u2028\u2029]/g, escapeCharacter)}\n`;
}

/** What dashboards say must not move the cursor of a terminal. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}
