/**
 * The environment as the last layer: `MP_` and the path of a key, joined by `__`, in any case.
 *
 * `MP_STATUS_DASHBOARD__SECRET` is `status_dashboard.secret`. Names that the operator gave (dashboards)
 * are found whatever their case, with `_` for a sign that a variable's name cannot have.
 */

import { nearest } from '../values/spelling.ts';
import { child, emptyMap, keyInside, type Located, type LocatedMap, withEntry } from './located.ts';
import type { Problem } from './problem.ts';
import { fitsInFile, type Shape, shapeAt } from './shape.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

const prefix = 'MP_';
const suffix = '_file';
const suggestionsMax = 20;

/** The variables as a tree. `files` is what they will be laid over: its names are looked up. */
export function readEnvironment(
  env: Environment,
  files: LocatedMap,
  root: Shape,
  problems: Problem[],
): LocatedMap {
  const layer = new Layer(files, root, problems);
  const names = Object.keys(env).filter((name) => name.slice(0, prefix.length).toUpperCase() === prefix);
  for (const name of names.sort()) layer.take(name, env[name] ?? '');
  return layer.tree;
}

class Layer {
  tree: LocatedMap = emptyMap({ where: { env: 'MP_' }, key: '' });
  readonly #files: LocatedMap;
  readonly #root: Shape;
  readonly #problems: Problem[];
  #known: readonly string[] | undefined;
  #suggestions = 0;

  constructor(files: LocatedMap, root: Shape, problems: Problem[]) {
    this.#files = files;
    this.#root = root;
    this.#problems = problems;
  }

  take(variable: string, text: string): void {
    const found = resolveName(variable, this.#root, this.#files);
    const report = (level: Problem['level'], message: string, remedy: string) =>
      this.#problems.push({
        level,
        where: { env: variable },
        key: found.path.reduce(keyInside, ''),
        message,
        remedy,
      });
    if (found.result === 'unknown') {
      if (text === '') return;
      const meant = this.#nearest(variable);
      const remedy = meant ? `Did you mean ${meant}?` : 'Unset it, unless it is for another program';
      this.#problems.push({
        level: 'warning',
        where: { env: variable },
        key: '',
        message: 'no such key',
        remedy,
      });
    } else if (text === '') {
      if (found.isSecret) report('error', 'is empty', 'Set the secret, or unset the variable');
    } else if (found.result === 'list') {
      report('error', 'a list cannot be set by the environment', 'Write it in a file');
    } else if (found.result === 'section') {
      report('error', 'is a section', `Set its keys, such as ${variable}__${found.example.toUpperCase()}`);
    } else if (this.#has(found.path)) {
      report('error', 'is set by another variable too, in other case', 'Keep one of them');
    } else {
      const origin = { where: { env: variable }, key: found.path.reduce(keyInside, '') };
      const node: Located = { type: 'scalar', origin, value: text, text, plain: false };
      this.tree = withEntry(this.tree, found.path, node);
    }
  }

  /** A few are enough: whoever has more unknown variables has another program's. */
  #nearest(variable: string): string | undefined {
    this.#suggestions += 1;
    if (this.#suggestions > suggestionsMax) return undefined;
    this.#known ??= variableNames(this.#root, this.#files);
    return nearest(variable.toUpperCase(), this.#known);
  }

  #has(path: readonly string[]): boolean {
    return path.reduce<Located | undefined>(child, this.tree) !== undefined;
  }
}

type Found = {
  readonly result: 'value' | 'list' | 'section' | 'unknown';
  readonly path: readonly string[];
  readonly isSecret: boolean;
  /** For a section: one of its keys. */
  readonly example: string;
};

function resolveName(variable: string, root: Shape, files: LocatedMap): Found {
  const segments = variable.slice(prefix.length).toLowerCase().split('__');
  const path: string[] = [];
  let shape: Shape = root;
  let node: Located | undefined = files;
  for (const segment of segments) {
    const step = stepInto(shape, node, segment);
    if (shape.type === 'list') return { result: 'list', path, isSecret: false, example: '' };
    if (!step) return { result: 'unknown', path, isSecret: false, example: '' };
    path.push(step.name);
    shape = step.shape;
    node = child(node, step.name);
  }
  const isSecret = shape.type === 'value' && shape.takes === 'secret';
  return { result: resultOf(shape), path, isSecret, example: exampleOf(shape) };
}

type Step = { readonly name: string; readonly shape: Shape };

function stepInto(shape: Shape, node: Located | undefined, segment: string): Step | undefined {
  if (segment === '') return undefined;
  const isNamed =
    shape.type === 'names' || shape.type === 'any' || (shape.type === 'value' && shape.takes !== 'secret');
  const name = isNamed ? existingName(node, segment) : segment;
  const inside = shapeAt(shape, name, node) ?? shapeAt(shape, name);
  if (inside) return { name, shape: inside };
  if (!segment.endsWith(suffix)) return undefined;
  const plain = shapeAt(shape, segment.slice(0, -suffix.length));
  return plain && fitsInFile(plain) ? { name: segment, shape: plain } : undefined;
}

/** The operator's own name for it, if there is one; a variable's name has neither case nor dashes. */
function existingName(node: Located | undefined, segment: string): string {
  const names = node?.type === 'map' ? [...node.entries.keys()] : [];
  const exact = names.find((name) => name.toLowerCase() === segment);
  return exact ?? names.find((name) => name.toLowerCase().replace(/[^a-z0-9]/g, '_') === segment) ?? segment;
}

function resultOf(shape: Shape): Found['result'] {
  if (shape.type === 'list') return 'list';
  if (shape.type === 'any') return 'value';
  const takesMore = shape.type === 'value' && (shape.takes === 'map' || shape.takes === 'json');
  return shape.type === 'value' && !takesMore ? 'value' : 'section';
}

function exampleOf(shape: Shape): string {
  if (shape.type === 'keys') return [...shape.keys.keys()][0] ?? 'name';
  if (shape.type !== 'kinds') return 'name';
  return 'url';
}

/** Every variable that would be known, for finding the one that was meant. */
function variableNames(root: Shape, files: LocatedMap): readonly string[] {
  const sections = [{ shape: root, node: files as Located | undefined, name: 'MP' }];
  const names = new Set<string>();
  for (const { shape, node, name } of sections) {
    if (shape.type === 'value') names.add(name);
    if (fitsInFile(shape)) names.add(`${name}_FILE`);
    for (const key of keysOf(shape, node)) {
      const inside = shapeAt(shape, key, node) ?? shapeAt(shape, key);
      const separator = shape === root ? '_' : '__';
      const longer = `${name}${separator}${key.toUpperCase()}`;
      if (inside) sections.push({ shape: inside, node: child(node, key), name: longer });
    }
  }
  return [...names];
}

function keysOf(shape: Shape, node: Located | undefined): readonly string[] {
  switch (shape.type) {
    case 'keys':
      return [...shape.keys.keys()];
    case 'kinds':
      return [...shape.kinds.values()].flatMap((kind) => keysOf(kind, node));
    case 'names':
      return node?.type === 'map' ? [...node.entries.keys()] : [];
    default:
      return [];
  }
}

/** What the variable of a key says; undefined where there is none. */
export function variableOf(env: Environment, path: readonly string[]): string | undefined {
  const wanted = `${prefix}${path.join('__')}`.toUpperCase();
  return Object.entries(env).find(([name]) => name.toUpperCase() === wanted)?.[1];
}
