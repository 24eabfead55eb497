/** The targets: services times environments, as `reporter.services` or a CloudMon file lists them. */
import { limits } from '../model/limits.ts';
import { type Target, targetKey } from '../model/target.ts';
import type { ServiceEntry } from '../reporter/settings.ts';
import type { CloudMon } from './cloudmon.ts';
import { locate } from './decode.ts';
import { child, type LocatedMap, type Origin } from './located.ts';
import type { Problem } from './problem.ts';

export type Listed = { readonly environment: string; readonly services: readonly ServiceEntry[] };

/** An entry with its environments, before it becomes a target for each of them. */
type Row = {
  readonly entry: ServiceEntry;
  readonly environments: readonly string[];
  readonly origin: Origin;
};

export function targetsOf(
  listed: Listed,
  tree: LocatedMap,
  cloudMon: CloudMon,
  problems: Problem[],
): readonly Target[] {
  const rows = listed.services.length > 0 ? listedRows(listed, tree) : derivedRows(cloudMon);
  if (rows.length === 0) {
    reportNone(tree, cloudMon, problems);
    return [];
  }
  const count = rows.reduce((sum, { environments }) => sum + environments.length, 0);
  if (count > limits.targetsMax) {
    const { where } = rows[0]?.origin ?? tree.origin;
    const message = `${count} targets are more than ${limits.targetsMax}`;
    problems.push({
      level: 'error',
      where,
      key: 'reporter.services',
      message,
      remedy: 'Split them among several reporters',
    });
    return [];
  }
  return withoutDoubles(rows, cloudMon, problems);
}

function listedRows({ environment, services }: Listed, tree: LocatedMap): readonly Row[] {
  return services.map((entry, index) => ({
    entry,
    environments: entry.environments ?? [entry.environment ?? environment],
    origin: locate(tree, ['reporter', 'services', index]) ?? tree.origin,
  }));
}

function derivedRows({ environments, services }: CloudMon): readonly Row[] {
  if (environments.size === 0) return [];
  return [...services].map(([name, service]) => ({
    entry: { name },
    environments: service.environments ?? [...environments.keys()],
    origin: service.origin,
  }));
}

function reportNone(tree: LocatedMap, cloudMon: CloudMon, problems: Problem[]): void {
  if (cloudMon.services.size > 0) {
    problems.push({
      level: 'error',
      where: (child(tree, 'environments') ?? tree).origin.where,
      key: 'environments',
      message: 'there is none, so health_metrics makes no target',
      remedy: 'Add environments, or services to reporter.services',
    });
    return;
  }
  problems.push({
    level: 'error',
    where: (child(tree, 'reporter') ?? tree).origin.where,
    key: 'reporter.services',
    message: 'no services to poll',
    remedy: 'Add services to reporter.services in the configuration',
  });
}

function withoutDoubles(rows: readonly Row[], cloudMon: CloudMon, problems: Problem[]): readonly Target[] {
  const targets = new Map<string, Target>();
  const told = new Set<string>();
  for (const { entry, environments, origin } of rows) {
    for (const environment of environments) {
      const target = targetOf(entry, environment, cloudMon);
      if (targets.has(target.key) && !told.has(target.key)) {
        const names = `service ${JSON.stringify(entry.name)} in environment ${JSON.stringify(environment)}`;
        const message = `${names} is listed twice; the last entry counts`;
        problems.push({
          level: 'warning',
          where: origin.where,
          key: origin.key,
          message,
          remedy: 'Keep one of them',
        });
        told.add(target.key);
      }
      targets.set(target.key, target);
    }
  }
  return [...targets.values()];
}

function targetOf(entry: ServiceEntry, environment: string, cloudMon: CloudMon): Target {
  const known = cloudMon.services.get(entry.name);
  return {
    key: targetKey(entry.name, environment),
    service: entry.name,
    environment,
    component: entry.component ?? known?.component ?? entry.name,
    attributes: entry.attributes ?? cloudMon.environments.get(environment)?.attributes ?? {},
    ids: entry.ids ?? {},
    ...(entry.absent && { absent: entry.absent }),
    flags: known?.flags ?? [],
  };
}
