/**
 * Values that stand in a file: `secret_file: /run/secrets/x` means `secret: <the content>`.
 *
 * First each layer's keys are renamed, so that the later layer wins whichever form it uses;
 * then, when the layers are one tree, the files that are still named are read.
 */
import { dirname, resolve } from 'node:path';
import { limits } from '../model/limits.ts';
import { type Entry, isAbsent, isNull, type Located, type LocatedFile, type LocatedMap } from './located.ts';
import type { Problem } from './problem.ts';
import { readText } from './read.ts';
import { fitsInFile, type Shape, shapeAt } from './shape.ts';

const suffix = '_file';

/** Renames `x_file` to `x` wherever `x` is a key and `x_file` is none. */
export function nameFiles(layer: LocatedMap, root: Shape, problems: Problem[]): LocatedMap {
  return rename(layer, root, problems) as LocatedMap;
}

function rename(node: Located, shape: Shape, problems: Problem[]): Located {
  if (node.type === 'list') {
    if (shape.type !== 'list') return node;
    return { ...node, items: node.items.map((item) => rename(item, shape.item, problems)) };
  }
  if (node.type === 'scalar') {
    return shape.type === 'value' && shape.takes === 'file' ? toFile(node) : node;
  }
  return node.type === 'map' && shape.type !== 'value' ? renameKeys(node, shape, problems) : node;
}

function renameKeys(node: LocatedMap, shape: Shape, problems: Problem[]): LocatedMap {
  const entries = new Map<string, Entry>();
  const files = new Map<string, Entry>();
  for (const [name, entry] of node.entries) {
    const plainName = name.slice(0, -suffix.length);
    const inside = isFileOfNamed(shape, name) ? undefined : shapeAt(shape, name, node);
    if (inside) {
      entries.set(name, { ...entry, node: rename(entry.node, inside, problems) });
    } else if (name.endsWith(suffix) && fitsInFile(shapeAt(shape, plainName, node))) {
      if (!isNull(entry.node)) files.set(plainName, entry);
    } else {
      entries.set(name, entry);
    }
  }
  for (const [name, entry] of files) {
    if (!isAbsent(entries.get(name)?.node)) {
      const message = `cannot stand beside ${name}`;
      problems.push({ level: 'error', ...entry.node.origin, message, remedy: 'Keep one of them' });
      continue;
    }
    entries.set(name, { ...entry, node: toFile(entry.node) });
  }
  return { ...node, entries };
}

/** Among names of single values any name would fit, one that ends so as well. */
function isFileOfNamed(shape: Shape, name: string): boolean {
  return shape.type === 'names' && fitsInFile(shape.inside) && name.endsWith(suffix);
}

/** Anything but a text is left for the schema to refuse. */
function toFile(node: Located): Located {
  if (node.type !== 'scalar' || isNull(node)) return node;
  return { type: 'file', origin: node.origin, path: node.text };
}

/** Reads what is named; the paths that were read are added to `paths`. */
export async function readFiles(node: Located, problems: Problem[], paths: string[]): Promise<Located> {
  if (node.type === 'file') return readContent(node, problems, paths);
  // Most sections name none, and waiting for each of their values would take longer than all the rest.
  if (!namesFile(node)) return node;
  if (node.type === 'list') {
    const items: Located[] = [];
    for (const item of node.items) items.push(await readFiles(item, problems, paths));
    return { ...node, items };
  }
  if (node.type !== 'map') return node;
  const entries = new Map<string, Entry>();
  for (const [name, entry] of node.entries) {
    const read = await readFiles(entry.node, problems, paths);
    entries.set(name, { ...entry, node: read });
  }
  return { ...node, entries };
}

function namesFile(node: Located): boolean {
  if (node.type === 'list') return node.items.some(namesFile);
  if (node.type === 'map') return [...node.entries.values()].some((entry) => namesFile(entry.node));
  return node.type === 'file';
}

async function readContent(node: LocatedFile, problems: Problem[], paths: string[]): Promise<Located> {
  const { where } = node.origin;
  const path = resolve('file' in where ? dirname(where.file) : '.', node.path);
  const text = node.path === '' ? noPath : await readText(path, limits.secretBytesMax);
  if (typeof text !== 'string') {
    // The path itself is not told: someone may have written the secret in its place.
    const message = `the file ${text.message}`;
    problems.push({ level: 'error', ...node.origin, message, remedy: text.remedy });
    return node;
  }
  paths.push(path);
  const content = withoutNewline(text);
  return {
    type: 'scalar',
    origin: node.origin,
    value: content,
    text: content,
    plain: false,
    contentOf: path,
  };
}

const noPath = { message: 'has no name', remedy: 'Write its path' };

/** The content of a secret's file, for the time when it has changed. */
export async function readAgain(path: string): Promise<string> {
  const text = await readText(path, limits.secretBytesMax);
  return typeof text === 'string' ? withoutNewline(text) : '';
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, '');
}
