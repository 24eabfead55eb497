/** Everything that docs/telemetry.md shows is done in its order, and answers what the page says. */
import { execFile, spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { page, tableRows } from '../docs/page.ts';
import { file, start, temporaryFolder } from '../process/program.ts';
import { startWorld } from '../process/world.ts';
import { freePort, until } from './prometheus.ts';

const doc = page('docs/telemetry.md');
const run = promisify(execFile);

/** What the page says where somebody else's machine is meant. */
type Here = { readonly folder: string; readonly port: number };

test('every example of the page does what the page says', async () => {
  const { convertor, text } = await startWorld(['api', 'database'], { pollSeconds: 60 });
  convertor.set('api', 'production', { status: 1 });
  const world = { text };
  const folder = temporaryFolder();
  const env = environment(folder);
  let here: Here = { folder, port: await startReporter(world, {}) };
  let printed: string | undefined;
  const done: string[] = [];
  for (const { info, text: shown, place } of doc.blocks) {
    const command = commandOf(info, shown, here);
    if (command) {
      const { stdout } = await run(...command, { cwd: folder, env, timeout: 30_000 });
      printed = stdout;
      done.push(info);
    } else if (info === 'text' || info === 'json') {
      expect(comparable(printed ?? ''), place).toBe(comparable(shown));
      printed = undefined;
      done.push(info);
    } else if (shown.includes('client_ca_file')) {
      const { telemetry } = parse(shown.replaceAll('/etc/cloudmon-reporter', folder));
      here = { folder, port: await startReporter(world, { ...telemetry, address: '127.0.0.1' }) };
      done.push('mutual TLS');
    }
  }
  expect(done.filter((each) => each === 'text' || each === 'json').length).toBeGreaterThan(9);
  expect(new Set(done)).toEqual(new Set(['sh', 'json', 'text', 'python', 'go', 'mutual TLS']));
});

test('every path of the table is answered', async () => {
  const { text } = await startWorld(['api']);
  const port = await startReporter({ text }, {});
  const paths = tableRows(doc, '## What is answered').map(([path = '']) =>
    path.replaceAll('`', '').replace('{service}', 'api').replace('{environment}', 'production'),
  );
  expect(paths.length).toBe(9);
  const statuses = await Promise.all(
    paths.map(async (path) => `${path} ${(await fetch(`http://127.0.0.1:${port}${path}`)).status}`),
  );
  expect(statuses).toEqual(paths.map((path) => `${path} 200`));
});

test('nginx in front asks for a password, lets nobody write, and never passes a host on', async () => {
  const { text } = await startWorld(['api']);
  const port = await startReporter({ text }, {});
  const folder = temporaryFolder();
  const env = { ...environment(folder), PASSWORD: 'of this test' };
  const blocks = (info: string) =>
    doc.blocks.filter((block) => block.info === info).map((block) => block.text);
  for (const shown of blocks('sh').filter((each) => /openssl (req|x509 -req)|passwords/.test(each))) {
    await run('bash', ['-euo', 'pipefail', '-c', shown], { cwd: folder, env });
  }
  const [server = ''] = blocks('nginx');
  const secure = await startNginx(folder, port, server);
  const ask = async (...args: readonly string[]) => {
    const always = [
      '-sS',
      '--cacert',
      'tls/ca.pem',
      '-w',
      ' %{http_code}',
      `https://localhost:${secure}/health`,
    ];
    const { stdout } = await run('curl', [...args, ...always], { cwd: folder });
    return stdout;
  };
  const known = ['--user', 'operator:of this test'];
  expect(await ask(...known)).toMatch(/^\{"status":"healthy".*\}\n 200$/);
  expect(await ask()).toMatch(/ 401$/);
  expect(await ask('--user', 'operator:of another')).toMatch(/ 401$/);
  expect(await ask(...known, '-X', 'POST')).toMatch(/ 403$/);
  expect(await ask(...known, '-H', 'Host: elsewhere.example.com')).toMatch(/ 200$/);
  // What nginx keeps away from it.
  const { stdout } = await run('curl', [
    '-sS',
    '-H',
    'Host: elsewhere.example.com',
    `http://127.0.0.1:${port}/health`,
  ]);
  expect(stdout).toBe('asked by another name than localhost\n');
});

/** How a block is run; undefined: it is not a command. */
function commandOf(info: string, shown: string, { folder, port }: Here): [string, string[]] | undefined {
  const text = shown.replaceAll(/(127\.0\.0\.1|localhost):9090/g, `$1:${port}`);
  // For nginx, which another test starts.
  if (text.includes('$PASSWORD')) return undefined;
  if (info === 'sh') return ['bash', ['-euo', 'pipefail', '-c', text]];
  if (info === 'python') return ['/usr/bin/python3', [file(text, 'ask.py', folder)]];
  if (info === 'go') return ['go', ['run', file(text, 'main.go', folder)]];
  return undefined;
}

/** Without what differs from run to run and from version to version. */
function comparable(text: string): string {
  return text
    .trim()
    .replaceAll(/"(timestamp|version)": ?"[^"]*"/g, '"$1"')
    .replaceAll(/"uptime_seconds": ?[\d.]+/g, '"uptime_seconds"');
}

/** The program is on the PATH, and Go has a place for what it makes. */
function environment(folder: string): NodeJS.ProcessEnv {
  const bin = join(folder, 'bin');
  mkdirSync(bin);
  const program = `#!/bin/sh\nexec ${process.execPath} ${resolve('dist/cli.js')} "$@"\n`;
  chmodSync(file(program, 'cloudmon-reporter', bin), 0o755);
  const { PATH } = process.env;
  return { PATH: `${bin}:${PATH}`, HOME: folder, GOCACHE: join(folder, 'go'), GOFLAGS: '-mod=mod' };
}

/** Where it listens, once the first cycle is done. */
async function startReporter(
  { text }: { readonly text: (changed: { readonly more: string }) => string },
  telemetry: object,
): Promise<number> {
  const port = await freePort();
  const more = stringify({ telemetry: { ...telemetry, port } });
  const program = start(['-c', file(text({ more })), '--log-level', 'debug']);
  await program.waitForLog('Cycle done');
  return port;
}

async function startNginx(folder: string, port: number, server: string): Promise<number> {
  const secure = await freePort();
  const own = server
    .replace('listen 9443', `listen 127.0.0.1:${secure}`)
    .replace('/etc/nginx/reporter/passwords', join(folder, 'passwords'))
    .replaceAll('/etc/nginx/reporter', join(folder, 'tls'))
    .replaceAll('127.0.0.1:9090', `127.0.0.1:${port}`);
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const config = [
    'daemon off;',
    // Else its workers could not read the folder of this test.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `pid ${join(folder, 'nginx.pid')};`,
    'error_log stderr;',
    'events {}',
    'http {',
    'access_log off;',
    ...kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`),
    own,
    '}',
  ].join('\n');
  const nginx = spawn('nginx', ['-c', file(config, 'nginx.conf', folder)], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { PATH: `${process.env['PATH']}:/usr/sbin` },
  });
  onTestFinished(() => void nginx.kill('SIGTERM'));
  let said = '';
  nginx.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  await until(async () => {
    if (nginx.exitCode !== null) throw new Error(`nginx ended:\n${said}`);
    return readFileSync('/proc/net/tcp', 'utf8').includes(
      `:${secure.toString(16).toUpperCase().padStart(4, '0')} 00000000`,
    )
      ? true
      : undefined;
  });
  return secure;
}
