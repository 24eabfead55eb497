/** `log`: the audit trail, what was observed, decided, sent and answered. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { Config } from '../config/config.ts';
import { rfc3339, systemClock } from '../model/clock.ts';
import { decodeDuration } from '../values/duration.ts';
import { Wrong } from '../values/facts.ts';
import { matchesGlob } from '../values/glob.ts';
import { decodeMoment } from '../values/moment.ts';
import { collect } from './configuration.ts';
import { findHistory, monthsText, readingFiles } from './history-place.ts';
import { exitCode, type Io } from './io.ts';

type LogOptions = {
  readonly config: readonly string[];
  readonly since?: number;
  readonly until?: number;
  readonly service?: readonly string[];
  readonly environment?: readonly string[];
  readonly dashboard?: readonly string[];
  readonly format: 'text' | 'json';
  readonly limit?: number;
};

const examples = `
Oldest first. --service, --environment and --dashboard may be repeated, and * in them is any text.

Examples:
  $ cloudmon-reporter log -c config.yaml --since 2h
  $ cloudmon-reporter log -c config.yaml --service api --since 2026-10-05T12:00:00Z --until 2026-10-05T14:00:00Z
  $ cloudmon-reporter log -c config.yaml --dashboard public --format json --limit 20`;

export function addLog(program: Command, io: Io): void {
  const nowMs = systemClock.now();
  const moment = (written: string) => momentOf(written, nowMs);
  program
    .command('log')
    .description('the audit trail: what was observed, decided, sent and answered')
    .requiredOption('-c, --config <file>', 'configuration; repeatable, later wins', collect)
    .option('--since <time>', 'RFC 3339, or a duration before now such as 2h', moment)
    .option('--until <time>', 'the same', moment)
    .option('--service <glob>', 'only these', collect)
    .option('--environment <glob>', 'only these', collect)
    .option('--dashboard <glob>', 'only what these were told', collect)
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .option('--limit <count>', 'only the newest', count)
    .addHelpText('after', examples)
    .action(async (options: LogOptions, command: Command) => {
      const { since: fromMs = 0, until: toMs = nowMs, format, limit: countMax } = options;
      if (fromMs > toMs) command.error(wrongOrder(fromMs, options.until), { exitCode: exitCode.usage });
      const place = await findHistory(options.config, io);
      if (!place) return;
      const { directory, config } = place;
      warnOfUnknown(options.dashboard, config, io);
      const { printTrail } = await import('../history/print-trail.ts');
      const { service: services, environment: environments, dashboard: dashboards } = options;
      const wanted = { fromMs, toMs, services, environments, dashboards, format, countMax };
      await readingFiles(io, async () => {
        let isPrinted = false;
        const damagedCount = await printTrail(directory, wanted, (text) => {
          isPrinted = true;
          io.print(text);
        });
        if (!isPrinted) io.printError(`Nothing of that kind has happened. ${await monthsText(directory)}\n`);
        if (damagedCount > 0) io.printError(`Damaged lines that were skipped: ${damagedCount}.\n`);
      });
    });
}

/** @param toMs undefined where nothing is said */
function wrongOrder(fromMs: number, toMs: number | undefined): string {
  if (toMs === undefined) return `error: --since ${rfc3339(fromMs)} is in the future`;
  return `error: --since ${rfc3339(fromMs)} is after --until ${rfc3339(toMs)}: swap them`;
}

/** What is no longer configured may have been told earlier: so it is only a warning. */
function warnOfUnknown(globs: LogOptions['dashboard'] = [], { dashboards }: Config, io: Io): void {
  const names = dashboards.map(({ name }) => name);
  for (const glob of globs) {
    if (names.some((name) => matchesGlob(glob, name))) continue;
    const list = names.slice(0, namedMax).join(', ');
    io.printError(`No dashboard ${JSON.stringify(glob)} is configured now; there are ${list}.\n`);
  }
}

/** Dashboards in a sentence. */
const namedMax = 20;

const beginning = { min: '1s', max: '400d' };

function momentOf(written: string, nowMs: number): number {
  const beforeMs = decodeDuration(written, beginning);
  if (!(beforeMs instanceof Wrong)) return nowMs - beforeMs;
  const atMs = decodeMoment(written);
  if (!(atMs instanceof Wrong)) return atMs;
  throw new InvalidArgumentError('Write a time such as 2026-10-05T12:00:00Z, or a duration such as 2h.');
}

function count(written: string): number {
  if (/^[1-9]\d{0,6}$/.test(written)) return Number(written);
  throw new InvalidArgumentError('Write a number from 1 to 9999999.');
}
