/** Looks at the names of the sections: what is unknown, and what this version does not have. */
import { isNull, type Located, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import type { Shape } from './shape.ts';
import { reportUnknownKey } from './unknown-keys.ts';

export function reportTopLevel(tree: LocatedMap, root: Shape, problems: Problem[]): void {
  const keys = root.type === 'keys' ? root.keys : new Map<string, unknown>();
  for (const [name, { where, node }] of tree.entries) {
    if (!keys.has(name)) reportUnknownKey({ section: '', name, where }, keys.keys(), problems);
    if (name === 'maintenance' && !isNull(node) && !isEmptyList(node)) {
      const message = 'is not supported by this version';
      problems.push({ level: 'error', where, key: name, message, remedy: 'Take it out' });
    }
  }
}

function isEmptyList(node: Located): boolean {
  return node.type === 'list' && node.items.length === 0;
}
