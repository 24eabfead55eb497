/** A folder with real files for one test, gone when the test is over. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CommonConfig, Config } from '../../src/config/config.ts';
import { formatProblem } from '../../src/config/explain.ts';
import { type Load, type Loaded, loadConfig } from '../../src/config/load.ts';

export type Files = Readonly<Record<string, string | Uint8Array | { readonly link: string }>>;

export function makeFolder(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), 'config-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'object' && 'link' in content) symlinkSync(content.link, path);
    else writeFileSync(path, content);
  }
  return folder;
}

export type Outcome<Of extends CommonConfig = Config> = Loaded<Of> & {
  /** Every problem as it is printed, one a line, without the folder. */
  readonly lines: string;
};

/** Loads `config.yaml` of such a folder, or the files that are named. */
export async function load(
  files: Files,
  env: Readonly<Record<string, string>> = {},
  named: readonly string[] = ['config.yaml'],
): Promise<Outcome> {
  return loadBy(loadConfig, files, env, named);
}

export async function loadBy<Of extends CommonConfig>(
  loader: Load<Of>,
  files: Files,
  env: Readonly<Record<string, string>> = {},
  named: readonly string[] = ['config.yaml'],
): Promise<Outcome<Of>> {
  const folder = makeFolder(files);
  const loaded = await loader(
    named.map((name) => join(folder, name)),
    env,
  );
  const lines = loaded.problems
    .map(formatProblem)
    .join('\n')
    .replaceAll(`${folder}/`, '')
    .replaceAll(folder, '.');
  return { ...loaded, lines };
}

/** The least that is valid, so that a test can say only what it is about. */
export const parts = {
  convertor: 'convertor: {url: http://localhost:3005}\n',
  dashboard: 'status_dashboard: {url: https://dashboard.example.com, secret: your-jwt-secret}\n',
  services: 'reporter: {services: [{name: api}]}\n',
};
export const minimal = parts.convertor + parts.dashboard + parts.services;
