/**
 * Loads the configuration: files, conf.d, environment, files with values; all problems at once.
 *
 * Nothing that an operator can write makes it throw, and no message holds a secret.
 */
import { resolve } from 'node:path';
import { openLanguages } from '../collector/health/settings.ts';
import { type Pause, pace, systemClock } from '../model/clock.ts';
import { limits } from '../model/limits.ts';
import type { CloudMon } from './cloudmon.ts';
import type { CollectConfig, CommonConfig, Config } from './config.ts';
import { datasourceType } from './datasource.ts';
import { type Environment, readEnvironment } from './environment.ts';
import { readSources, type Sources } from './files.ts';
import { child, emptyMap, isNull, type LocatedMap } from './located.ts';
import { addLogLevel } from './log-level.ts';
import { decodeMaintenance } from './maintenance.ts';
import { mergeTrees } from './merge.ts';
import { parseText } from './parse.ts';
import { addPlainVariables, collectorVariables, portVariable } from './plain-variables.ts';
import { inReadingOrder, type Problem } from './problem.ts';
import { type Decoded, decodeCollectConfig, decodeConfig, type Surroundings } from './roles.ts';
import { rootShape } from './schema.ts';
import { nameFiles, readFiles } from './secret-files.ts';
import { isSecretAt } from './shape.ts';
import { reportTopLevel } from './top-level.ts';

/** What each value comes from, for whoever explains the configuration. */
export type Origins = { readonly tree: LocatedMap; readonly cloudMon: CloudMon | undefined };

export type Loaded<Of extends CommonConfig = Config> = {
  /** Undefined when any problem is an error. */
  readonly config: Of | undefined;
  readonly problems: readonly Problem[];
  /** Undefined when the files could not be read as one tree. */
  readonly origins: Origins | undefined;
};

export type Load<Of extends CommonConfig> = (
  paths: readonly string[],
  env: Environment,
) => Promise<Loaded<Of>>;

type Role<Of extends CommonConfig> = {
  readonly isCollect: boolean;
  readonly decode: (tree: LocatedMap, surroundings: Surroundings) => Promise<Decoded<Of>>;
};

const runRole: Role<Config> = { isCollect: false, decode: decodeConfig };
const collectRole: Role<CollectConfig> = { isCollect: true, decode: decodeCollectConfig };

/** Of the reporter, and of a collector beside it. */
export const loadConfig: Load<Config> = async (paths, env) =>
  paths.length === 0 ? refused([noFile]) : load(paths, env, () => runRole);

/** Of the collector alone, which needs no file. */
export const loadCollectConfig: Load<CollectConfig> = (paths, env) => load(paths, env, () => collectRole);

/** Of the role that the files are about. */
export const loadAnyConfig: Load<Config | CollectConfig> = async (paths, env) =>
  paths.length === 0
    ? refused([noFile])
    : load<Config | CollectConfig>(paths, env, (files) => (isCollectorAlone(files) ? collectRole : runRole));

function isCollectorAlone(files: LocatedMap): boolean {
  const has = (name: string) => !isNull(child(files, name));
  return has('collector') && !ofReporter.some(has);
}

async function load<Of extends CommonConfig>(
  paths: readonly string[],
  env: Environment,
  roleOf: (files: LocatedMap) => Role<Of>,
): Promise<Loaded<Of>> {
  const sources = await readSources(paths);
  const problems: Problem[] = [...sources.problems];
  const files = sources.files.map(({ path }) => path);
  const pause = pace(systemClock, limits.parseSliceMs);
  const written = await parseFiles(sources, problems, pause);
  if (hasError(problems)) return refused(listed(problems, files));

  const { isCollect, decode } = roleOf(written);
  const read: string[] = files.map((path) => resolve(path));
  const tree = await layTogether(written, { env, problems, read, isCollect });
  reportTopLevel(tree, rootShape, problems);
  const languages = isConvertor(tree, isCollect)
    ? await openLanguages(datasourceType(tree) === 'embedded')
    : undefined;
  const nowMs = systemClock.now();
  const maintenance = await decodeMaintenance(tree, { nowMs, pause }, problems);
  const decoded = await decode(tree, { env, problems, languages, maintenance, files: read, nowMs, pause });
  const config = hasError(problems) ? undefined : decoded.config;
  return {
    config,
    problems: listed(problems, files),
    origins: { tree: decoded.tree, cloudMon: decoded.cloudMon },
  };
}

function refused<Of extends CommonConfig>(problems: readonly Problem[]): Loaded<Of> {
  return { config: undefined, problems, origins: undefined };
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

/** Every file is parsed, so that the mistakes of all are told at once; each of them in one go. */
async function parseFiles(sources: Sources, problems: Problem[], pause: Pause): Promise<LocatedMap> {
  const budget = { tokens: limits.configTokensMax, nodes: limits.configValuesMax };
  const file = sources.files[0]?.path ?? 'no file';
  let tree = emptyMap({ where: { file, line: 1, column: 1 }, key: '' });
  for (const file of sources.files) {
    const parsed = parseText(file, budget);
    problems.push(...parsed.problems);
    if (parsed.tree) tree = mergeTrees(tree, parsed.tree, isSecret);
    await pause();
  }
  return tree;
}

function isSecret(path: readonly string[]): boolean {
  return isSecretAt(rootShape, path);
}

type Layers = {
  readonly env: Environment;
  readonly problems: Problem[];
  /** Grows by every file that is read. */
  readonly read: string[];
  readonly isCollect: boolean;
};

async function layTogether(
  written: LocatedMap,
  { env, problems, read, isCollect }: Layers,
): Promise<LocatedMap> {
  const files = nameFiles(written, rootShape, problems);
  const variables = addLogLevel(readEnvironment(env, files, rootShape, problems), env, problems);
  const hasCollector = isCollect || !isNull(child(files, 'collector'));
  const wanted = [...(hasCollector ? collectorVariables : []), ...(isCollect ? [portVariable] : [])];
  const environment = nameFiles(addPlainVariables(variables, env, wanted), rootShape, problems);
  const tree = mergeTrees(files, environment, isSecret);
  const entries = new Map(tree.entries);
  for (const [name, entry] of tree.entries) {
    if (!isLookedAt(name, tree, isCollect)) continue;
    entries.set(name, { ...entry, node: await readFiles(entry.node, problems, read) });
  }
  return { ...tree, entries };
}

/** Of other roles' sections no file is read: their secrets need not be where this one runs. */
function isLookedAt(name: string, tree: LocatedMap, isCollect: boolean): boolean {
  if (name === 'datasource') return isConvertor(tree, isCollect);
  return !(isCollect && ofReporter.includes(name));
}

const ofReporter = ['reporter', 'convertor', 'status_dashboard', 'dashboards'];

/** Whether this process answers for the health of services. */
function isConvertor(tree: LocatedMap, isCollect: boolean): boolean {
  return isCollect || !isNull(child(tree, 'collector'));
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
