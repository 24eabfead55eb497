/** Does everything that a page of the documentation shows, in its order, and compares what it says comes of it. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished } from 'vitest';
import type { Page } from '../docs/page.ts';
import { file, temporaryFolder } from '../process/program.ts';
import { until } from './prometheus.ts';

const run = promisify(execFile);

type Block = Page['blocks'][number];
type Place = { readonly folder: string; readonly env: NodeJS.ProcessEnv };

/**
 * @param here the text of a block with the ports of this test
 * @param portOf of what a command in the background opens
 * @returns how many commands were run to their end
 */
export async function followSteps(
  { blocks }: Page,
  env: Readonly<Record<string, string>>,
  here: (text: string) => string,
  portOf: (command: string) => number,
): Promise<number> {
  const folder = temporaryFolder();
  const place = { folder, env: { ...environment(folder), ...env } };
  let printed: string | undefined;
  let steps = 0;
  for (const block of blocks) {
    const text = here(block.text);
    const name = /file=(\S+)/.exec(block.info)?.[1];
    if (name) {
      file(text, name, folder);
    } else if (block.info === 'sh background') {
      background(text, place);
      await listens(portOf(text));
    } else if (/^(sh|python)\b/.test(block.info)) {
      printed = await output(block, text, place);
      steps++;
    } else if (/^(json|text)$/.test(block.info)) {
      expect(printed?.trim(), block.place).toBe(text.trim());
    }
  }
  return steps;
}

async function output({ info, place }: Block, text: string, { folder, env }: Place): Promise<string> {
  const command: [string, string[]] = info.startsWith('python')
    ? ['/usr/bin/python3', [file(text, 'push.py', folder)]]
    : ['bash', ['-euo', 'pipefail', '-c', text]];
  const options = { cwd: folder, env, timeout: 30_000 };
  if (info !== 'sh later') return (await run(...command, options)).stdout;
  // After the next roll-up there is something to be found.
  let found = '';
  await until(async () => {
    found = await run(...command, options).then(
      ({ stdout }) => stdout,
      () => '',
    );
    return found || undefined;
  }, 40_000);
  expect(found, place).not.toBe('');
  return found;
}

function background(text: string, { folder, env }: Place): void {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec ${text}`], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
}

async function listens(port: number): Promise<void> {
  await until(async () => {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isOpen || undefined;
  });
}

/** The program is on the PATH, and the package can be imported. */
function environment(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nexec ${process.execPath} ${resolve('dist/cli.js')} "$@"\n`;
  chmodSync(file(program, 'cloudmon-reporter', bin), 0o755);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(resolve('.'), join(folder, 'node_modules', 'cloudmon-reporter'));
  const { PATH } = process.env;
  return { PATH: `${bin}:${PATH}`, HOME: folder };
}
