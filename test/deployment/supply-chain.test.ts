/** What we build on: locked, verifiable, few, and free to use. No network is asked. */
import { readFileSync } from 'node:fs';
import { build, type Metafile } from 'esbuild';
import { expect, test } from 'vitest';
import pkg from '../../package.json' with { type: 'json' };

type Entry = {
  readonly version: string;
  readonly resolved?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
};

const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as {
  readonly lockfileVersion: number;
  readonly packages: Readonly<Record<string, Entry>>;
};
const locked = Object.entries(lock.packages).filter(([path]) => path !== '');
const production = locked.filter(([, entry]) => !entry.dev);

/** Each one is an account that can be taken over: a new one needs a reason, not a larger number here. */
const bundledMax = 46;

/** What our packages ask for and nothing that we run loads: who installs us by npm gets it all the same. */
const idle = [
  '@opentelemetry/api',
  '@types/http-cache-semantics',
  'bintrees',
  'pino-abstract-transport',
  'process-warning',
  'real-require',
  'split2',
  'tdigest',
  'type-fest',
];

const licences = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
];
/** Of tools that we only run: what they are licensed under does not reach what we ship. */
const toolLicences = [...licences, 'MPL-2.0'];

test('every package is locked by a SHA-512 of its content', () => {
  expect(lock.lockfileVersion).toBe(3);
  const open = locked.filter(([, { integrity = '' }]) => !/^sha512-[A-Za-z0-9+/]{86}==$/.test(integrity));
  expect(paths(open)).toEqual([]);
});

test('every package comes from a registry, never from git, an address or a folder', () => {
  const foreign = locked.filter(([, { version, link }]) => link || !/^\d+\.\d+\.\d+/.test(version));
  expect(paths(foreign)).toEqual([]);
  const odd = locked.flatMap(([path, { dependencies = {} }]) =>
    Object.values(dependencies).flatMap((range) => (/[:/]/.test(range.replace(/^npm:/, '')) ? [path] : [])),
  );
  expect(odd).toEqual([]);
});

test('the lock file names no registry, so that everybody may use their own', () => {
  expect(paths(locked.filter(([, { resolved }]) => resolved !== undefined))).toEqual([]);
  expect(readFileSync('.npmrc', 'utf8').split('\n')).toContain('omit-lockfile-registry-resolved=true');
});

test('what we name ourselves is one exact version', () => {
  const named = { ...pkg.dependencies, ...pkg.devDependencies };
  expect(Object.entries(named).filter(([, range]) => !/^(npm:[\w@/-]+@)?\d+\.\d+\.\d+$/.test(range))).toEqual(
    [],
  );
});

test('no package that we ship runs a script when it is installed', () => {
  expect(paths(production.filter(([, { hasInstallScript }]) => hasInstallScript))).toEqual([]);
});

test('what we ship is made of few packages', async () => {
  expect((await bundled()).length).toBeLessThanOrEqual(bundledMax);
});

test('what npm installs with it is that, and a few more that nothing loads, each known by name', async () => {
  const parts = await bundled();
  expect(parts.filter((path) => !production.some(([installed]) => installed === path))).toEqual([]);
  const unused = paths(production).filter((path) => !parts.includes(path));
  expect(unused.map((path) => path.replace(/^node_modules\//, ''))).toEqual(idle);
});

test('a reporter without a collector loads nothing that reads queries, expressions or cron expressions', async () => {
  const built = await program();
  const languages = ['@lezer/lr', '@prometheus-io/lezer-promql', 're2js', 'jsep', 'croner'].map(
    (name) => `node_modules/${name}`,
  );
  expect(foldersOf(Object.keys(built.inputs))).toEqual(expect.arrayContaining(languages));
  // All commands are in the first; the others are loaded by a reporter at work.
  const loaded = loadedWith(
    ['src/cli/main.ts', 'src/telemetry/telemetry.ts', 'node_modules/got/dist/source/index.js'],
    built,
  );
  expect(loaded).toContain('node_modules/got');
  expect(loaded.filter((folder) => languages.includes(folder))).toEqual([]);
});

test('every licence is one that we may use', () => {
  const refused = locked.filter(
    ([, { license = '', dev }]) => !isFree(license, dev ? toolLicences : licences),
  );
  expect(refused.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});

test('a licence with a choice is fine if one of them is, a combination if all are', () => {
  expect(isFree('MIT OR GPL-3.0', licences)).toBe(true);
  expect(isFree('(MIT AND GPL-3.0)', licences)).toBe(false);
  expect(isFree('', licences)).toBe(false);
});

/** SPDX expressions without nesting, which is all that is found. */
function isFree(expression: string, allowed: readonly string[]): boolean {
  const choices = expression.replaceAll(/[()]/g, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((licence) => allowed.includes(licence)));
}

function paths(entries: readonly (readonly [string, Entry])[]): readonly string[] {
  return entries.map(([path]) => path);
}

/** The folders of the packages that the program is bundled from. */
async function bundled(): Promise<readonly string[]> {
  const { inputs } = await program();
  return foldersOf(Object.keys(inputs));
}

function foldersOf(inputs: readonly string[]): readonly string[] {
  const folders = inputs.map((path) => /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))];
}

/** How the program is bundled. */
async function program(): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: ['src/cli/main.ts'],
    outdir: 'nowhere',
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    write: false,
    metafile: true,
  });
  return metafile;
}

/** The packages that are loaded with the chunks of these files, and with whatever those import at once. */
function loadedWith(files: readonly string[], { outputs }: Metafile): readonly string[] {
  const waiting = Object.keys(outputs).filter((path) => files.includes(outputs[path]?.entryPoint ?? ''));
  expect(waiting).toHaveLength(files.length);
  const loaded = new Set<string>();
  for (const path of waiting) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    for (const { path: imported, kind, external } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && !external) waiting.push(imported);
    }
  }
  return foldersOf([...loaded].flatMap((path) => Object.keys(outputs[path]?.inputs ?? {})));
}
