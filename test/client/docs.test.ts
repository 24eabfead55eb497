/** What docs/client.md shows does what it says, as a reader would run it. */
import { symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { page } from '../docs/page.ts';
import { freePort } from '../process/program.ts';
import { refusing, startCollector } from './collector.ts';
import { install, runFile } from './installed.ts';

const project = install();
afterAll(project.remove);
for (const name of ['express', 'fastify']) {
  symlinkSync(resolve('node_modules', name), join(project.folder, 'node_modules', name));
}

const shown = new Map(
  page('docs/client.md').blocks.flatMap(({ info, text }) => {
    const name = /^js (\S+)$/.exec(info)?.[1];
    return name ? [[name, text] as const] : [];
  }),
);

/** Runs a block against this collector, and its server at this port. */
function run(name: string, url: string, port = 0, end = '') {
  const text = shown.get(name)?.replace('http://127.0.0.1:3000', url).replace('8080', String(port));
  if (text === undefined) throw new Error(`docs/client.md shows no ${name}`);
  return runFile(project, name, text + end, { REPORTER_URL: url });
}

test('every block is run here', () => {
  const all = page('docs/client.md').blocks.filter(({ info }) => info !== 'sh');
  expect(all.map(({ info }) => info.split(' ')[1]).sort()).toEqual([
    'client.cjs',
    'client.mjs',
    'express.mjs',
    'fastify.mjs',
    'http.mjs',
    'stats.mjs',
    'sync.mjs',
  ]);
});

test('a metric from an ES module', async () => {
  const collector = await startCollector();
  expect(await run('client.mjs', collector.url)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(collector.kept).toMatchObject([{ service: 'frontend-api', path: '/api/products', latency_ms: 45 }]);
});

test('a metric from CommonJS', async () => {
  const collector = await startCollector();
  expect(await run('client.cjs', collector.url)).toEqual({ code: 0, stdout: '1\n', stderr: '' });
  expect(collector.kept).toMatchObject([{ service: 'payment', custom: { order: 'A-17' } }]);
});

test('a metric that is waited for, taken or refused', async () => {
  const collector = await startCollector();
  expect(await run('sync.mjs', collector.url)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(collector.kept).toHaveLength(1);
  collector.answer(refusing(403));
  const { code, stderr } = await run('sync.mjs', collector.url);
  expect([code, stderr]).toEqual([0, `${collector.url}/api/ingest answered 403: refused with 403 403 []\n`]);
});

test('figures of a client whose collector is away', async () => {
  const url = `http://127.0.0.1:${await freePort()}`;
  const { code, stdout, stderr } = await run('stats.mjs', url);
  expect([code, stdout]).toEqual([0, 'false 1\n']);
  expect(stderr).toBe(`metrics: ${url}/api/ingest cannot be reached (ECONNREFUSED)\n`);
});

test.each([
  ['express.mjs', '/products/7?x=1', { service: 'shop', path: '/products/7' }],
  ['fastify.mjs', '/products/7?x=1', { service: 'shop', path: '/products/:id', environment: 'staging' }],
  ['http.mjs', '/products/7?x=1', { service: 'shop', path: '/products/7' }],
])('the requests of %s', async (name, path, expected) => {
  const collector = await startCollector();
  const port = await freePort();
  // Plays a visitor from within, and ends the program.
  const end = `
    const { get } = await import('node:http');
    await new Promise((resolve) => setImmediate(resolve));
    const visit = () => get('http://127.0.0.1:${port}${path}', (response) => response.resume().on('end', leave)).on('error', () => setTimeout(visit, 20));
    const leave = () => client.close().then(() => process.exit());
    visit();`;
  expect(await run(name, collector.url, port, end)).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(collector.kept).toMatchObject([
    { ...expected, method: 'GET', status_code: 200, source_ip: '127.0.0.1' },
  ]);
});
