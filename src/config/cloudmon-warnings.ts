/** What a convertor outside would stop at, lose or not find in a CloudMon file that it shares with us. */
import { isStatus } from '../model/status.ts';
import { flagName } from '../values/flag-name.ts';
import { at, child, isNull, type Located, type LocatedMap, type Origin } from './located.ts';
import { meantBy } from './meant.ts';
import type { Problem } from './problem.ts';

export function warnTwice(origin: Origin, what: string, problems: Problem[]): void {
  const message = `${what} is given twice; this one counts`;
  problems.push({ level: 'warning', ...placeOf(origin), message, remedy: 'Keep one of them' });
}

function placeOf({ where, key }: Origin): Pick<Problem, 'where' | 'key'> {
  return { where, key };
}

/** @param entry one of `health_metrics` */
export function warnAboutWeights(entry: Located, problems: Problem[]): void {
  for (const expression of itemsOf(child(entry, 'expressions'))) {
    const weight = child(expression, 'weight');
    if (weight?.type !== 'scalar' || isNull(weight)) continue;
    if (isStatus(Number(weight.text))) continue;
    const message = 'is no status, so answers with it are no data';
    problems.push({ level: 'warning', ...placeOf(weight.origin), message, remedy: 'Use 0, 1, 2 or 3' });
  }
}

/** Flags by what they need and by who needs them. */
export function warnAboutFlags(
  tree: LocatedMap,
  environments: ReadonlyMap<string, unknown>,
  problems: Problem[],
): void {
  const templates = child(tree, 'metric_templates');
  const templateNames = new Set(templates?.type === 'map' ? templates.entries.keys() : []);
  const flags = itemsOf(child(tree, 'flag_metrics'));
  const seen = new Set<string>();
  for (const flag of flags) {
    const stop = 'no such template in metric_templates, at which CloudMon stops';
    warnUnlessKnown(at(flag, 'template', 'name'), templateNames, [stop, 'Correct the name'], problems);
    for (const each of environments.size === 0 ? [] : itemsOf(child(flag, 'environments'))) {
      const unasked = 'is not in environments, so nobody can ask about it there';
      const remedy = 'Add it there, or take it out here';
      warnUnlessKnown(child(each, 'name'), new Set(environments.keys()), [unasked, remedy], problems);
    }
    const identity = `${textOf(child(flag, 'service'))}.${textOf(child(flag, 'name'))}`;
    if (seen.has(identity)) warnTwice(flag.origin, `flag ${JSON.stringify(identity)}`, problems);
    seen.add(identity);
  }
  if (flags.length > 0)
    warnAboutMetrics(child(tree, 'health_metrics'), new Set([...seen].map(flagName)), problems);
}

/** A flag that a service lists must be in each healthy point, so one that does not exist keeps it from being healthy. */
function warnAboutMetrics(
  services: Located | undefined,
  flags: ReadonlySet<string>,
  problems: Problem[],
): void {
  for (const { node } of services?.type === 'map' ? services.entries.values() : []) {
    for (const metric of itemsOf(child(node, 'metrics'))) {
      const id = flagName(textOf(metric));
      if (flags.has(id)) continue;
      const message = `no such flag in flag_metrics: ${id}; without it a healthy answer is no data`;
      warnUnlessKnown(metric, flags, [message, 'Add it to flag_metrics'], problems);
    }
  }
}

function warnUnlessKnown(
  node: Located | undefined,
  known: ReadonlySet<string>,
  [message, otherwise]: readonly [message: string, otherwise: string],
  problems: Problem[],
): void {
  if (node?.type !== 'scalar' || isNull(node) || known.has(node.text)) return;
  const near = meantBy(node.text, known, problems);
  const remedy = near === undefined ? otherwise : `Did you mean ${near}?`;
  problems.push({ level: 'warning', ...placeOf(node.origin), message, remedy });
}

function itemsOf(node: Located | undefined): readonly Located[] {
  return node?.type === 'list' ? node.items : [];
}

function textOf(node: Located | undefined): string {
  return node?.type === 'scalar' ? node.text : '';
}
