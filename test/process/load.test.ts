/** Many targets, and a convertor that is gone or hostile: nothing is missed, memory stays small. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { faultyService } from '../../src/demo/faults.ts';
import { file, type Program, start } from './program.ts';
import { startWorld } from './world.ts';

/** The most that the program ever had in memory, in MiB. */
function peakMiB({ pid }: Program): number {
  const [, kib] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kib) / 1024;
}

/** What Node itself takes: it differs by 3 MiB between versions. */
async function emptyNodeMiB(): Promise<number> {
  const script =
    "console.log(/VmHWM:\\s+(\\d+)/.exec(require('fs').readFileSync('/proc/self/status', 'utf8'))[1])";
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script]);
  return Number(stdout) / 1024;
}

const names = (count: number) => Array.from({ length: count }, (_, at) => `s${at}`);

test('of a thousand targets none is missed, every degraded one is told, in less than 80 MiB where an empty Node takes 40', async () => {
  const services = names(1_000);
  const { convertor, dashboard, text } = await startWorld(services, { pollSeconds: 3 });
  for (const [at, service] of services.entries()) {
    convertor.set(service, 'production', { status: at % 10 === 0 ? 2 : 0, delayMs: 20 });
  }
  const program = start(['-c', file(text())]);
  await dashboard.waitFor(() => true, 300);
  const degraded = services.filter((_, at) => at % 10 === 0).sort();
  for (const cycle of [0, 1, 2]) {
    const asked = convertor.requests.slice(cycle * 1_000, (cycle + 1) * 1_000);
    expect(new Set(asked.map(({ service }) => service)).size).toBe(1_000);
    const told = dashboard.requests.slice(cycle * 100, (cycle + 1) * 100);
    expect(told.map(({ service }) => service).sort()).toEqual(degraded);
  }
  expect(peakMiB(program) - (await emptyNodeMiB())).toBeLessThan(40);
}, 60_000);

test('a convertor that swallows everything costs 300 targets one time-out and a probe', async () => {
  const { convertor, dashboard, text } = await startWorld(names(300), {
    convertor: ['timeout: 1'],
    pollSeconds: 3,
  });
  convertor.fail('hang');
  const program = start(['-c', file(text()), '--log-level', 'debug']);
  const first = await program.waitForLog('Cycle done');
  expect(first['no_data']).toBe(300);
  expect(convertor.requests.length).toBeLessThanOrEqual(19);
  const asked = convertor.requests.length;
  await program.waitForLog('Cycle done', 2);
  expect(convertor.requests.length).toBe(asked + 1);
  expect(dashboard.requests).toEqual([]);
  convertor.fail(undefined);
  convertor.set('s7', 'production', { status: 3 });
  expect((await dashboard.waitFor()).service).toBe('s7');
}, 30_000);

test('floods and bombs do not fill the memory', async () => {
  const floods = ['huge', 'gzip-bomb', 'deflate-bomb', 'brotli-bomb', 'drip', 'header-flood'] as const;
  const services = floods.flatMap((fault) =>
    [1, 2, 3, 4, 5].map((number) => faultyService('convertor', fault, number)),
  );
  const { convertor, dashboard, text } = await startWorld([...services, 'api'], {
    pollSeconds: 2,
    convertor: ['timeout: 1', 'retries: 0'],
  });
  convertor.set('api', 'production', { status: 1 });
  const program = start(['-c', file(text())]);
  // A second round shows whether the first one is let go of.
  await dashboard.waitFor(() => true, 2);
  expect(new Set(dashboard.requests.map(({ service }) => service))).toEqual(new Set(['api']));
  expect(peakMiB(program) - (await emptyNodeMiB())).toBeLessThan(56);
}, 60_000);
