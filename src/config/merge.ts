/** Lays one tree over another: maps merge, a few lists append, for the rest the later wins. */
import { isAbsent, keyInside, type Located, type LocatedMap } from './located.ts';

/** CloudMon replaces these and so loses what an earlier file defines; entries of one identity are told later. */
const appended = new Set(['reporter.services', 'flag_metrics', 'environments']);

/** Whether `~` at this key is a text, because the key is a secret; elsewhere it is nothing. */
export type IsSecret = (path: readonly string[]) => boolean;

export function mergeTrees(earlier: LocatedMap, later: LocatedMap, isSecret: IsSecret): LocatedMap {
  return mergeMaps(earlier, later, [], isSecret);
}

function mergeMaps(
  earlier: LocatedMap,
  later: LocatedMap,
  path: readonly string[],
  isSecret: IsSecret,
): LocatedMap {
  const entries = new Map(earlier.entries);
  for (const [name, entry] of later.entries) {
    const before = entries.get(name);
    const node = merge(before?.node, entry.node, [...path, name], isSecret);
    entries.set(name, { where: node === before?.node ? before.where : entry.where, node });
  }
  return { ...earlier, entries };
}

function merge(
  earlier: Located | undefined,
  later: Located,
  path: readonly string[],
  isSecret: IsSecret,
): Located {
  if (earlier === undefined) return later;
  const tilde = later.type === 'scalar' && later.value === null && !isSecret(path);
  if (isAbsent(later) || tilde) return earlier;
  if (earlier.type === 'map' && later.type === 'map') return mergeMaps(earlier, later, path, isSecret);
  if (earlier.type === 'list' && later.type === 'list' && appended.has(path.reduce(keyInside, ''))) {
    return { ...later, items: [...earlier.items, ...later.items] };
  }
  return later;
}
