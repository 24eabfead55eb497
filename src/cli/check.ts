/** `check`: everything that is wrong with a configuration, before it is deployed. */
import { type Command, Option } from 'commander';
import type { CollectConfig, Config } from '../config/config.ts';
import { formatProblem } from '../config/explain.ts';
import { loadAnyConfig } from '../config/load.ts';
import type { Problem } from '../config/problem.ts';
import { durationText } from '../values/duration.ts';
import { collect } from './configuration.ts';
import { exitCode, type Io } from './io.ts';

/** Asks the convertor and the dashboards; sentences about those that did not answer as they should. */
export type AskPeers = (config: Config | CollectConfig) => Promise<readonly string[]>;

type Options = {
  readonly config: readonly string[];
  readonly online?: true;
  readonly strict?: true;
  readonly format: 'text' | 'json';
};

const examples = `
Examples:
  $ cloudmon-reporter check -c config.yaml
  $ cloudmon-reporter check -c config.yaml --online           # does everybody answer?
  $ cloudmon-reporter check -c config.yaml --strict --format json  # before a deployment`;

export function addCheck(program: Command, io: Io, askPeers: AskPeers): void {
  program
    .command('check')
    .description('validate the configuration, all problems at once')
    .requiredOption(
      '-c, --config <file>',
      'configuration; repeatable, later wins; a folder means its *.yaml',
      collect,
    )
    .option('--online', 'also ask the convertor and each dashboard; exit code 1 if one does not answer')
    .option('--strict', 'exit code 3 on warnings')
    .addOption(new Option('--format <format>', 'how to print').choices(['text', 'json']).default('text'))
    .addHelpText('after', examples)
    .action(async (options: Options) => {
      const { config, problems } = await loadAnyConfig(options.config, io.env);
      const code = codeOf(config, problems, options);
      const isAsked = config !== undefined && options.online === true && code === exitCode.ok;
      const silent = isAsked ? await askPeers(config) : [];
      const print = options.format === 'json' ? asJson : asText;
      io.print(print({ config, problems, silent, isAsked }));
      io.setExitCode(silent.length > 0 ? exitCode.failed : code);
    });
}

type Result = {
  readonly config: Config | CollectConfig | undefined;
  readonly problems: readonly Problem[];
  /** Sentences about peers that did not answer, or not as they should. */
  readonly silent: readonly string[];
  readonly isAsked: boolean;
};

function codeOf(config: Result['config'], problems: readonly Problem[], { strict }: Options): number {
  if (!config) return exitCode.badConfiguration;
  return strict && problems.length > 0 ? exitCode.warnings : exitCode.ok;
}

function asText({ config, problems, silent, isAsked }: Result): string {
  const lines = [...problems.map(formatProblem), ...silent];
  const parts = [...(config ? [outline(config)] : []), ...counts(problems)];
  if (isAsked)
    parts.push(silent.length === 0 ? 'every peer answered' : `${count(peersIn(silent), 'peer')} failed`);
  return `${[...lines, parts.join(', ')].join('\n')}\n`;
}

/** Each sentence begins with whom it is about, and there may be several about one. */
function peersIn(sentences: readonly string[]): number {
  return new Set(sentences.map((sentence) => sentence.split(': ', 1)[0])).size;
}

function asJson({ config, problems, silent, isAsked }: Result): string {
  const result = {
    valid: config !== undefined,
    problems: problems.map(({ level, where, key, message, remedy }) => ({
      level,
      ...where,
      key,
      message,
      remedy,
    })),
    ...(config &&
      'reporter' in config && {
        targets: config.reporter.targets.length,
        dashboards: config.dashboards.map(({ name, kind }) => ({ name, kind })),
      }),
    ...(config?.collector && {
      collector: {
        address: config.collector.address,
        port: config.collector.port,
        sources: config.collector.sources.length,
      },
    }),
    ...(isAsked && { silent }),
  };
  return `${JSON.stringify(result, undefined, 2)}\n`;
}

/** What is configured, in a few words. */
function outline(config: Config | CollectConfig): string {
  const reporter = 'reporter' in config ? [reporterOutline(config)] : [];
  return [...reporter, ...(config.collector ? [collectorOutline(config.collector)] : [])].join(', ');
}

function collectorOutline({ address, port, sources, health }: CollectConfig['collector']): string {
  const asked = health
    ? `, health of ${count(health.services.length, 'service')} from ${health.datasource.type}`
    : '';
  return `collector on ${address}:${port} with ${count(sources.length, 'source')}${asked}`;
}

function reporterOutline({ reporter, dashboards }: Config): string {
  const named = dashboards.map(({ name, kind }) => `${JSON.stringify(name)} (${kind})`).join(', ');
  const targets = count(reporter.targets.length, 'target');
  const word = dashboards.length === 1 ? 'dashboard' : 'dashboards';
  return `${targets} every ${durationText(reporter.pollIntervalMs)}, ${word} ${named}`;
}

function counts(problems: readonly Problem[]): readonly string[] {
  return (['error', 'warning'] as const).flatMap((level) => {
    const found = problems.filter((problem) => problem.level === level).length;
    return found > 0 ? [count(found, level)] : [];
  });
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
