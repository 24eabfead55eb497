/** Everything that docs/collector.md shows is done in its order, and answers what the page says. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { page, tableRows } from '../docs/page.ts';
import { file, freePort, start, temporaryFolder } from '../process/program.ts';
import { until } from './prometheus.ts';

const doc = page('docs/collector.md');
const run = promisify(execFile);

type Block = (typeof doc.blocks)[number];

test('from nothing to numbers on a page, each step as it is written', { timeout: 120_000 }, async () => {
  const folder = temporaryFolder();
  const ports = { 3000: await freePort(), 8081: await freePort() };
  const env = { ...environment(folder), PORT: String(ports[3000]) };
  const here = (text: string) =>
    text.replaceAll(':3000', `:${ports[3000]}`).replace(/(:|listen\()8081/g, `$1${ports[8081]}`);
  let printed: string | undefined;
  let steps = 0;
  for (const block of doc.blocks) {
    const text = here(block.text);
    const name = /file=(\S+)/.exec(block.info)?.[1];
    if (name) {
      file(text, name, folder);
    } else if (block.info === 'sh background') {
      background(text, folder, env);
      await listens(/shop/.test(text) ? ports[8081] : ports[3000]);
    } else if (/^(sh|python)\b/.test(block.info)) {
      printed = await output(block, text, folder, env);
      steps++;
    } else if (/^(json|text)$/.test(block.info)) {
      expect(printed?.trim(), block.place).toBe(text.trim());
    }
  }
  expect(steps).toBeGreaterThan(7);
  const url = `http://127.0.0.1:${ports[3000]}`;
  const shop = async () => {
    const services = (await (await fetch(`${url}/api/services`)).json()) as Record<string, object>;
    return services['shop'];
  };
  // What the library batches is there within its second.
  await until(async () => JSON.stringify(await shop()).includes('/broken') || undefined);
  expect(await shop()).toMatchObject({ paths: { '/cart': 3, '/': 1, '/broken': 1 } });
  const html = await (await fetch(url)).text();
  for (const service of ['shop', 'billing', 'backup']) expect(html).toContain(service);
});

test('every path of the table is answered', async () => {
  const port = await freePort();
  const program = start(['collect'], { PORT: String(port) });
  const { url } = await program.waitForLog('Collector is listening');
  const paths = tableRows(doc, '## What is answered').flatMap(
    ([cell = '']) => cell.match(/(?:POST )?\/[\w/.-]*/g) ?? [],
  );
  expect(paths.length).toBe(13);
  for (const path of paths) {
    const [, post, at = ''] = /^(POST )?(.*)$/.exec(path) ?? [];
    const headers = { 'content-type': 'application/json' };
    const answer = post
      ? await fetch(`${url}${at}`, { method: 'POST', headers, body: '[]' })
      : await fetch(`${url}${at}`);
    expect(`${path} ${answer.status}`).toBe(`${path} 200`);
  }
});

async function output(
  { info, place }: Block,
  text: string,
  folder: string,
  env: NodeJS.ProcessEnv,
): Promise<string> {
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

function background(text: string, folder: string, env: NodeJS.ProcessEnv): ChildProcess {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', `exec ${text}`], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
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
