/**
 * What a CloudMon file says about targets: its environments, and the keys of its health_metrics.
 *
 * The reporter needs no more of it. Where CloudMon itself would stop or lose a definition there
 * is a warning, because its convertor reads the same file; what ours reads is in health-rules.ts.
 */
import { defaultWindow } from '../convertor/settings.ts';
import { flagName } from '../values/flag-name.ts';
import { environmentsSchema, healthMetricSchema, healthQuerySchema } from './cloudmon-keys.ts';
import { warnAboutFlags, warnAboutWeights, warnTwice } from './cloudmon-warnings.ts';
import { decodeSection, locate } from './decode.ts';
import { child, isNull, type LocatedMap, type Origin } from './located.ts';
import type { Problem } from './problem.ts';
import { namedSections, sectionOf } from './sections.ts';

type CloudMonEnvironment = {
  readonly attributes: Readonly<Record<string, string>>;
  readonly origin: Origin;
};

type CloudMonService = {
  readonly component: string | undefined;
  readonly flags: readonly string[];
  /** The same, as they are written. */
  readonly metrics: readonly string[];
  /** Where the convertor can be asked about it; absent where only the convertor knows. */
  readonly environments?: readonly string[];
  readonly origin: Origin;
};

export type CloudMon = {
  /** Whether there is a health_metrics section. */
  readonly present: boolean;
  readonly environments: ReadonlyMap<string, CloudMonEnvironment>;
  /** By the key that the convertor is asked with. */
  readonly services: ReadonlyMap<string, CloudMonService>;
  readonly window: { readonly fromMs: number; readonly toMs: number };
};

/** A convertor outside finds its own mistakes: of these there are warnings. One in here refuses them. */
export type CloudMonReader = { readonly isReporter: boolean; readonly isConvertor: boolean };

export function readCloudMon(tree: LocatedMap, reader: CloudMonReader, problems: Problem[]): CloudMon {
  const environments = readEnvironments(tree, problems);
  const services = readServices(tree, reader, problems);
  if (!reader.isConvertor) warnAboutFlags(tree, environments, problems);
  return {
    present: !isNull(child(tree, 'health_metrics')),
    environments,
    services,
    window: reader.isReporter ? readWindow(tree, problems) : defaultWindow,
  };
}

function readEnvironments(tree: LocatedMap, problems: Problem[]): CloudMon['environments'] {
  const environments = new Map<string, CloudMonEnvironment>();
  const decoded = decodeSection(environmentsSchema, tree, problems);
  for (const [index, { name, attributes = {} }] of (decoded?.environments ?? []).entries()) {
    const origin = locate(tree, ['environments', index]) ?? tree.origin;
    if (environments.has(name)) warnTwice(origin, `environment ${JSON.stringify(name)}`, problems);
    environments.set(name, { attributes, origin });
  }
  return environments;
}

function readServices(tree: LocatedMap, reader: CloudMonReader, problems: Problem[]): CloudMon['services'] {
  const services = new Map<string, CloudMonService>();
  for (const [key, { where, node: entry }] of namedSections(tree, 'health_metrics', problems)) {
    const origin = { where, key: entry.origin.key };
    const decoded = decodeSection(healthMetricSchema, entry, problems);
    if (!decoded) continue;
    if (reader.isReporter && decoded.component_name === undefined) {
      const message = 'has no component_name, without which CloudMon stops';
      const remedy = `Set it to the name on the page; here it is ${JSON.stringify(key)}`;
      problems.push({ level: 'warning', ...origin, message, remedy });
    }
    if (!reader.isConvertor) warnAboutWeights(entry, problems);
    const { component_name: component, metrics } = decoded;
    services.set(key, { component, flags: metrics.map(flagName), metrics, origin });
  }
  return services;
}

function readWindow(tree: LocatedMap, problems: Problem[]): CloudMon['window'] {
  if (isNull(child(tree, 'health_query'))) return defaultWindow;
  const section = sectionOf(tree, 'health_query');
  const decoded = decodeSection(healthQuerySchema, section, problems);
  if (!decoded) return defaultWindow;
  const fromMs = relativeMs(decoded.query_from);
  const toMs = relativeMs(decoded.query_to);
  if (fromMs !== undefined && toMs !== undefined && fromMs > toMs && fromMs <= windowMsMax)
    return { fromMs, toMs };
  problems.push({
    level: 'warning',
    ...section.origin,
    message: 'is no window from one relative time to a later one; the last five minutes are asked about',
    remedy: 'Write them like -5min and -2min',
  });
  return defaultWindow;
}

const windowMsMax = 7 * 86_400_000;

/** Graphite's relative time, as milliseconds before now. */
function relativeMs(text: string): number | undefined {
  if (text === 'now' || text === 'now()') return 0;
  const [, amount, unit = ''] = /^-(\d{1,7})(s|min|h|d)[a-z]*$/.exec(text) ?? [];
  const unitMs = { s: 1_000, min: 60_000, h: 3_600_000, d: 86_400_000 }[unit];
  return unitMs && Number(amount) * unitMs;
}
