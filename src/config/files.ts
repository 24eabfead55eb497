/**
 * Finds and reads the files of a configuration, in the order in which later ones win.
 *
 * Beside each file its `conf.d/*.yaml` belongs to it. In a Kubernetes volume the file is a link into
 * `..data`, so conf.d is looked for beside the link and beside what it leads to.
 */
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { limits } from '../model/limits.ts';
import type { Problem } from './problem.ts';
import { readText, unreadable } from './read.ts';

export type SourceFile = {
  /** As the operator wrote it. */
  readonly path: string;
  readonly text: string;
  /** Found in a folder, not named: it may be empty. */
  readonly found: boolean;
};

export type Sources = { readonly files: readonly SourceFile[]; readonly problems: readonly Problem[] };

type Candidate = { readonly path: string; readonly found: boolean };

export async function readSources(paths: readonly string[]): Promise<Sources> {
  const problems: Problem[] = [];
  const files: SourceFile[] = [];
  const seen = new Set<string>();
  for (const path of paths) {
    for (const candidate of await candidates(path, problems)) {
      const real = await realpath(candidate.path).catch(() => candidate.path);
      if (seen.has(real)) continue;
      seen.add(real);
      if (seen.size > limits.configFilesMax) {
        problems.push(
          fileError(candidate.path, `is one more than ${limits.configFilesMax} files`, 'Join some of them'),
        );
        return { files, problems };
      }
      const file = await readSource(candidate, problems);
      if (file) files.push(file);
    }
  }
  return { files, problems };
}

async function candidates(path: string, problems: Problem[]): Promise<readonly Candidate[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    const named = { path, found: false };
    return [named, ...(await besides([dirname(path), await realFolder(path)], problems))];
  }
  const own = (await yamlFiles(path, problems)) ?? [];
  if (own.length === 0) {
    problems.push(
      fileError(path, 'the folder has no file that ends in .yaml', 'Name a file, or rename .yml to .yaml'),
    );
    return [];
  }
  return [...own.map((each) => ({ path: each, found: true })), ...(await besides([path], problems))];
}

async function realFolder(path: string): Promise<string> {
  return dirname(await realpath(path).catch(() => path));
}

/** The files of each folder's conf.d, by name; where names are equal the link's own folder comes first. */
async function besides(folders: readonly string[], problems: Problem[]): Promise<readonly Candidate[]> {
  const found: string[] = [];
  for (const folder of new Set(folders)) {
    found.push(...((await yamlFiles(join(folder, 'conf.d'), problems)) ?? []));
  }
  return byName(found).map((path) => ({ path, found: true }));
}

async function yamlFiles(folder: string, problems: Problem[]): Promise<readonly string[] | undefined> {
  try {
    const names = await readdir(folder, { withFileTypes: true });
    const yaml = names.filter(
      (entry) => entry.name.endsWith('.yaml') && !entry.name.startsWith('.') && !entry.isDirectory(),
    );
    return byName(yaml.map((entry) => join(folder, entry.name)));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Without a conf.d there is nothing to find; a folder that is named was seen to exist.
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    const { message, remedy } = unreadable(code);
    problems.push(fileError(folder, message, remedy));
    return undefined;
  }
}

/** By code unit: the same on every machine, whatever its language. */
function byName(paths: readonly string[]): readonly string[] {
  return [...paths].sort((a, b) => {
    const [left, right] = [basename(a), basename(b)];
    return left < right ? -1 : Number(left > right);
  });
}

async function readSource({ path, found }: Candidate, problems: Problem[]): Promise<SourceFile | undefined> {
  const read = await readText(path, limits.configBytesMax);
  if (typeof read !== 'string') {
    problems.push(fileError(path, `the file ${read.message}`, read.remedy));
    return undefined;
  }
  const text = read.startsWith('\uFEFF') ? read.slice(1) : read;
  const binary = controlCharacter.exec(text);
  if (binary) {
    const before = text.slice(0, binary.index);
    const where = {
      file: path,
      line: before.split('\n').length,
      column: binary.index - before.lastIndexOf('\n'),
    };
    const message = 'a control character, so this is not YAML';
    problems.push({
      level: 'error',
      where,
      key: '',
      message,
      remedy: 'Is it the right file? In quotes write \\x1b',
    });
    return undefined;
  }
  return { path, text, found };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what YAML forbids.
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]/;

function fileError(path: string, message: string, remedy: string): Problem {
  return { level: 'error', where: { file: path }, key: '', message, remedy };
}
