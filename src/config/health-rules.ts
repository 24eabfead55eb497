/**
 * What the health of services is made of, where this process is the convertor: CloudMon's sections, decoded
 * and checked, so that nothing is found out when somebody asks.
 */
import type { DatasourceSettings } from '../collector/datasources/settings.ts';
import type { HealthRules, ServiceRules } from '../collector/health/rules.ts';
import type { Languages } from '../collector/health/settings.ts';
import type { Pause } from '../model/clock.ts';
import type { CloudMon } from './cloudmon.ts';
import { flagRules } from './flag-rules.ts';
import { readFlags } from './flags.ts';
import { child, isNull, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import { Queries } from './queries.ts';
import { sectionOf } from './sections.ts';
import { serviceRules } from './service-rules.ts';
import { addWarnings } from './settings-warnings.ts';

export type RuleParts = {
  readonly datasource: DatasourceSettings;
  /** As it is written: the language of the queries, also where something else is wrong with it. */
  readonly type: DatasourceSettings['type'];
  readonly onMissing: HealthRules['onMissing'];
  readonly languages: Languages;
  readonly pause: Pause;
};

/** Undefined where there are no health_metrics. Where something is wrong, `problems` has grown. */
export async function readHealthRules(
  tree: LocatedMap,
  { services, environments }: CloudMon,
  { datasource, type, onMissing, languages, pause }: RuleParts,
  problems: Problem[],
): Promise<HealthRules | undefined> {
  const flags = await readFlags(tree, environments, { problems, pause });
  const section = child(tree, 'health_metrics');
  const entries = section?.type === 'map' ? [...section.entries].filter(([, { node }]) => !isNull(node)) : [];
  if (entries.length === 0) return undefined;
  const place = child(tree, 'environments');
  if (isNull(place) || (place?.type === 'list' && place.items.length === 0)) {
    const message = 'there is none, so nobody can ask about health_metrics';
    const remedy = 'Add environments, such as [{name: production}]';
    addWarnings(sectionOf(tree, 'environments'), [{ path: [], message, remedy }], problems, 'error');
  }
  const queries = new Queries(type, languages, problems);
  const parts = {
    flags,
    flagRule: flagRules(queries, problems),
    languages,
    environments: [...environments].map(([name, { attributes }]) => ({ name, region: attributes['region'] })),
    problems,
    pause,
  };
  const rules: ServiceRules[] = [];
  for (const [key, { node }] of entries) {
    rules.push(await serviceRules({ key, node, metrics: services.get(key)?.metrics }, parts));
  }
  return { datasource, services: rules, onMissing };
}
