/** Writes into the tree what follows from the rest of it, with the place that it follows from. */
import type { CloudMon } from './cloudmon.ts';
import { at, child, isNull, type LocatedMap, type Origin, withEntry } from './located.ts';
import type { Problem } from './problem.ts';
import { sectionOf } from './sections.ts';

/** `convertor.url`: in a CloudMon file its own server; without any there is nothing to ask. */
export function deriveConvertorUrl(tree: LocatedMap, cloudMon: CloudMon, problems: Problem[]): LocatedMap {
  if (!isNull(at(tree, 'convertor', 'url')) || sectionOf(tree, 'convertor').type !== 'map') return tree;
  if (cloudMon.present) {
    const port = at(tree, 'server', 'port');
    const from = port && !isNull(port) ? port : (child(tree, 'server') ?? child(tree, 'health_metrics'));
    return withUrl(tree, `http://localhost:${cloudMon.port || 1}`, {
      where: from?.origin.where ?? tree.origin.where,
      key: 'convertor.url',
      derived: 'server.port',
    });
  }
  // A collector that stands in for the convertor has been complained about by its own key.
  if (isNull(child(tree, 'collector'))) {
    problems.push({
      level: 'error',
      where: (child(tree, 'convertor') ?? tree).origin.where,
      key: 'convertor.url',
      message: 'is missing',
      remedy: 'Set it to the base URL of the convertor, such as http://localhost:3005',
    });
  }
  return withUrl(tree, 'http://localhost', {
    where: tree.origin.where,
    key: 'convertor.url',
    derived: 'nothing',
  });
}

function withUrl(tree: LocatedMap, url: string, origin: Origin): LocatedMap {
  const node = { type: 'scalar', origin, value: url, text: url, plain: false } as const;
  return withEntry(tree, ['convertor', 'url'], node);
}
