/** Finds the sections of a tree. */
import { notASection } from './decode.ts';
import { child, type Entry, emptyMap, isNull, type Located, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';

/** The section as it is written, right or wrong; empty where there is none. */
export function sectionOf(tree: LocatedMap, name: string): Located {
  const node = child(tree, name);
  if (node !== undefined && !isNull(node)) return node;
  return emptyMap({ where: node?.origin.where ?? tree.origin.where, key: name });
}

/** The entries of a section whose keys are names; an empty one is none. */
export function namedSections(
  tree: LocatedMap,
  name: string,
  problems: Problem[],
): readonly (readonly [string, Entry])[] {
  const section = sectionOf(tree, name);
  if (section.type === 'map') return [...section.entries].filter(([, { node }]) => !isNull(node));
  problems.push({ level: 'error', ...section.origin, ...notASection });
  return [];
}
