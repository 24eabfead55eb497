/** Decodes what a role needs: the reporter with all it asks and tells, or the collector alone. */

import { logSchema } from '../app/settings.ts';
import type { Languages } from '../collector/health/settings.ts';
import { type CollectorSettings, collectorErrors, collectorSchema } from '../collector/settings.ts';
import { convertorSchema } from '../convertor/settings.ts';
import { connectionWarnings } from '../http/settings.ts';
import type { Maintenance } from '../maintenance/settings.ts';
import type { Pause } from '../model/clock.ts';
import { reporterSchema } from '../reporter/settings.ts';
import {
  telemetryErrors,
  telemetrySchema,
  telemetrySettings,
  telemetryWarnings,
} from '../telemetry/settings.ts';
import { bareTls } from './bare-tls.ts';
import { type CloudMon, readCloudMon } from './cloudmon.ts';
import { serverSchema } from './cloudmon-keys.ts';
import type { CollectConfig, CommonConfig, Config } from './config.ts';
import { decodeDashboards, warnOfRivals } from './dashboards.ts';
import { datasourceType, decodeDatasource } from './datasource.ts';
import { decodeSection } from './decode.ts';
import { deriveConvertorUrl, deriveKinds } from './derive.ts';
import type { Environment } from './environment.ts';
import { readHealthRules } from './health-rules.ts';
import { at, child, isNull, type LocatedMap } from './located.ts';
import { type Place, warnOfMaintenance, warnOfMatches } from './loose-globs.ts';
import { warnOfIds, warnOfStrangers } from './loose-names.ts';
import type { Problem } from './problem.ts';
import { sectionOf } from './sections.ts';
import { addWarnings } from './settings-warnings.ts';
import { targetsInside } from './target-rules.ts';
import { targetsOf } from './targets.ts';

export type Surroundings = {
  readonly env: Environment;
  readonly problems: Problem[];
  /** Where this process is a convertor. */
  readonly languages: Languages | undefined;
  /** Undefined where it is wrong. */
  readonly maintenance: readonly Maintenance[] | undefined;
  readonly files: readonly string[];
  readonly nowMs: number;
  readonly pause: Pause;
};

export type Decoded<Of extends CommonConfig> = {
  /** Undefined where something is wrong; then `problems` has grown. */
  readonly config: Of | undefined;
  /** With what follows from the rest. */
  readonly tree: LocatedMap;
  readonly cloudMon: CloudMon | undefined;
};

export async function decodeConfig(
  written: LocatedMap,
  surroundings: Surroundings,
): Promise<Decoded<Config>> {
  const { problems, nowMs, maintenance } = surroundings;
  const hasCollector = !isNull(child(written, 'collector'));
  const cloudMon = readCloudMon(written, { isReporter: true, isConvertor: hasCollector }, problems);
  await surroundings.pause();
  const server = decodeSection(serverSchema, sectionOf(written, 'server'), problems);
  const tree = deriveKinds(deriveConvertorUrl(written, server?.port ?? 1, problems));
  const section = (name: string) => sectionOf(tree, name);
  const convertor = decodeSection(convertorSchema, section('convertor'), problems);
  if (convertor) addWarnings(section('convertor'), connectionWarnings(convertor, nowMs), problems);
  const dashboards = decodeDashboards(tree, { nowMs, problems });
  const reporter = decodeSection(reporterSchema, section('reporter'), problems);
  const collector = hasCollector ? await decodeCollector(tree, server, cloudMon, surroundings) : undefined;
  if (hasCollector && cloudMon.present) warnOfAddress(tree, problems);
  const isInside = hasCollector && isNull(at(tree, 'convertor', 'url'));
  const targets =
    reporter &&
    (isInside
      ? targetsInside(reporter, tree, cloudMon, collector?.health, problems)
      : targetsOf(reporter, tree, cloudMon, problems));
  if (targets) {
    warnOfRivals(tree, dashboards, targets, problems);
    warnOfIds(tree, dashboards, problems);
    await warnOfMatches(tree, dashboards, targets, surroundings);
    await warnOfMaintenance(tree, maintenance ?? [], [...targets, ...placesOf(collector)], surroundings);
  }
  if (reporter && !isInside) await warnOfStrangers(tree, reporter, cloudMon, surroundings);
  const common = decodeCommon(tree, surroundings);
  if (!common || !convertor || !reporter || !targets) return { config: undefined, tree, cloudMon };
  const { id, pollIntervalMs, concurrency, stateDir } = reporter;
  const config = {
    ...common,
    convertor: { ...convertor, window: cloudMon.window },
    dashboards,
    reporter: { id, pollIntervalMs, concurrency, targets, stateDir },
    ...(collector && { collector }),
  };
  return { config, tree, cloudMon };
}

