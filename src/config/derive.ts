/** Writes into the tree what follows from the rest of it, with the place that it follows from. */
import { at, child, isNull, type LocatedMap, type Origin, withEntry } from './located.ts';
import type { Problem } from './problem.ts';
import { sectionOf } from './sections.ts';

/**
 * `convertor.url`: in a CloudMon file its own server, unless our collector has its place; without any
 * there is nothing to ask.
 *
 * @param port where CloudMon's convertor listens
 */
export function deriveConvertorUrl(tree: LocatedMap, port: number, problems: Problem[]): LocatedMap {
  if (!isNull(at(tree, 'convertor', 'url')) || sectionOf(tree, 'convertor').type !== 'map') return tree;
  const hasCollector = !isNull(child(tree, 'collector'));
  if (!isNull(child(tree, 'health_metrics')) && !hasCollector) {
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
    where: (child(tree, 'convertor') ?? child(tree, 'collector') ?? tree).origin.where,
    key: 'convertor.url',
    ...(hasCollector ? noConvertor : missing),
  });
  return withUrl(tree, 'http://localhost', {
    where: tree.origin.where,
    key: 'convertor.url',
    derived: 'nothing',
  });
}

const missing = {
  message: 'is missing',
  remedy: 'Set it to the base URL of the convertor, such as http://localhost:3005',
};
const noConvertor = {
  message: 'is missing: the collector of this version is no convertor',
  remedy: 'Set it to the base URL of a convertor, or start the collector alone: cloudmon-reporter collect',
};

function withUrl(tree: LocatedMap, url: string, origin: Origin): LocatedMap {
  const node = { type: 'scalar', origin, value: url, text: url, plain: false } as const;
  return withEntry(tree, ['convertor', 'url'], node);
}
