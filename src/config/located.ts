/**
 * The configuration as written, with the place of every value.
 *
 * Maps are `Map`s, so that a key such as `__proto__` is a key like any other. A section stands
 * where its key stands, a value where it stands itself.
 */
import type { Where } from './problem.ts';

export type Origin = {
  readonly where: Where;
  /** The key as written there, `reporter.services[0].name`. */
  readonly key: string;
  /** For a value that nobody wrote: what it follows from. */
  readonly derived?: string;
};

export type LocatedMap = {
  readonly type: 'map';
  readonly origin: Origin;
  readonly entries: Map<string, Entry>;
};

export type Entry = {
  /** Where the key stands. */
  readonly where: Where;
  readonly node: Located;
};

type LocatedList = {
  readonly type: 'list';
  readonly origin: Origin;
  readonly items: readonly Located[];
};

export type LocatedScalar = {
  readonly type: 'scalar';
  readonly origin: Origin;
  readonly value: string | number | boolean | null;
  /** As it is written, without quotes: `0123` where the value is 123. */
  readonly text: string;
  /** Without quotes, so that YAML gave it a type. */
  readonly plain: boolean;
  /** Nothing is written there but `#` and a word: someone may have meant the word. */
  readonly isCommentedOut?: true;
  /** The file whose content it is. */
  readonly contentOf?: string;
};

/** A value that is the content of a file not read yet. */
export type LocatedFile = {
  readonly type: 'file';
  readonly origin: Origin;
  readonly path: string;
};

export type Located = LocatedMap | LocatedList | LocatedScalar | LocatedFile;

export function emptyMap(origin: Origin): LocatedMap {
  return { type: 'map', origin, entries: new Map() };
}

/** Whether nothing is written there: a bare `key:` or null. `~` may be a secret, so it counts. */
export function isAbsent(node: Located | undefined): boolean {
  return node === undefined || (node.type === 'scalar' && node.value === null && node.text !== '~');
}

export function isNull(node: Located | undefined): boolean {
  return node === undefined || (node.type === 'scalar' && node.value === null);
}

export function child(node: Located | undefined, key: string): Located | undefined {
  return node?.type === 'map' ? node.entries.get(key)?.node : undefined;
}

export function at(node: Located | undefined, ...path: readonly string[]): Located | undefined {
  return path.reduce(child, node);
}

/** The key of something inside: names that are no plain word are quoted. */
export function keyInside(key: string, name: string | number): string {
  if (typeof name === 'number') return `${key}[${name}]`;
  const shown = /^[\w-]{1,60}$/.test(name) ? name : JSON.stringify(name.slice(0, 60));
  return key === '' ? shown : `${key}.${shown}`;
}

/** A copy of the map with one entry set; what was on the way and is not a map stays as it is. */
export function withEntry(map: LocatedMap, path: readonly string[], node: Located): LocatedMap {
  const [name, ...rest] = path;
  if (name === undefined) return map;
  const entries = new Map(map.entries);
  const existing = entries.get(name);
  if (rest.length === 0) {
    entries.set(name, { where: node.origin.where, node });
    return { ...map, entries };
  }
  const inner = existing?.node;
  if (inner !== undefined && inner.type !== 'map' && !isNull(inner)) return map;
  const section =
    inner?.type === 'map' ? inner : emptyMap({ ...node.origin, key: keyInside(map.origin.key, name) });
  entries.set(name, { where: existing?.where ?? node.origin.where, node: withEntry(section, rest, node) });
  return { ...map, entries };
}
