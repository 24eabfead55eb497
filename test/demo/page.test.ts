import { afterEach, expect, test } from 'vitest';
import { drawPage } from '../../src/demo/page.ts';
import { startPage } from '../../src/demo/page-server.ts';
import type { RunningServer } from '../../src/demo/server.ts';
import type { View } from '../../src/demo/view.ts';
import { ask } from './ask.ts';
import { accepted, polls, post, view } from './world.ts';

const links = {
  convertorUrl: 'http://127.0.0.1:1',
  dashboardUrl: 'http://127.0.0.1:2',
  telemetryUrl: 'http://127.0.0.1:3',
};
let server: RunningServer;

afterEach(() => server?.stop());

async function start(seen: View = view()): Promise<string> {
  server = await startPage(
    {},
    () => seen,
    () => links,
  );
  return server.url;
}

test('hostile names, bodies, claims and answers are escaped wherever they stand', () => {
  const evil = '"><script>alert(1)</script><img src=x onerror=alert(1)>\u0000';
  const target = { service: evil, environment: evil };
  const token = {
    header: { alg: evil },
    claims: { status: 1, environment: evil },
    verified: false,
    problem: evil,
  };
  const page = drawPage(
    view({
      story: { durationMs: 1, targets: [target], steps: [] },
      polls: polls([0, 2], target),
      posts: [post({ service: evil, body: evil, answer: evil, path: evil, token })],
      accepted: [accepted(1, 0, 2, target)],
    }),
    links,
  );
  expect(page).toContain('&#60;script&#62;alert(1)');
  expect(page.match(/<script/g)).toEqual(['<script']);
  expect(page).not.toMatch(/<img/);
});

test('the page has no style and no script of its own', () => {
  const page = drawPage(view({ polls: polls([0, 1, 2, 3, undefined]) }), links);
  expect(page).not.toMatch(/<style|style="|<script(?! src)|\son[a-z]+="/);
});

test('every answer carries the policy', async () => {
  const url = await start();
  for (const path of ['/', '/page.css', '/page.js', '/state.json', '/icon-ok.svg', '/nothing']) {
    const { headers } = await ask(url + path);
    expect([path, headers['content-security-policy'], headers['x-content-type-options']]).toEqual([
      path,
      "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; frame-ancestors 'none'",
      'nosniff',
    ]);
  }
});

test('every part has its type', async () => {
  const url = await start();
  const types = [];
  for (const path of ['/', '/page.css', '/page.js', '/state.json', '/icon-none.svg']) {
    const { status, headers } = await ask(url + path);
    types.push([status, headers['content-type']]);
  }
  expect(types).toEqual([
    [200, 'text/html; charset=utf-8'],
    [200, 'text/css; charset=utf-8'],
    [200, 'text/javascript; charset=utf-8'],
    [200, 'application/json; charset=utf-8'],
    [200, 'image/svg+xml; charset=utf-8'],
  ]);
});

test('other paths, other methods and other hosts are refused', async () => {
  const url = await start();
  const statuses = [
    await ask(url, { path: '/../etc/passwd' }),
    await ask(url, { path: '/%2e%2e/' }),
    await ask(`${url}/constructor`),
    await ask(url, { method: 'POST' }),
    await ask(url, { method: 'HEAD' }),
    await ask(url, { headers: { host: 'rebound.example.com' } }),
  ].map(({ status }) => status);
  expect(statuses).toEqual([404, 404, 404, 405, 200, 421]);
});

test('the data says no data, it does not leave it out', async () => {
  const url = await start(view({ polls: polls([undefined]) }));
  const state = JSON.parse(String((await ask(`${url}/state.json`)).body));
  expect(state.services[0].level).toBe(null);
});

async function checkBanner(levels: readonly (number | undefined)[], expected: string): Promise<void> {
  const page = drawPage(view({ polls: polls(levels) }), links);
  expect(/role="status"[^>]*>.*?<strong>(.*?)<\/strong>/.exec(page)?.[1]).toBe(expected);
}

test('the banner before the first reading', () => checkBanner([], 'Waiting for the first readings'));
test('the banner when all is well', () => checkBanner([0], 'All systems operational'));
test('the banner when something is degraded', () => checkBanner([1], 'Degraded service'));
test('the banner when something is down', () => checkBanner([2], 'Outage'));
test('the banner at the worst', () => checkBanner([3], 'Critical outage'));

test('what is not known is not called operational', () => {
  const silent = { service: 'media', environment: 'production' };
  const targets = [{ service: 'search', environment: 'production' }, silent];
  const story = { durationMs: 1, targets, steps: [] };
  const page = drawPage(view({ story, polls: [...polls([0]), ...polls([undefined], silent)] }), links);
  expect(page).toContain(
    '<strong>No known problem</strong><div class="muted"><bdi>media</bdi>: no data</div>',
  );
});

test('where nothing has data, that is said', () => checkBanner([undefined], 'No data'));

test('the page leads to what the reporter says about itself, once it runs', () => {
  const link = '<a href="http://127.0.0.1:3/debug/metrics">';
  expect(drawPage(view(), links)).toContain(link);
  expect(drawPage(view(), { ...links, telemetryUrl: undefined })).not.toContain('/debug/metrics');
});
