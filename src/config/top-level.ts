/** Looks at the names of the sections: what is unknown, and what this version does not have. */
import { at, child, isNull, type Located, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import type { Shape } from './shape.ts';
import { reportUnknownKey } from './unknown-keys.ts';

export function reportTopLevel(tree: LocatedMap, root: Shape, problems: Problem[]): void {
  const keys = root.type === 'keys' ? root.keys : new Map<string, unknown>();
  for (const [name, { where, node }] of tree.entries) {
    if (!keys.has(name)) reportUnknownKey({ section: '', name, where }, keys.keys(), problems);
    if (name === 'collector' && !isNull(node)) reportCollector(tree, where, problems);
    if (name === 'maintenance' && !isNull(node) && !isEmptyList(node)) {
      const message = 'is not supported by this version';
      problems.push({ level: 'error', where, key: name, message, remedy: 'Take it out' });
    }
  }
}

function isEmptyList(node: Located): boolean {
  return node.type === 'list' && node.items.length === 0;
}

function reportCollector(tree: LocatedMap, where: Problem['where'], problems: Problem[]): void {
  const hasUrl = !isNull(at(tree, 'convertor', 'url')) || !isNull(child(tree, 'health_metrics'));
  problems.push(
    hasUrl
      ? {
          level: 'error',
          where,
          key: 'collector',
          message: 'is not supported by this version',
          remedy: 'Take it out',
        }
      : {
          level: 'error',
          where,
          key: 'collector',
          message: 'the embedded collector is not part of this version: set convertor.url',
          remedy: 'Then take collector out',
        },
  );
}
