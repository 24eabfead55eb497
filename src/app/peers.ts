/** Asks every peer once, for `check --online`: who does not answer would not answer the daemon either. */
import type { HealthRules } from '../collector/health/rules.ts';
import type { CollectorSettings, SourceSettings } from '../collector/settings.ts';
import type { CollectConfig, Config } from '../config/config.ts';
import { openConvertor } from '../convertor/client.ts';
import { kinds } from '../dashboards/kinds.ts';
import { openAsker } from '../http/ask.ts';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import type { Target } from '../model/target.ts';
import { isAbout } from '../values/glob.ts';
import { fingerprint } from './fingerprint.ts';

/** One sentence for each peer that did not answer, and for each component that a dashboard does not know. */
export async function askPeers(config: Config | CollectConfig, clock: Clock): Promise<readonly string[]> {
  const reporter = 'reporter' in config ? reporterPeers(config, clock) : [];
  const collector = config.collector ? collectorPeers(config.collector, clock) : [];
  const answers = await Promise.all([...reporter, ...collector]);
  return answers.flat();
}

function reporterPeers(config: Config, clock: Clock): readonly Promise<readonly string[]>[] {
  const isInside = config.convertor.url === undefined;
  return [
    ...(isInside ? [] : [silence('convertor', () => askConvertor(config, clock))]),
    ...config.dashboards
      .filter(({ url }) => url !== '')
      .map((dashboard) => {
        const mine = config.reporter.targets.filter((target) => isAbout(dashboard.match, target));
        return silence(`dashboard ${dashboard.name}`, () => askDashboard(dashboard, mine, clock));
      }),
  ];
}

function collectorPeers(
  { sources, health, collectIntervalMs }: CollectorSettings,
  clock: Clock,
): readonly Promise<readonly string[]>[] {
  const datasource = health && silence('datasource', () => askDatasource(health, collectIntervalMs, clock));
  return [askSources(sources, clock), ...(datasource ? [datasource] : [])];
}

/** About one flag: whether it has a value is another question. */
async function askDatasource(
  { datasource: settings, services }: HealthRules,
  stepMs: number,
  clock: Clock,
): Promise<readonly Failure[]> {
  const flag = services.flatMap(({ environments }) => environments.flatMap(({ flags }) => flags))[0];
  if (settings.type === 'embedded' || !flag) return [];
  const { openRemoteDatasource } = await import('../collector/datasources/current.ts');
  const datasource = openRemoteDatasource(settings, stepMs, clock);
  try {
    const toMs = clock.now();
    await datasource.ask({ query: flag.query, fromMs: toMs - 20 * stepMs, toMs });
    return [];
  } finally {
    datasource.stop();
  }
}

/** As a collector would: an answer that it could not use is none. */
async function askSources(settings: readonly SourceSettings[], clock: Clock): Promise<readonly string[]> {
  const failed = new Map<string, Failure>();
  const { openSources } = await import('../collector/sources/sources.ts');
  const { thisNode } = await import('../collector/sources/node-reads.ts');
  const sources = openSources(settings, {
    clock,
    fingerprint,
    nodeName: 'here',
    reads: thisNode,
    journal: {
      sourceFailed: (source, failure) => void failed.set(source, failure),
      sourceLacks: (source, flaw) => void failed.set(source, flaw),
      sourceRecovered: (source) => void failed.delete(source),
    },
  });
  await sources.collect(() => undefined);
  sources.stop();
  return Array.from(failed, ([source, { reason, message }]) => `source ${source}: ${reason}: ${message}`);
}

/** About one target, as a poll would: an answer without data is an answer. */
async function askConvertor(
  { convertor: settings, reporter }: Config,
  clock: Clock,
): Promise<readonly Failure[]> {
  const unheard = () => undefined;
  const journal = { asked: unheard, maintenancesFailed: unheard, maintenancesDropped: unheard };
  const convertor = openConvertor(settings, clock, journal);
  try {
    for (const target of reporter.targets.slice(0, 1)) await convertor.read(target);
    return [];
  } finally {
    convertor.stop();
  }
}

/** One that cannot be read is asked for any answer, at its root: what would be told does not depend on it. */
async function askDashboard(
  settings: Config['dashboards'][number],
  targets: readonly Target[],
  clock: Clock,
): Promise<readonly Failure[]> {
  const probe = kinds.get(settings.kind)?.probe;
  if (probe) return probe(settings, { targets, clock });
  const root = new URL('/', settings.url);
  const asker = openAsker('dashboard', root, settings, limits.answerBytesMax, clock);
  try {
    await asker.get(root, {}, settings.timeoutMs);
    return [];
  } finally {
    asker.stop();
  }
}

/** Sentences about what is wrong: that nobody answers, or what the answer lacks. */
async function silence(peer: string, ask: () => Promise<readonly Failure[]>): Promise<readonly string[]> {
  const failures = await ask().catch((error: unknown) => {
    if (error instanceof Failure) return [error];
    throw error;
  });
  const sentences = failures
    .slice(0, limits.problemsMax)
    .map(({ reason, message }) => `${peer}: ${reason}: ${message}`);
  const more = failures.length - sentences.length;
  return more > 0 ? [...sentences, `${peer}: and ${more} more`] : sentences;
}
