/** The servers that take metrics, ours and Debian's, each on a free port of the loopback. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * @param options the `collector` section; neither the rate nor the window is a limit here
 * @param beside the sections of a reporter in the same process; without any the collector is alone
 */
export async function startOurs(workshop, options = {}, program = workshop.program(), beside = undefined) {
  const port = await freePort();
  const config = {
    server: { port },
    collector: { rate: 10_000_000, max_metrics: 20_000_000, ...options },
    log: { level: 'warn' },
    ...beside,
  };
  const file = workshop.file(`collector-${port}.yaml`, JSON.stringify(config));
  const started = workshop.start([program, beside ? 'run' : 'collect', '--config', file]);
  return { ...started, port: await listening(port, started) };
}

export async function startVictoria() {
  const data = mkdtempSync(join(tmpdir(), 'victoria-'));
  const port = await freePort();
  return startDebian('victoria-metrics', port, data, [
    `-storageDataPath=${data}`,
    `-httpListenAddr=127.0.0.1:${port}`,
  ]);
}

/** @param samples in OpenMetrics: all that it knows */
export async function startPrometheus(samples) {
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const data = join(folder, 'data');
  writeFileSync(join(folder, 'samples.om'), samples);
  writeFileSync(join(folder, 'prometheus.yml'), '{}');
  const load = ['tsdb', 'create-blocks-from', 'openmetrics', '--quiet', join(folder, 'samples.om'), data];
  execFileSync('promtool', load, { stdio: 'ignore' });
  const port = await freePort();
  return startDebian('prometheus', port, folder, [
    `--config.file=${join(folder, 'prometheus.yml')}`,
    `--storage.tsdb.path=${data}`,
    `--web.listen-address=127.0.0.1:${port}`,
  ]);
}

export async function startPushgateway() {
  const port = await freePort();
  return startDebian('prometheus-pushgateway', port, undefined, [`--web.listen-address=127.0.0.1:${port}`]);
}

async function startDebian(name, port, folder, args) {
  const child = spawn(name, args, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
    if (folder) rmSync(folder, { recursive: true, force: true });
  };
  const started = { pid: child.pid, ended, stop };
  return { ...started, port: await listening(port, started) };
}

/** Resolves when something accepts connections there. */
export async function listening(port, { ended }) {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  for (let attempt = 0; attempt < 300 && !hasEnded; attempt++) {
    const socket = connect(port, '127.0.0.1');
    const isOpen = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    if (isOpen) return port;
    await sleep(50);
  }
  throw new Error(`nothing listens on ${port}`);
}

export async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}
