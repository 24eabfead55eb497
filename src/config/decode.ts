/**
 * Brings a located section and its schema together: what zod complains about gets its place back.
 *
 * What is written is first made plain for zod: nothing where nothing is, the source of a text that YAML
 * took for a number, a secret that cannot be printed. Keys that the schema does not have are told.
 */
import type * as z from 'zod/mini';
import { Secret } from '../model/secret.ts';
import type { Takes } from '../values/facts.ts';
import {
  at,
  isAbsent,
  isNull,
  keyInside,
  type Located,
  type LocatedMap,
  type LocatedScalar,
  type Origin,
} from './located.ts';
import type { Problem } from './problem.ts';
import { readAgain } from './secret-files.ts';
import { type Shape, shapeAt, shapeOf, shapeOfKind } from './shape.ts';
import { reportUnknownKey } from './unknown-keys.ts';

/** Undefined where the section has an error; then `problems` has grown. */
export function decodeSection<Output>(
  schema: z.ZodMiniType<Output>,
  section: Located,
  problems: Problem[],
): Output | undefined {
  const shape = shapeOf(schema);
  const plain = new Plain(problems).of(section, shape);
  const result = schema.safeParse(plain);
  if (result.success) return result.data;
  for (const issue of result.error.issues) {
    const found = locate(section, issue.path);
    // A file that could not be read has been told already, and so has what misses it.
    if (!found || isAboutUnread(section, issue)) continue;
    problems.push({ level: 'error', where: found.where, key: found.key, ...wordsOf(issue, shape) });
  }
  return undefined;
}

/** Whether a file that could not be read stands beside it, and is what it misses. */
function isAboutUnread(section: Located, { path, message }: z.core.$ZodIssue): boolean {
  const beside = at(section, ...path.slice(0, -1).map(String));
  const entries = beside?.type === 'map' ? [...beside.entries] : [];
  return entries.some(([name, { node }]) => node.type === 'file' && message.includes(name));
}

function wordsOf(issue: z.core.$ZodIssue, shape: Shape): Pick<Problem, 'message' | 'remedy'> {
  if (issue.code === 'custom') {
    const remedy = issue.params?.['remedy'] as string | undefined;
    return { message: issue.message, ...(remedy !== undefined && { remedy }) };
  }
  if (issue.code === 'invalid_type' && issue.expected === 'array') {
    return notAList;
  }
  const keys = keysInside(shape, issue.path);
  if (keys.length === 0 || keys.length > keysListedMax) return notASection;
  return { ...notASection, remedy: `${notASection.remedy}: ${keys.join(', ')}` };
}

/** Keys that are worth a list. */
const keysListedMax = 8;

/** The keys that the section at `path` has; none where they are names that the operator gives. */
function keysInside(shape: Shape, path: readonly PropertyKey[]): readonly string[] {
  let at: Shape | undefined = shape;
  for (const part of path) {
    at = at?.type === 'list' ? at.item : at && shapeAt(at, String(part));
  }
  return at?.type === 'keys' ? [...at.keys.keys()] : [];
}

export const notASection = {
  message: 'must be a section of keys and values',
  remedy: 'Write its keys below it, indented',
} as const;

export const notAList = {
  message: 'must be a list',
  remedy: 'Begin each entry with a dash and a space',
} as const;

/** The place of a value, or of what it would be in. */
export function locate(section: Located, path: readonly PropertyKey[]): Origin | undefined {
  let node = section;
  for (const [index, part] of path.entries()) {
    const inner =
      node.type === 'map'
        ? node.entries.get(String(part))?.node
        : node.type === 'list'
          ? node.items[Number(part)]
          : undefined;
    if (!inner || (node.type === 'map' && isAbsent(inner))) {
      return { where: node.origin.where, key: restOf(path.slice(index), node.origin.key) };
    }
    node = inner;
  }
  return node.type === 'file' ? undefined : node.origin;
}

function restOf(path: readonly PropertyKey[], key: string): string {
  return path.reduce<string>(
    (inside, part) => keyInside(inside, typeof part === 'number' ? part : String(part)),
    key,
  );
}

class Plain {
  readonly #problems: Problem[];

  constructor(problems: Problem[]) {
    this.#problems = problems;
  }

  of(node: Located, shape: Shape): unknown {
    if (shape.type === 'kinds') return this.of(node, shapeOfKind(shape, node) ?? { type: 'any' });
    if (node.type === 'file') return undefined;
    if (node.type === 'scalar') return this.#scalar(node, shape);
    if (node.type === 'list') {
      const item = shape.type === 'list' ? shape.item : anything;
      return node.items.map((each) => this.of(each, item) ?? null);
    }
    return this.#map(node, shape);
  }

  #map(node: LocatedMap, shape: Shape): unknown {
    const plain: Record<string, unknown> = Object.create(null);
    for (const [name, { where, node: inner }] of node.entries) {
      const inside = insideOf(shape, name);
      if (inside) {
        const each = this.of(inner, inside);
        if (each !== undefined) plain[name] = each;
      } else if (shape.type === 'keys' && !shape.open) {
        reportUnknownKey({ section: node.origin.key, name, where }, shape.keys.keys(), this.#problems);
      }
    }
    return plain;
  }

  #scalar(node: LocatedScalar, shape: Shape): unknown {
    const takes: Takes | undefined = shape.type === 'value' ? shape.takes : undefined;
    if (takes === 'secret') return this.#secret(node);
    if (isNull(node)) return undefined;
    switch (takes) {
      case 'file':
      case 'proxy':
        return this.#secret(node);
      case 'text':
      case 'map':
        return node.text;
      case 'number':
        return typeof node.value === 'string' ? numberOf(node.value) : node.value;
      case 'boolean':
        return node.text === 'true' || node.text === 'false' ? node.text === 'true' : node.value;
      default:
        return node.value;
    }
  }

  #secret(node: LocatedScalar): Secret | undefined {
    const warn = (message: string, remedy: string) =>
      this.#problems.push({ level: 'warning', ...node.origin, message, remedy });
    if (node.value === null && node.text !== '~') {
      if (node.isCommentedOut) warn('is empty, because # begins a comment', 'Put the secret in quotes');
      return undefined;
    }
    if (node.value === null) {
      warn('a bare ~ is taken as the text ~', 'Put it in quotes, or leave the key empty');
    }
    const path = node.contentOf;
    return path === undefined ? new Secret(node.text) : new Secret(node.text, () => readAgain(path));
  }
}

const anything: Shape = { type: 'any' };
/** Inside a map of texts every value is a text, `0123` and `true` too. */
const text: Shape = { type: 'value', takes: 'text' };

function insideOf(shape: Shape, name: string): Shape | undefined {
  if (shape.type === 'keys') return shape.keys.get(name)?.shape ?? (shape.open ? anything : undefined);
  if (shape.type === 'names') return shape.inside;
  return shape.type === 'value' && shape.takes === 'map' ? text : anything;
}

/** A number as JSON writes it; anything else stays the text that it is. */
function numberOf(written: string): number | string {
  return /^-?\d{1,15}(?:\.\d{1,15})?$/.test(written) ? Number(written) : written;
}
