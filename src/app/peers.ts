/** Asks every peer once, for `check --online`: who does not answer would not answer the daemon either. */
import type { HealthRules } from '../collector/health/rules.ts';
import type { CollectorSettings, SourceSettings } from '../collector/settings.ts';
import type { CollectConfig, Config } from '../config/config.ts';
import { openConvertor } from '../convertor/client.ts';
import { openAsker } from '../http/ask.ts';
import type { Clock } from '../model/clock.ts';
import { Failure } from '../model/failure.ts';
import { limits } from '../model/limits.ts';
import { fingerprint } from './fingerprint.ts';

/** One sentence for each peer that did not answer. */
export async function askPeers(config: Config | CollectConfig, clock: Clock): Promise<readonly string[]> {
  const reporter = 'reporter' in config ? reporterPeers(config, clock) : [];
  const collector = config.collector ? collectorPeers(config.collector, clock) : [];
  const answers = await Promise.all([...reporter, ...collector]);
  return answers.flat().filter((sentence) => sentence !== undefined);
}

function reporterPeers(config: Config, clock: Clock): readonly Promise<string | undefined>[] {
  const isInside = config.convertor.url === undefined;
  return [
    ...(isInside ? [] : [silence('convertor', () => askConvertor(config, clock))]),
    ...config.dashboards
      .filter(({ url }) => url !== '')
      .map((dashboard) => silence(`dashboard ${dashboard.name}`, () => askDashboard(dashboard, clock))),
  ];
}

function collectorPeers(
  { sources, health, collectIntervalMs }: CollectorSettings,
  clock: Clock,
): readonly Promise<readonly string[] | string | undefined>[] {
  const datasource = health && silence('datasource', () => askDatasource(health, collectIntervalMs, clock));
  return [askSources(sources, clock), ...(datasource ? [datasource] : [])];
}

/** About one flag: whether it has a value is another question. */
async function askDatasource(
  { datasource: settings, services }: HealthRules,
  stepMs: number,
  clock: Clock,
): Promise<void> {
  const flag = services.flatMap(({ environments }) => environments.flatMap(({ flags }) => flags))[0];
  if (settings.type === 'embedded' || !flag) return;
  const { openRemoteDatasource } = await import('../collector/datasources/current.ts');
  const datasource = openRemoteDatasource(settings, stepMs, clock);
  try {
    const toMs = clock.now();
    await datasource.ask({ query: flag.query, fromMs: toMs - 20 * stepMs, toMs });
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
async function askConvertor({ convertor: settings, reporter }: Config, clock: Clock): Promise<void> {
  const unheard = () => undefined;
  const journal = { asked: unheard, maintenancesFailed: unheard, maintenancesDropped: unheard };
  const convertor = openConvertor(settings, clock, journal);
  try {
    for (const target of reporter.targets.slice(0, 1)) await convertor.read(target);
  } finally {
    convertor.stop();
  }
}

/** No kind of this version has something to read: any answer to its base URL shows that it is there. */
async function askDashboard(dashboard: Config['dashboards'][number], clock: Clock): Promise<void> {
  const url = new URL(dashboard.url);
  const asker = openAsker('dashboard', url, dashboard, limits.answerBytesMax, clock);
  try {
    await asker.get(url, {}, dashboard.timeoutMs);
  } finally {
    asker.stop();
  }
}

async function silence(peer: string, ask: () => Promise<void>): Promise<string | undefined> {
  try {
    await ask();
    return undefined;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${peer}: ${error.reason}: ${error.message}`;
  }
}
