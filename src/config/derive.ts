/** Writes into the tree what follows from the rest of it, with the place that it follows from. */
import { at, child, isNull, keyInside, type LocatedMap, type Origin, withEntry } from './located.ts';
import type { Problem } from './problem.ts';
import { sectionOf } from './sections.ts';

/**
 * `convertor.url`: in a CloudMon file its own server. Where our collector has its place there is none, and
 * without either there is nothing to ask.
 *
 * @param port where CloudMon's convertor listens
 */
export function deriveConvertorUrl(tree: LocatedMap, port: number, problems: Problem[]): LocatedMap {
  if (!isNull(at(tree, 'convertor', 'url')) || sectionOf(tree, 'convertor').type !== 'map') return tree;
  if (!isNull(child(tree, 'collector'))) return tree;
  if (!isNull(child(tree, 'health_metrics'))) {
    const written = at(tree, 'server', 'port');
    const from =
      written && !isNull(written) ? written : (child(tree, 'server') ?? child(tree, 'health_metrics'));
    return withUrl(tree, `http://localhost:${port}`, {
      where: from?.origin.where ?? tree.origin.where,
      key: 'convertor.url',
      derived: 'server.port',
    });
  }
  problems.push({
    level: 'error',
    where: (child(tree, 'convertor') ?? tree).origin.where,
    key: 'convertor.url',
    message: 'is missing',
    remedy:
      'Set it to the base URL of the convertor, such as http://localhost:3005, or add a collector section',
  });
  return withUrl(tree, 'http://localhost', {
    where: tree.origin.where,
    key: 'convertor.url',
    derived: 'nothing',
  });
}

/** `kind` of each dashboard that has none, in a CloudMon file: which of CloudMon's it is, is found out by asking. */
export function deriveKinds(tree: LocatedMap): LocatedMap {
  const rules = child(tree, 'health_metrics');
  if (isNull(rules)) return tree;
  const more = child(tree, 'dashboards');
  const names = more?.type === 'map' ? [...more.entries.keys()] : [];
  const paths = [['status_dashboard'], ...names.map((name) => ['dashboards', name])];
  return paths.reduce((derived, path) => {
    const section = at(derived, ...path);
    if (section?.type !== 'map' || !isNull(child(section, 'kind'))) return derived;
    const origin = {
      where: (rules ?? tree).origin.where,
      key: keyInside(section.origin.key, 'kind'),
      derived: 'health_metrics',
    };
    const node = {
      type: 'scalar',
      origin,
      value: kindOfCloudMon,
      text: kindOfCloudMon,
      plain: false,
    } as const;
    return withEntry(derived, [...path, 'kind'], node);
  }, tree);
}

const kindOfCloudMon = 'auto';

function withUrl(tree: LocatedMap, url: string, origin: Origin): LocatedMap {
  const node = { type: 'scalar', origin, value: url, text: url, plain: false } as const;
  return withEntry(tree, ['convertor', 'url'], node);
}
