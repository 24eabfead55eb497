/** `uptime`: how available each target was in a month. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Report } from '../history/availability.ts';
import { openZones, type Zone } from '../maintenance/zone.ts';
import { systemClock } from '../model/clock.ts';
import { collect } from './configuration.ts';
import { findHistory, monthsText, readingFiles } from './history-place.ts';
import type { Io } from './io.ts';

type UptimeOptions = {
  readonly config: readonly string[];
  readonly month?: string;
  readonly format: 'table' | 'json' | 'csv' | 'html';
  readonly timeZone: Named;
  readonly service?: readonly string[];
  readonly environment?: readonly string[];
};

type Named = { readonly name: string; readonly zone: Zone };

const examples = `
Examples:
  $ cloudmon-reporter uptime -c config.yaml
  $ cloudmon-reporter uptime -c config.yaml --month 2026-10 --time-zone Europe/Berlin
  $ cloudmon-reporter uptime -c config.yaml --month 2026-10 --format html > 2026-10.html`;

export function addUptime(program: Command, io: Io): void {
  program
    .command('uptime')
    .description('how available each target was in a month')
    .requiredOption('-c, --config <file>', 'configuration; repeatable, later wins', collect)
    .option('--month <month>', 'such as 2026-10; default: the one under way', month)
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'csv', 'html'])
        .default('table'),
    )
    .addOption(
      new Option('--time-zone <name>', 'whose month, such as Europe/Berlin')
        .argParser(timeZone)
        .default({ name: 'UTC', zone: openZones()('UTC') }, 'UTC'),
    )
    .option('--service <glob>', 'only these; repeatable', collect)
    .option('--environment <glob>', 'only these; repeatable', collect)
    .addHelpText('after', examples)
    .action(async (options: UptimeOptions) => {
      const place = await findHistory(options.config, io);
      if (!place) return;
      const { directory } = place;
      const { reportUptime } = await import('../history/uptime.ts');
      await readingFiles(io, async () => {
        const report = await reportUptime({
          directory,
          month: options.month,
          timeZone: options.timeZone.name,
          zone: options.timeZone.zone,
          nowMs: systemClock.now(),
          services: options.service ?? ['*'],
          environments: options.environment ?? ['*'],
        });
        if (report.targets.length === 0) return sayNothing(directory, report, io);
        io.print(await printed(report, options.format));
      });
    });
}

async function sayNothing(directory: string, { month, toMs, fromMs }: Report, io: Io): Promise<void> {
  const why = toMs <= fromMs ? `${month} has not begun.` : `There is no history of such targets in ${month}.`;
  io.printError(`${why} ${await monthsText(directory)}\n`);
}

async function printed(report: Report, format: UptimeOptions['format']): Promise<string> {
  if (format === 'html') return (await import('../history/uptime-page.ts')).uptimePage(report);
  if (format === 'table') return (await import('../history/uptime-text.ts')).uptimeTable(report);
  const { uptimeCsv, uptimeJson } = await import('../history/uptime-data.ts');
  return format === 'csv' ? uptimeCsv(report) : uptimeJson(report);
}

function month(written: string): string {
  if (/^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/.test(written)) return written;
  throw new InvalidArgumentError('Write a month such as 2026-10.');
}

function timeZone(name: string): Named {
  try {
    return { name, zone: openZones()(name) };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidArgumentError('Write an IANA name such as Europe/Berlin.');
  }
}
