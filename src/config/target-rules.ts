/** Targets that are asked about in this process: the collector's rules must know each of them. */
import type { HealthRules } from '../collector/health/rules.ts';
import type { Target } from '../model/target.ts';
import type { CloudMon } from './cloudmon.ts';
import { child, type LocatedMap } from './located.ts';
import { meantBy } from './meant.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';
import { type Listed, targetsOf } from './targets.ts';

/** The targets, listed or derived, where the collector of this process is asked about them. */
export function targetsInside(
  listed: Listed,
  tree: LocatedMap,
  cloudMon: CloudMon,
  rules: HealthRules | undefined,
  problems: Problem[],
): readonly Target[] {
  const isDerived = listed.services.length === 0;
  if (cloudMon.services.size === 0) {
    reportNoHealth(tree, problems);
    return [];
  }
  // That there is no environment was told with the rules.
  if (isDerived && cloudMon.environments.size === 0) return [];
  if (!rules) return targetsOf(listed, tree, cloudMon, problems);
  if (!isDerived) checkTargets(listed, tree, rules, problems);
  else if (rules.services.every(({ environments }) => environments.length === 0)) {
    reportNowhere(tree, problems);
    return [];
  }
  return targetsOf(listed, tree, withinRules(cloudMon, rules), problems);
}

/** The services with the environments in which they can be asked about: targets are derived from these. */
function withinRules(cloudMon: CloudMon, rules: HealthRules): CloudMon {
  const services = new Map(cloudMon.services);
  for (const { key, environments } of rules.services) {
    const service = services.get(key);
    if (service) services.set(key, { ...service, environments: environments.map(({ name }) => name) });
  }
  return { ...cloudMon, services };
}

/** Says which of the listed targets nobody could answer for. */
function checkTargets(listed: Listed, tree: LocatedMap, rules: HealthRules, problems: Problem[]): void {
  const known = new Map(rules.services.map(({ key, environments }) => [key, environments]));
  const reporter = child(tree, 'reporter') ?? tree;
  const report = (path: readonly string[], message: string, near: string | undefined, otherwise: string) => {
    const remedy = near === undefined ? otherwise : `Did you mean ${JSON.stringify(near)}?`;
    addWarnings(reporter, [{ path, message, remedy }], problems, 'error');
  };
  const meant = (written: string, words: Iterable<string>) => meantBy(written, words, problems);

  for (const [index, { name, environment, environments }] of listed.services.entries()) {
    const place = ['services', String(index)];
    const askable = known.get(name)?.map((each) => each.name);
    if (!askable) {
      const near = meant(name, known.keys());
      report([...place, 'name'], 'no such key in health_metrics', near, 'Add it to health_metrics');
      continue;
    }
    for (const [at, each] of (environments ?? [environment ?? listed.environment]).entries()) {
      if (askable.includes(each)) continue;
      const path = [...place, ...(environments ? ['environments', String(at)] : ['environment'])];
      const message = `${name} cannot be asked about in ${each}`;
      report(path, message, meant(each, askable), 'Give all its flags this environment, or take it out here');
    }
  }
}

/** There is nothing that could be asked: said once, instead of once for each target. */
function reportNoHealth(tree: LocatedMap, problems: Problem[]): void {
  const { where } = (child(tree, 'health_metrics') ?? child(tree, 'collector') ?? tree).origin;
  problems.push({
    level: 'error',
    where,
    key: 'health_metrics',
    message: 'is missing, so the collector has no health to tell',
    remedy: 'Add health_metrics and flag_metrics, or set convertor.url to another convertor',
  });
}

function reportNowhere(tree: LocatedMap, problems: Problem[]): void {
  const section = child(tree, 'health_metrics') ?? tree;
  const message = 'no service can be asked about anywhere';
  const remedy = 'Give all flags of a service one of environments';
  addWarnings(section, [{ path: [], message, remedy }], problems, 'error');
}
