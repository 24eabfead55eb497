/**
 * Loads the configuration: files, conf.d, environment, files with values; all problems at once.
 *
 * Nothing that an operator can write makes it throw, and no message holds a secret.
 */
import { resolve } from 'node:path';
import { logSchema } from '../app/settings.ts';
import { convertorSchema } from '../convertor/settings.ts';
import { connectionWarnings } from '../http/settings.ts';
import { systemClock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import { reporterSchema } from '../reporter/settings.ts';
import {
  telemetryErrors,
  telemetrySchema,
  telemetrySettings,
  telemetryWarnings,
} from '../telemetry/settings.ts';
import { bareTls } from './bare-tls.ts';
import { type CloudMon, readCloudMon } from './cloudmon.ts';
import type { Config } from './config.ts';
import { decodeDashboards } from './dashboards.ts';
import { decodeSection } from './decode.ts';
import { deriveConvertorUrl } from './derive.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readSources, type Sources } from './files.ts';
import { emptyMap, type LocatedMap } from './located.ts';
import { addLogLevel } from './log-level.ts';
import { mergeTrees } from './merge.ts';
import { parseText } from './parse.ts';
import { inReadingOrder, type Problem } from './problem.ts';
import { rootShape } from './schema.ts';
import { nameFiles, readFiles } from './secret-files.ts';
import { sectionOf } from './sections.ts';
import { addWarnings } from './settings-warnings.ts';
import { isSecretAt } from './shape.ts';
import { targetsOf } from './targets.ts';
import { reportTopLevel } from './top-level.ts';

/** What each value comes from, for whoever explains the configuration. */
export type Origins = { readonly tree: LocatedMap; readonly cloudMon: CloudMon };

export type Loaded = {
  /** Undefined when any problem is an error. */
  readonly config: Config | undefined;
  readonly problems: readonly Problem[];
  /** Undefined when the files could not be read as one tree. */
  readonly origins: Origins | undefined;
};

export async function loadConfig(paths: readonly string[], env: Environment): Promise<Loaded> {
  const sources = await readSources(paths);
  const problems: Problem[] = [...sources.problems];
  const files = sources.files.map(({ path }) => path);
  const written = parseFiles(sources, problems);
  if (paths.length === 0) problems.push(noFile);
  if (hasError(problems)) return { config: undefined, problems: listed(problems, files), origins: undefined };

  const read: string[] = files.map((path) => resolve(path));
  const tree = await layTogether(written, env, problems, read);
  const loaded = decode(tree, { env, problems, files: read });
  return { ...loaded, problems: listed(problems, files) };
}

const noFile: Problem = {
  level: 'error',
  where: { file: 'command line' },
  key: '',
  message: 'no configuration file is named',
  remedy: 'Name one with -c FILE',
};

function hasError(problems: readonly Problem[]): boolean {
  return problems.some(({ level }) => level === 'error');
}

/** Every file is parsed, so that the mistakes of all are told at once. */
function parseFiles(sources: Sources, problems: Problem[]): LocatedMap {
  const budget = { tokens: limits.configTokensMax, nodes: limits.configValuesMax };
  const file = sources.files[0]?.path ?? '';
  let tree = emptyMap({ where: { file, line: 1, column: 1 }, key: '' });
  for (const file of sources.files) {
    const parsed = parseText(file, budget);
    problems.push(...parsed.problems);
    if (parsed.tree) tree = mergeTrees(tree, parsed.tree, isSecret);
  }
  return tree;
}

function isSecret(path: readonly string[]): boolean {
  return isSecretAt(rootShape, path);
}

async function layTogether(
  written: LocatedMap,
  env: Environment,
  problems: Problem[],
  read: string[],
): Promise<LocatedMap> {
  const files = nameFiles(written, rootShape, problems);
  const variables = readEnvironment(env, files, rootShape, problems);
  const environment = nameFiles(addLogLevel(variables, env, problems), rootShape, problems);
  const tree = mergeTrees(files, environment, isSecret);
  return (await readFiles(tree, problems, read)) as LocatedMap;
}

type Surroundings = {
  readonly env: Environment;
  readonly problems: Problem[];
  readonly files: readonly string[];
};

function decode(
  written: LocatedMap,
  { env, problems, files }: Surroundings,
): { readonly config: Config | undefined; readonly origins: Origins } {
  const nowMs = systemClock.now();
  reportTopLevel(written, rootShape, problems);
  const cloudMon = readCloudMon(written, problems);
  const tree = deriveConvertorUrl(written, cloudMon, problems);
  const section = (name: string) => sectionOf(tree, name);
  const convertor = decodeSection(convertorSchema, section('convertor'), problems);
  if (convertor) addWarnings(section('convertor'), connectionWarnings(convertor, nowMs), problems);
  const dashboards = decodeDashboards(tree, { isCloudMon: cloudMon.present, nowMs, problems });
  const reporter = decodeSection(reporterSchema, section('reporter'), problems);
  const targets = reporter && targetsOf(reporter, tree, cloudMon, problems);
  const telemetry = decodeSection(telemetrySchema, section('telemetry'), problems);
  if (telemetry) {
    const bare = bareTls(written, env);
    addWarnings(section('telemetry'), telemetryErrors(telemetry, bare, nowMs), problems, 'error');
    addWarnings(section('telemetry'), telemetryWarnings(telemetry, nowMs), problems);
  }
  const log = decodeSection(logSchema, section('log'), problems);
  const origins = { tree, cloudMon };
  if (hasError(problems) || !convertor || !reporter || !targets || !telemetry || !log) {
    return { config: undefined, origins };
  }
  const { id, pollIntervalMs, concurrency } = reporter;
  return {
    config: {
      convertor: { ...convertor, window: cloudMon.window },
      dashboards,
      reporter: { id, pollIntervalMs, concurrency, targets },
      telemetry: telemetrySettings(telemetry),
      log,
      files,
    },
    origins,
  };
}

/** In reading order; past the limit the errors come first, and a number stands for the rest. */
function listed(problems: readonly Problem[], files: readonly string[]): readonly Problem[] {
  const ordered = inReadingOrder(problems, files);
  if (ordered.length <= limits.problemsMax) return ordered;
  const isError = ({ level }: Problem) => level === 'error';
  const urgent = [...ordered.filter(isError), ...ordered.filter((each) => !isError(each))];
  const rest = urgent.slice(limits.problemsMax);
  return [
    ...urgent.slice(0, limits.problemsMax),
    {
      level: hasError(rest) ? 'error' : 'warning',
      where: ordered.at(-1)?.where ?? { file: '' },
      key: '',
      message: `and ${rest.length} problems more`,
    },
  ];
}
