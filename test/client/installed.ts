/** The library as its users have it: packed, and unpacked into their node_modules. Nothing is downloaded. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

export type Project = {
  readonly folder: string;
  /** What the package holds, relative to its root. */
  readonly files: readonly string[];
  readonly remove: () => void;
};

/** Takes seconds: once a file. */
export function install(): Project {
  const folder = mkdtempSync(join(tmpdir(), 'cloudmon-reporter-client-'));
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  execFileSync('npm', pack, { stdio: ['ignore', 'ignore', 'ignore'] });
  const [tarball = ''] = readdirSync(folder).filter((name) => name.endsWith('.tgz'));
  const home = join(folder, 'node_modules', 'cloudmon-reporter');
  mkdirSync(home, { recursive: true });
  execFileSync('tar', ['-xzf', join(folder, tarball), '-C', home, '--strip-components=1']);
  writeFileSync(join(folder, 'package.json'), '{}');
  const files = readdirSync(home, { recursive: true, encoding: 'utf8' });
  return { folder, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** Runs a file of the project to its end. */
export async function runFile(
  { folder }: Project,
  name: string,
  source: string,
  env: Readonly<Record<string, string>> = {},
  nodeFlags: readonly string[] = [],
): Promise<Ended> {
  writeFileSync(join(folder, name), source);
  const child = spawn(process.execPath, [...nodeFlags, name], { cwd: folder, env });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      printed[stream] += text;
    });
  }
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...printed };
}
