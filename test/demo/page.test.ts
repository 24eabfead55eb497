import { afterEach, expect, test } from 'vitest';
import { parse } from 'yaml';
import { drawPage } from '../../src/demo/page.ts';
import { startPage } from '../../src/demo/page-server.ts';
import type { RunningServer } from '../../src/demo/server.ts';
import type { View } from '../../src/demo/view.ts';
import type { Status } from '../../src/model/status.ts';
import { ask } from './ask.ts';
import { about, accepted, heard, nowMs, post, reading, view } from './world.ts';

const links = {
  collectorUrl: 'http://127.0.0.1:1',
  dashboardUrl: 'http://127.0.0.1:2',
  telemetryUrl: 'http://127.0.0.1:3',
};
const search = { service: 'search', environment: 'production' };
let server: RunningServer;

afterEach(() => server?.stop());

async function start(seen: View = view()): Promise<string> {
  const settings = { dashboardUrl: links.dashboardUrl, secret: 'keep me', targets: [search] };
  server = await startPage({}, { view: async () => seen, links, settings });
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
  const readings = heard([0], target);
  const triggered = [{ name: evil, query: evil, op: evil, threshold: 1 }];
  readings.hear(reading(2, target, { evidence: { matchedExpression: evil, triggered } }), nowMs);
  const page = drawPage(
    view({
      story: about([target]),
      readings,
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
  const page = drawPage(view({ readings: heard([0, 1, 2, 3, undefined]) }), links);
  expect(page).not.toMatch(/<style|style="|<script(?! src)|\son[a-z]+="/);
});

test('every answer carries the policy', async () => {
  const url = await start();
  for (const path of [
    '/',
    '/page.css',
    '/page.js',
    '/state.json',
    '/config.yaml',
    '/icon-ok.svg',
    '/nothing',
  ]) {
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
  for (const path of ['/', '/page.css', '/page.js', '/state.json', '/config.yaml', '/icon-none.svg']) {
    const { status, headers } = await ask(url + path);
    types.push([status, headers['content-type']]);
  }
  expect(types).toEqual([
    [200, 'text/html; charset=utf-8'],
    [200, 'text/css; charset=utf-8'],
    [200, 'text/javascript; charset=utf-8'],
    [200, 'application/json; charset=utf-8'],
    [200, 'text/plain; charset=utf-8'],
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
  const url = await start(view({ readings: heard([undefined]) }));
  const state = JSON.parse(String((await ask(`${url}/state.json`)).body));
  expect(state.services[0].level).toBe(null);
});

async function checkBanner(levels: readonly (Status | undefined)[], expected: string): Promise<void> {
  const page = drawPage(view({ readings: heard(levels) }), links);
  expect(/role="status"[^>]*>.*?<strong>(.*?)<\/strong>/.exec(page)?.[1]).toBe(expected);
}

test('the banner before the first reading', () => checkBanner([], 'Waiting for the first readings'));
test('the banner when all is well', () => checkBanner([0], 'All systems operational'));
test('the banner when something is degraded', () => checkBanner([1], 'Degraded service'));
test('the banner when something is down', () => checkBanner([2], 'Outage'));
test('the banner at the worst', () => checkBanner([3], 'Critical outage'));

test('what is not known is not called operational', () => {
  const silent = { service: 'media', environment: 'production' };
  const readings = heard([undefined], silent, heard([0]));
  const page = drawPage(view({ story: about([search, silent]), readings }), links);
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

test('a service says its numbers, which expression decided, and what made it true', () => {
  const triggered = [
    { name: 'search.slow', query: 'avg_over_time(x[3s])', op: 'gt', threshold: 400 },
    { name: 'search.odd', query: 'y', op: 'ne', threshold: 1 },
  ];
  const readings = heard([0]);
  readings.hear(reading(1, undefined, { evidence: { matchedExpression: 'search.slow', triggered } }), nowMs);
  const numbers = new Map([
    ['["search","production"]', { requestsPerSecond: 10.04, errorShare: 0.25, latencyMs: 912 }],
  ]);
  const row = rowOf(drawPage(view({ readings, numbers }), links));
  expect(row).toContain('10.0\u00a0requests/s · 25.0\u00a0%\u00a0errors · 912\u00a0ms');
  expect(row).toContain('because <code>search.slow</code>');
  expect(row).toContain('<code class="query">avg_over_time(x[3s])</code> is above <b>400</b>');
  expect(row).toContain('<code class="query">y</code> is ne <b>1</b>');
});

test('a service without numbers is not measured, and says why there is no data', () => {
  const row = rowOf(drawPage(view({ readings: heard([0, undefined]) }), links));
  expect(row).toContain('not measured');
  expect(row).toContain('No data: the newest point is 5 s old.');
  expect(row).not.toContain('because');
});

function rowOf(page: string): string {
  return /<li class="service"[\s\S]*?<\/section>/.exec(page)?.[0] ?? '';
}

test('the configuration is shown as a user would write it, without its secret', async () => {
  const url = await start();
  const text = String((await ask(`${url}/config.yaml`)).body);
  const file = parse(text);
  expect(text).not.toContain('keep me');
  expect(file.status_dashboard).toEqual({ kind: 'incidents', url: links.dashboardUrl, secret: '***' });
  expect(file.health_metrics.search.expressions[0]).toEqual({ expression: 'search.slow', weight: 1 });
});
