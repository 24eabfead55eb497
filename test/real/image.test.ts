/**
 * The image, put together from its Dockerfile in a folder and entered as a container runtime does:
 * own processes, own mounts, a read-only root, user 65532, no capabilities. Needs root.
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { argumentOf, assemble } from '../deployment/image.ts';

const path = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const folder = mkdtempSync(join(tmpdir(), 'cloudmon-reporter-image-'));
const root = join(folder, 'root');
const namespaces = ['--mount', '--pid', '--fork', '--kill-child'];

afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeAll(() => {
  mkdirSync(root);
  assemble(root, (line) => execFileSync('unshare', entering('rw', ['/bin/sh', '-c', line])));
  mkdirSync(join(root, 'etc/cloudmon-reporter'), { recursive: true });
  const config = [
    'convertor: {url: "http://127.0.0.1:1", timeout: 1, retries: 0}',
    'status_dashboard: {url: "http://127.0.0.1:1", secret: of-no-use}',
    'reporter: {services: [{name: api, environment: production}]}',
  ].join('\n');
  writeFileSync(join(root, 'config.yaml'), config);
  writeFileSync(join(root, 'etc/cloudmon-reporter/config.yaml'), config);
});

test('the documented command is process 1 itself, as a user without rights', async () => {
  const { pid } = await start(['cloudmon-metrics-reporter', '--config', '/config.yaml']);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const field = (name: string) => new RegExp(`^${name}:\\t(.*)$`, 'm').exec(status)?.[1];
  expect(field('Name')).toBe('node');
  expect(field('NSpid')).toBe(`${pid}\t1`);
  expect(field('Uid')).toBe('65532\t65532\t65532\t65532');
  expect(field('Gid')).toBe('65532\t65532\t65532\t65532');
  expect([field('CapPrm'), field('CapBnd'), field('NoNewPrivs')]).toEqual([none, none, '1']);
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  'process 1 ends with 0 after the first %s',
  async (signal) => {
    const container = await start(JSON.parse(argumentOf('CMD')));
    process.kill(container.pid, signal);
    expect(await container.ended).toEqual([0, null]);
  },
  20_000,
);

test('the health check of the image succeeds while the reporter runs, and fails after it', async () => {
  const container = await start(JSON.parse(argumentOf('CMD')));
  const check = JSON.parse(argumentOf('HEALTHCHECK').replace('CMD ', ''));
  expect(await exitCode(check, container.port)).toBe(0);
  process.kill(container.pid, 'SIGTERM');
  await container.ended;
  expect(await exitCode(check, container.port)).toBe(1);
});

test('what is kept on the volume is found again by the next process 1, also when the last one was killed', async () => {
  const volume = `${root}.volume`;
  const starts = () => {
    const history = readdirSync(volume).filter((name) => name.startsWith('history-'));
    return history.map((name) => readFileSync(join(volume, name), 'utf8').split('"type":"start"').length - 1);
  };
  const first = await start(JSON.parse(argumentOf('CMD')));
  process.kill(first.pid, 'SIGKILL');
  await first.ended;
  const [before = 0] = starts();
  expect(before).toBeGreaterThan(0);
  const second = await start(JSON.parse(argumentOf('CMD')));
  expect(starts()).toEqual([before + 1]);
  expect(second.firstLine).toMatchObject({ state: argumentOf('VOLUME').slice(2, -2) });
  const owners = readdirSync(volume).map((name) => {
    const { uid, gid, mode } = statSync(join(volume, name));
    return [uid, gid, mode & 0o777];
  });
  expect(new Set(owners.map(String))).toEqual(new Set(['65532,65532,384']));
});

const none = '0000000000000000';

type Container = {
  /** As this machine numbers it. */
  readonly pid: number;
  readonly port: number;
  /** What it says once it runs. */
  readonly firstLine: object;
  readonly ended: Promise<[number | null, string | null]>;
};

/** Resolves once the reporter runs. */
async function start(command: readonly string[]): Promise<Container> {
  const port = await freePort();
  const child = spawn('unshare', entering('ro', asContainer(command, port)), {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close') as Promise<[number | null, string | null]>;
  let printed = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      if (printed.includes('"Reporter is running"')) resolve();
    });
    void ended.then(() => reject(new Error(`ended without running: ${printed}`)));
  });
  const pid = firstProcess(child);
  onTestFinished(async () => {
    // It gave up the user that would have let it end with `unshare`.
    if (child.exitCode === null) process.kill(pid, 'SIGKILL');
    await ended;
  });
  const firstLine = JSON.parse(
    printed.split('\n').find((line) => line.includes('"Reporter is running"')) ?? '{}',
  );
  return { pid, port, firstLine, ended };
}

async function exitCode(command: readonly string[], port: number): Promise<number | null> {
  const child = spawn('unshare', entering('ro', asContainer(command, port)), { stdio: 'ignore' });
  const [code] = await once(child, 'close');
  return code;
}

function entering(mode: 'rw' | 'ro', command: readonly string[]): readonly string[] {
  return [...namespaces, 'sh', 'test/real/enter-image.sh', mode, root, process.execPath, ...command];
}

/** As its user, without capabilities and without a way to gain any; only the port differs from the image. */
function asContainer(command: readonly string[], port: number): readonly string[] {
  const [user, group] = argumentOf('USER').split(':');
  const rights = ['--clear-groups', '--inh-caps=-all', '--bounding-set=-all', '--no-new-privs'];
  const environment = [`PATH=${path}`, `MP_TELEMETRY__PORT=${port}`];
  return [
    'setpriv',
    `--reuid=${user}`,
    `--regid=${group}`,
    ...rights,
    'env',
    '-i',
    ...environment,
    ...command,
  ];
}

/** The one child of `unshare`, which is process 1 of the new namespace. */
function firstProcess(unshare: ChildProcess): number {
  const { pid } = unshare;
  return Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim());
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
