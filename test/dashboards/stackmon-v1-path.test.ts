/** The kind `stackmon-v1` with `path: auto`: a dashboard that moves is found, and nobody else is taken for it. */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, onTestFinished, test } from 'vitest';
import {
  type StackmonV1,
  type StackmonV1Options,
  startStackmonV1,
} from '../../src/demo/dialects/stackmon-v1.ts';
import { FakeClock } from '../fake-clock.ts';
import { stage } from './stage.ts';

async function play() {
  const clock = new FakeClock();
  const page = await startStackmonV1({ clock, secret: 'dev' });
  onTestFinished(() => page.stop());
  const section = `{kind: stackmon-v1, url: "${page.url}", secret: dev}`;
  return { page, ...(await stage(section, undefined, clock)) };
}

/** The same address is somebody else's by now. */
async function replace(page: StackmonV1, options: StackmonV1Options): Promise<StackmonV1> {
  await page.stop();
  const next = await startStackmonV1({ ...options, port: Number(new URL(page.url).port) });
  onTestFinished(() => next.stop());
  return next;
}

function pathsOf({ requests }: StackmonV1): string[] {
  return requests.map(({ method, rawUrl, answered }) => `${method} ${rawUrl} ${answered}`);
}

test('a dashboard that moves is found at its other path, there and back again', async () => {
  const { page, walk, clock, outcomes } = await play();
  await walk(1);
  const moved = await replace(page, { clock, secret: 'dev', prefix: '' });
  await walk(2, 3);
  expect(pathsOf(moved)).toEqual([
    'POST /api/v1/component_status 404',
    'POST /v1/component_status 201',
    'POST /v1/component_status 201',
  ]);
  const back = await replace(moved, { clock, secret: 'dev' });
  await walk(1, 2);
  expect(pathsOf(back)).toEqual([
    'POST /v1/component_status 404',
    'POST /api/v1/component_status 201',
    'POST /api/v1/component_status 201',
  ]);
  expect(outcomes.filter((outcome) => !outcome.includes('sent'))).toEqual([]);
});

test('where nobody knows either path there is one more request for each report, and the old path stays', async () => {
  const { page, walk, outcomes } = await play();
  await walk(1);
  page.fail({ status: 404 });
  await walk(2, 2);
  expect(outcomes.slice(1)).toHaveLength(2);
  for (const outcome of outcomes.slice(1)) expect(outcome).toMatch(/^api change 2: rejected, .*404/);
  page.fail(undefined);
  await walk(2, 3);
  expect(pathsOf(page)).toEqual([
    'POST /api/v1/component_status 201',
    'POST /api/v1/component_status 404',
    'POST /v1/component_status 404',
    'POST /api/v1/component_status 404',
    'POST /v1/component_status 404',
    'POST /api/v1/component_status 201',
    'POST /api/v1/component_status 201',
  ]);
});

/** Answers each request as `take` does; returns its URL. */
async function serving(take: (asked: IncomingMessage) => Promise<readonly [status: number, body: string]>) {
  const server = createServer(async (request, response) => {
    const [status, body] = await take(request);
    response.writeHead(status).end(body);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return `http://127.0.0.1:${port}`;
}

test('a 404 that somebody in between makes of what was taken doubles nothing', async () => {
  const clock = new FakeClock();
  const page = await startStackmonV1({ clock });
  onTestFinished(() => page.stop());
  let isLost = false;
  const url = await serving(async (asked) => {
    const headers = { 'content-type': 'application/json' };
    const body = await text(asked);
    const answer = await fetch(page.url + asked.url, { method: 'POST', headers, body });
    const said = await answer.text();
    if (!isLost) return [answer.status, said];
    isLost = false;
    return [404, ''];
  });
  const { walk, outcomes } = await stage(`{kind: stackmon-v1, url: "${url}"}`, undefined, clock);
  await walk(1);
  isLost = true;
  await walk(2, 2);
  expect(page.incidents.map(({ impact }) => impact)).toEqual([2]);
  expect(pathsOf(page).slice(1)).toEqual([
    'POST /api/v1/component_status 201',
    'POST /v1/component_status 404',
    'POST /api/v1/component_status 409',
  ]);
  expect(outcomes.at(-1)).toBe('api change 2: known, reference 1');
});

test('a lost answer from the new path doubles nothing', async () => {
  const { page, walk, clock } = await play();
  await walk(1);
  const moved = await replace(page, { clock, secret: 'dev', prefix: '' });
  moved.fail('reset-after-accept', { times: 2 });
  await walk(2);
  expect(moved.incidents.map(({ impact }) => impact)).toEqual([2]);
});

test('a page for people at the other path is nobody who takes it, and hides no refusal', async () => {
  const answers: Record<string, [number, string]> = {
    '/api/v1/component_status': [201, '{"id": 7, "impact": 1}'],
    '/v1/component_status': [200, '<!doctype html>'],
  };
  const asked: string[] = [];
  const address = await serving(async ({ url = '' }) => {
    asked.push(url);
    return answers[url] ?? [500, ''];
  });
  const { walk, outcomes } = await stage(`{kind: stackmon-v1, url: "${address}"}`);
  await walk(1);
  answers['/api/v1/component_status'] = [404, ''];
  await walk(2);
  answers['/v1/component_status'] = [401, ''];
  await walk(2);
  answers['/api/v1/component_status'] = [201, '{"id": 7, "impact": 2}'];
  await walk(2);
  expect(outcomes).toEqual([
    'api open 1: sent, reference 7',
    expect.stringMatching(/^api change 2: rejected, rejected: answered 404/),
    expect.stringMatching(/^api change 2: rejected, unauthorized: answered 401/),
    'api change 2: sent, reference 7',
  ]);
  expect(asked).toEqual([
    '/api/v1/component_status',
    ...['/api/v1/component_status', '/v1/component_status'],
    ...['/api/v1/component_status', '/v1/component_status'],
    '/api/v1/component_status',
  ]);
});

test('a page for people at the first path is nobody who takes it, either', async () => {
  const asked: string[] = [];
  const address = await serving(async ({ url = '' }) => {
    asked.push(url);
    return url === '/v1/component_status' ? [201, '{"id": 7, "impact": 2}'] : [200, '<!doctype html>'];
  });
  const { walk, outcomes } = await stage(`{kind: stackmon-v1, url: "${address}"}`);
  await walk(2, 2);
  expect(outcomes).toEqual(['api open 2: sent, reference 7', 'api repeat 2: sent, reference 7']);
  expect(asked).toEqual([...['/api/v1/component_status', '/v1/component_status'], '/v1/component_status']);
});