/** What the reporter alone has is not looked at: its secrets need not be where the collector runs. */
export async function decodeCollectConfig(
  tree: LocatedMap,
  surroundings: Surroundings,
): Promise<Decoded<CollectConfig>> {
  const { problems } = surroundings;
  const cloudMon = readCloudMon(tree, { isReporter: false, isConvertor: true }, problems);
  await surroundings.pause();
  const server = decodeSection(serverSchema, sectionOf(tree, 'server'), problems);
  const collector = await decodeCollector(tree, server, cloudMon, surroundings);
  await warnOfMaintenance(tree, surroundings.maintenance ?? [], placesOf(collector), surroundings);
  const common = decodeCommon(tree, surroundings);
  const config = common && collector && { ...common, collector };
  return { config, tree, cloudMon: undefined };
}

/** What can be asked about here. */
function placesOf(collector: CollectorSettings | undefined): readonly Place[] {
  return (collector?.health?.services ?? []).flatMap(({ key: service, environments }) =>
    environments.map(({ name: environment }) => ({ service, environment })),
  );
}

type Listening = { readonly address: string; readonly port: number };

async function decodeCollector(
  tree: LocatedMap,
  place: Listening | undefined,
  cloudMon: CloudMon,
  surroundings: Surroundings,
): Promise<CollectorSettings | undefined> {
  const { problems, nowMs, languages, pause } = surroundings;
  const section = sectionOf(tree, 'collector');
  const decoded = decodeSection(collectorSchema, section, problems);
  // Also where it is wrong: what else is wrong with the rules is told at once.
  const datasource = decodeDatasource(tree, nowMs, problems) ?? { type: 'embedded' };
  const type = datasourceType(tree);
  const { onMissing = 'no_data' } = decoded ?? {};
  const health =
    languages &&
    (await readHealthRules(tree, cloudMon, { datasource, type, onMissing, languages, pause }, problems));
  if (!decoded || !place) return undefined;
  addWarnings(section, collectorErrors(decoded, place.address), problems, 'error');
  for (const [index, source] of decoded.sources.entries()) {
    if (source.type === 'node') continue;
    const warnings = connectionWarnings(source, nowMs);
    const inList = warnings.map((each) => ({ ...each, path: ['sources', String(index), ...each.path] }));
    addWarnings(section, inList, problems);
  }
  const { isOpen: _, onMissing: __, ...settings } = decoded;
  return { ...settings, address: place.address, port: place.port, ...(health && { health }) };
}

/** A CloudMon file that says nothing means every address. */
function warnOfAddress(tree: LocatedMap, problems: Problem[]): void {
  if (!isNull(at(tree, 'server', 'address'))) return;
  const { where } = (child(tree, 'server') ?? tree).origin;
  const message = 'is 127.0.0.1, where CloudMon listens on every address';
  const remedy = 'Write address: 0.0.0.0 if others are to reach the collector';
  problems.push({ level: 'warning', where, key: 'server.address', message, remedy });
}

function decodeCommon(
  tree: LocatedMap,
  { env, problems, maintenance, files, nowMs }: Surroundings,
): CommonConfig | undefined {
  const section = sectionOf(tree, 'telemetry');
  const telemetry = decodeSection(telemetrySchema, section, problems);
  if (telemetry) {
    addWarnings(section, telemetryErrors(telemetry, bareTls(tree, env), nowMs), problems, 'error');
    addWarnings(section, telemetryWarnings(telemetry, nowMs), problems);
  }
  const log = decodeSection(logSchema, sectionOf(tree, 'log'), problems);
  if (!telemetry || !log || !maintenance) return undefined;
  return { telemetry: telemetrySettings(telemetry), log, maintenance, files };
}
