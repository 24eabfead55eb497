/**
 * The shape of the configuration, read from the schemas: which keys there are and how each is written.
 *
 * The only place that knows how zod keeps a schema; whoever walks the configuration walks this.
 */
import type * as z from 'zod/mini';
import { type Facts, facts, type Takes } from '../values/facts.ts';
import { child, type Located } from './located.ts';

export type Shape = KeysShape | NamesShape | ListShape | KindsShape | ValueShape | AnyShape;

/** A section with keys of ours, or CloudMon's (`open`), in which others are let be. */
type KeysShape = {
  readonly type: 'keys';
  readonly keys: ReadonlyMap<string, Key>;
  readonly open: boolean;
};
export type Key = {
  readonly shape: Shape;
  /** As it would be written. */
  readonly default?: unknown;
  /** The default does not count beside this key. */
  readonly unless?: string;
  /** It counts only beside this one. */
  readonly beside?: string;
};
/** A section whose keys are names that the operator gives. */
type NamesShape = { readonly type: 'names'; readonly inside: Shape };
type ListShape = { readonly type: 'list'; readonly item: Shape };
/** A section whose keys depend on its `kind`. */
export type KindsShape = { readonly type: 'kinds'; readonly kinds: ReadonlyMap<string, Shape> };
type ValueShape = { readonly type: 'value'; readonly takes: Takes };
/** CloudMon's: nothing of it is looked at. */
type AnyShape = { readonly type: 'any' };

type Schema = z.ZodMiniType;
/** The parts of zod's definitions that are used here. */
type Definition = {
  readonly type: string;
  readonly shape?: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly innerType?: Schema;
  readonly defaultValue?: unknown;
  readonly in?: Schema;
  readonly element?: Schema;
  readonly valueType?: Schema;
  readonly options?: readonly Schema[];
  readonly values?: readonly unknown[];
};

export function shapeOf(schema: Schema): Shape {
  const known: Facts | undefined = facts.get(schema);
  if (known?.takes) return { type: 'value', takes: known.takes };
  const definition = definitionOf(schema);
  switch (definition.type) {
    case 'object':
      return {
        type: 'keys',
        keys: keysOf(definition),
        open: definition.catchall?._zod.def.type === 'unknown',
      };
    case 'record':
      return { type: 'names', inside: inside(definition.valueType) };
    case 'array':
      return { type: 'list', item: inside(definition.element) };
    case 'union':
      return { type: 'kinds', kinds: kindsOf(definition.options ?? []) };
    case 'pipe':
      return inside(definition.in);
    case 'optional':
    case 'prefault':
      return inside(definition.innerType);
    case 'literal':
      return { type: 'value', takes: 'text' };
    default:
      return { type: 'any' };
  }
}

function definitionOf(schema: Schema): Definition {
  return schema._zod.def as unknown as Definition;
}

function inside(schema: Schema | undefined): Shape {
  return schema ? shapeOf(schema) : { type: 'any' };
}

function keysOf(definition: Definition): ReadonlyMap<string, Key> {
  const keys = new Map<string, Key>();
  for (const [name, schema] of Object.entries(definition.shape ?? {})) {
    const own = definitionOf(schema);
    const shape = shapeOf(schema);
    const implied = facts.get(schema)?.implied;
    if (implied) {
      const { value, ...where } = implied;
      keys.set(name, { shape, default: value, ...where });
    } else keys.set(name, own.type === 'prefault' ? { shape, default: own.defaultValue } : { shape });
  }
  return keys;
}

/** By the word that each kind's `kind` must be. */
function kindsOf(options: readonly Schema[]): ReadonlyMap<string, Shape> {
  const kinds = new Map<string, Shape>();
  for (const option of options) {
    let definition = definitionOf(option);
    while (definition.in) definition = definitionOf(definition.in);
    let kind = definition.shape?.['kind'] && definitionOf(definition.shape['kind']);
    if (kind?.innerType) kind = definitionOf(kind.innerType);
    kinds.set(String(kind?.values?.[0]), shapeOf(option));
  }
  return kinds;
}

/** What is inside under a name; of a section whose kind is not known, what any kind has there. */
export function shapeAt(shape: Shape, name: string, node?: Located): Shape | undefined {
  switch (shape.type) {
    case 'keys':
      return shape.keys.get(name)?.shape;
    case 'names':
      return shape.inside;
    case 'kinds': {
      const known = shapeOfKind(shape, node);
      if (known) return shapeAt(known, name);
      return [...shape.kinds.values()].map((each) => shapeAt(each, name)).find((each) => each !== undefined);
    }
    case 'value':
      return shape.takes === 'map' || shape.takes === 'json' ? { type: 'any' } : undefined;
    case 'any':
      return shape;
    case 'list':
      return undefined;
  }
}

/** The shape that a section's `kind` chooses, if it says one that exists. */
export function shapeOfKind(shape: KindsShape, node: Located | undefined): Shape | undefined {
  const kind = child(node, 'kind');
  return kind?.type === 'scalar' ? shape.kinds.get(kind.text) : undefined;
}

export function isSecretAt(root: Shape, path: readonly string[]): boolean {
  let shape: Shape | undefined = root;
  for (const name of path) shape = shape && shapeAt(shape, name);
  return shape?.type === 'value' && shape.takes === 'secret';
}

/** Whether the value may be written as the path of a file that holds it. */
export function fitsInFile(shape: Shape | undefined): boolean {
  return shape?.type === 'value' && !['file', 'json', 'map'].includes(shape.takes);
}
