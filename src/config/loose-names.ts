/**
 * Names in a list of services that lead to nothing: of dashboards, and of what the convertor does not know.
 * What is written beside them would do nothing, and nobody would hear of it.
 */
import type { KindSettings } from '../dashboards/kinds.ts';
import type { Pause } from '../model/clock.ts';
import type { CloudMon } from './cloudmon.ts';
import { kindsWithIds } from './dashboard-rules.ts';
import { dashboardNames } from './dashboards.ts';
import { at, child, isNull, type Located, type LocatedMap } from './located.ts';
import { meantAmong, meantBy } from './meant.ts';
import type { Problem } from './problem.ts';
import { addWarnings } from './settings-warnings.ts';
import type { Listed } from './targets.ts';

/** `ids` of a service are by the name of a dashboard that knows components by an id. */
export function warnOfIds(tree: LocatedMap, dashboards: readonly KindSettings[], problems: Problem[]): void {
  const names = dashboardNames(tree);
  const kinds = new Map(dashboards.map(({ name, kind }) => [name, kind]));
  const services = at(tree, 'reporter', 'services');
  for (const service of services?.type === 'list' ? services.items : []) {
    const ids = child(service, 'ids');
    for (const [name, { where, node }] of ids?.type === 'map' ? ids.entries : []) {
      const wrong = names.includes(name)
        ? wrongInId(node, kinds.get(name))
        : { message: 'no such dashboard', remedy: meantDashboard(name, names, problems) };
      if (wrong) problems.push({ level: 'warning', where, key: node.origin.key, ...wrong });
    }
  }
}

type Wrong = { readonly message: string; readonly remedy: string };

/** @param kind undefined where something else is wrong with the dashboard */
function wrongInId(node: Located, kind: string | undefined): Wrong | undefined {
  if (kind !== undefined && !kindsWithIds.has(kind)) {
    return { message: `is not used: ${kind} knows no ids of components`, remedy: 'Take it out' };
  }
  const isEmpty = node.type === 'scalar' && node.text === '' && !isNull(node);
  return isEmpty ? { message: 'is empty', remedy: 'Write the id, or take it out' } : undefined;
}

function meantDashboard(name: string, names: readonly string[], problems: readonly Problem[]): string {
  if (name === 'status_dashboard' && names.includes('default')) return 'Its name is default';
  const near = meantBy(name, names, problems);
  return near === undefined ? `Use ${listOf(names)}` : `Did you mean ${near}?`;
}

const namedMax = 10;

function listOf(names: readonly string[]): string {
  const shown = names.length > namedMax ? [...names.slice(0, namedMax), '…'] : names;
  return shown.length === 1 ? `${shown[0]}` : `one of ${shown.join(', ')}`;
}

/**
 * Listed services borrow from health_metrics and environments. Others may be listed, too: only what looks
 * misspelt is told.
 */
export async function warnOfStrangers(
  tree: LocatedMap,
  listed: Listed,
  { services, environments }: Pick<CloudMon, 'services' | 'environments'>,
  { problems, pause }: { readonly problems: Problem[]; readonly pause: Pause },
): Promise<void> {
  const reporter = child(tree, 'reporter') ?? tree;
  const lookIn = (section: string, known: Known) => {
    const meant = meantAmong(known, problems);
    return async (path: readonly string[], written: string | undefined) => {
      await pause();
      const near = written === undefined || known.has(written) ? undefined : meant(written);
      if (near === undefined) return;
      const message = `${JSON.stringify(written)} is not in ${section}, so nothing is taken from there`;
      addWarnings(reporter, [{ path, message, remedy: `Did you mean ${near}?` }], problems);
    };
  };
  const lookForService = lookIn('health_metrics', services);
  const lookForEnvironment = lookIn('environments', environments);
  for (const [index, service] of listed.services.entries()) {
    const place = ['services', String(index)];
    await lookForService([...place, 'name'], service.name);
    await lookForEnvironment([...place, 'environment'], service.environment);
    for (const [at, each] of (service.environments ?? []).entries()) {
      await lookForEnvironment([...place, 'environments', String(at)], each);
    }
  }
}

type Known = ReadonlyMap<string, unknown>;
