/** A real Graphite on loopback: carbon-cache takes points, graphite-web answers; its data in a folder of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../process/program.ts';
import { until } from './prometheus.ts';

/** One point a slot; a slot is as long as `retentions` says. */
export type Point = { readonly name: string; readonly value: number | string; readonly second: number };

export type Graphite = {
  readonly url: string;
  /** Resolves once all of them can be asked for. */
  readonly write: (points: readonly Point[]) => Promise<void>;
  readonly stop: () => void;
};

export const slotSeconds = 10;

export async function startGraphite(): Promise<Graphite> {
  const folder = mkdtempSync(join(tmpdir(), 'cloudmon-reporter-graphite-'));
  const [linePort, queryPort] = [await freePort(), await freePort()];
  layOut(folder, linePort, queryPort);
  const carbon = spawn('carbon-cache', ['--nodaemon', `--config=${join(folder, 'carbon.conf')}`, 'start'], {
    stdio: 'ignore',
  });
  const web = spawn('/usr/bin/python3', [join(import.meta.dirname, 'serve_graphite.py')], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = () => {
    carbon.kill('SIGKILL');
    web.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const url = `http://127.0.0.1:${await portOf(web)}`;
    await until(() => isListening(linePort));
    return { url, write: (points) => write(url, linePort, points), stop };
  } catch (error) {
    stop();
    throw error;
  }
}

/** Debian's own configuration listens on all addresses and belongs to a service. */
function layOut(folder: string, linePort: number, queryPort: number): void {
  mkdirSync(join(folder, 'whisper'));
  const carbon = {
    STORAGE_DIR: folder,
    LOCAL_DATA_DIR: join(folder, 'whisper'),
    CONF_DIR: folder,
    LOG_DIR: folder,
    PID_DIR: folder,
    LINE_RECEIVER_INTERFACE: '127.0.0.1',
    LINE_RECEIVER_PORT: linePort,
    PICKLE_RECEIVER_PORT: 0,
    CACHE_QUERY_INTERFACE: '127.0.0.1',
    CACHE_QUERY_PORT: queryPort,
    ENABLE_TAGS: 'False',
    MAX_CREATES_PER_MINUTE: 'inf',
    MAX_UPDATES_PER_SECOND: 'inf',
  };
  const web = {
    SECRET_KEY: 'x',
    ALLOWED_HOSTS: ['*'],
    STORAGE_DIR: folder,
    WHISPER_DIR: join(folder, 'whisper'),
    CONF_DIR: folder,
    LOG_DIR: folder,
    INDEX_FILE: join(folder, 'index'),
    CARBONLINK_HOSTS: [`127.0.0.1:${queryPort}`],
    DATABASES: { default: { NAME: join(folder, 'db'), ENGINE: 'django.db.backends.sqlite3' } },
    FUNCTION_PLUGINS: [],
  };
  const lines = (all: object, said: (value: unknown) => string) =>
    Object.entries(all)
      .map(([key, value]) => `${key} = ${said(value)}\n`)
      .join('');
  writeFileSync(join(folder, 'carbon.conf'), `[cache]\n${lines(carbon, String)}`);
  writeFileSync(join(folder, 'graphite_here.py'), lines(web, JSON.stringify));
  const schema = `[all]\npattern = .*\nretentions = ${slotSeconds}s:2h\n`;
  writeFileSync(join(folder, 'storage-schemas.conf'), schema);
}

async function portOf(web: ChildProcess): Promise<number> {
  let said = '';
  return new Promise((resolve, reject) => {
    web.once('error', reject);
    web.once('exit', () => reject(new Error(`graphite-web ended:\n${said}`)));
    for (const stream of [web.stdout, web.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        said += text;
        const port = /^port (\d+)$/m.exec(said)?.[1];
        if (port) resolve(Number(port));
      });
    }
  });
}

function isListening(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.end();
      resolve(true);
    });
    socket.once('error', () => resolve(undefined));
  });
}

/** A mark at the end tells that all before it has arrived; of one that was never seen nothing is cached. */
async function write(url: string, port: number, points: readonly Point[]): Promise<void> {
  const second = Math.floor(Date.now() / 1_000);
  const mark = `marks.${randomUUID()}`;
  const lines = [...points, { name: mark, value: 1, second }].map((point) => {
    return `${point.name} ${point.value} ${point.second}\n`;
  });
  const socket = connect(port, '127.0.0.1');
  socket.end(lines.join(''));
  await once(socket, 'close');
  await until(async () => {
    const answer = await fetch(`${url}/render?format=json&noCache=1&from=-10min&target=${mark}`);
    return (await answer.text()).includes('[1.0,') ? true : undefined;
  });
}
