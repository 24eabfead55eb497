/** A whole collector in this process, on a real port, with a clock that the test moves. */
import { request } from 'node:http';
import { onTestFinished } from 'vitest';
import { startCollect } from '../../src/app/collect.ts';
import { openLog } from '../../src/app/log.ts';
import type { World } from '../../src/app/world.ts';
import { loadCollectConfig } from '../../src/config/load.ts';
import { FakeClock } from '../fake-clock.ts';
import { file } from '../process/program.ts';

type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  readonly json: () => unknown;
};

export type Stage = {
  readonly url: string;
  readonly clock: FakeClock;
  readonly get: (path: string, headers?: Readonly<Record<string, string>>) => Promise<Answer>;
  readonly post: (
    path: string,
    body: string | object,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<Answer>;
  /** Messages and fields so far. */
  readonly lines: () => readonly Readonly<Record<string, unknown>>[];
  /** @param sections the others */
  readonly reload: (collector: object, sections?: object) => Promise<void>;
  readonly stop: () => Promise<void>;
};

/**
 * @param collector the section; port and address are chosen here
 * @param sections the others
 */
export async function stage(collector: object = {}, startMs?: number, sections?: object): Promise<Stage> {
  const clock = new FakeClock(startMs);
  const written: string[] = [];
  const config = await configOf(collector, sections);
  const output = { write: (text: string) => void written.push(text), isTerminal: false };
  const log = openLog({ level: 'debug', format: 'json' }, output, clock, () => (line) => line);
  const daemon = await startCollect(config, log, worldOf(clock));
  const url = daemon.collectorUrl ?? '';
  let isStopped = false;
  const stop = async () => {
    if (isStopped) return;
    isStopped = true;
    const stopped = daemon.stop();
    await clock.advance(5_000);
    await stopped;
  };
  onTestFinished(stop);
  return {
    url,
    clock,
    get: (path, headers = {}) => exchange('GET', url + path, headers),
    post: (path, body, headers = {}) =>
      exchange(
        'POST',
        url + path,
        { 'content-type': 'application/json', ...headers },
        typeof body === 'string' ? body : JSON.stringify(body),
      ),
    lines: () => written.flatMap((text) => text.trim().split('\n')).map((line) => JSON.parse(line)),
    reload: async (next, others) => daemon.reload(await configOf(next, others)),
    stop,
  };
}

async function configOf(collector: object, sections: object = {}) {
  const path = file(JSON.stringify({ collector, ...sections }));
  const { config, problems } = await loadCollectConfig([path], {});
  if (!config) throw new Error(JSON.stringify(problems));
  return { ...config, collector: { ...config.collector, port: 0 } };
}

function worldOf(clock: FakeClock): World {
  const one = () => 1;
  return {
    nodeName: 'node-1',
    host: { version: '1', runtime: 'v20', residentBytes: one, cpuSeconds: one, openFiles: one },
    clock,
    chance: () => 0.5,
    relieve: () => undefined,
    keeps: { find: async () => undefined, isRehearsal: false },
    // Of the reporter, which is not here.
    journal: {} as World['journal'],
    print: () => undefined,
  };
}

function exchange(
  method: string,
  url: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, headers, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
      });
      answer.once('end', () =>
        resolve({
          status: answer.statusCode ?? 0,
          headers: answer.headers,
          text,
          json: () => JSON.parse(text),
        }),
      );
    });
    sent.once('error', reject);
    sent.end(body);
  });
}
