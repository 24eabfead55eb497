/** Looks at the names of the sections. */
import type { LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import type { Shape } from './shape.ts';
import { reportUnknownKey } from './unknown-keys.ts';

export function reportTopLevel(tree: LocatedMap, root: Shape, problems: Problem[]): void {
  const keys = root.type === 'keys' ? root.keys : new Map<string, unknown>();
  for (const [name, { where }] of tree.entries) {
    if (!keys.has(name)) reportUnknownKey({ section: '', name, where }, keys.keys(), problems);
  }
}
