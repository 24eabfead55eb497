/** The demo's page in a real browser: Debian's chromium. */
import axe from 'axe-core';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startPage } from '../../src/demo/page-server.ts';
import type { RunningServer } from '../../src/demo/server.ts';
import type { View } from '../../src/demo/view.ts';
import { deeds, heard, incident, nowMs, post, reading, statusPage, told, view } from '../demo/world.ts';

const links = {
  collectorUrl: 'http://127.0.0.1:1',
  dashboardUrl: 'http://127.0.0.1:2',
  statusPageUrl: 'http://127.0.0.1:4',
  telemetryUrl: undefined,
};
const readings = heard([0, 0, 1, 2, 3, undefined, 0]);
const query = 'avg_over_time(deployment_latency{deployment_id="search",environment="production"}[3s])';
const triggered = [{ name: 'search.slow', query, op: 'gt', threshold: 400 }];
readings.hear(reading(1, undefined, { evidence: { matchedExpression: 'search.slow', triggered } }), nowMs);
const full = view({
  readings,
  numbers: new Map([
    ['["search","production"]', { requestsPerSecond: 10, errorShare: 0.02, latencyMs: 912 }],
  ]),
  posts: [post(), post({ number: 2, answered: 503 }), post({ number: 3 })],
  stored: 3,
  statusPage: statusPage({
    components: [
      { name: 'Search', level: 2 },
      { name: 'Letters and everything else that is sent', level: 0 },
    ],
    open: [incident(), incident({ id: 2, isOfHuman: true, deeds: deeds({ left: 1 }) })],
    closed: [incident({ id: 3, endMs: nowMs })],
    requests: [
      told({ number: 3 }),
      told({ number: 2, deed: 'refused', answered: 503 }),
      told({ deed: 'closed' }),
    ],
    told: deeds({ opened: 3, closed: 1 }),
    failed: 1,
    isAway: true,
  }),
});

let browser: Browser;
let server: RunningServer;
let current: View;

beforeAll(async () => {
  browser = await chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
});
afterAll(() => browser.close());
afterEach(() => server?.stop());

async function open(seen: View, options: Parameters<Browser['newPage']>[0] = {}): Promise<Page> {
  current = seen;
  const settings = { ...links, secret: 'none', statusPageSecret: 'none', targets: [] };
  server = await startPage({}, { view: async () => current, links, settings });
  const page = await browser.newPage(options);
  page.on('console', (message) => expect(message.text()).toBe(''));
  page.on('pageerror', (error) => expect(error).toBe(undefined));
  await page.goto(server.url);
  return page;
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`axe finds nothing in the ${colorScheme} page of ${width} pixels, and nothing sticks out`, async () => {
      const page = await open(full, { colorScheme, viewport: { width, height: 800 }, bypassCSP: true });
      await page.addScriptTag({ content: axe.source });
      const { violations } = await page.evaluate<{
        violations: { id: string; nodes: { html: string }[] }[];
      }>('axe.run()');
      expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.close();
    });
  }
}

test('the page renews itself, and what is open stays open', async () => {
  const page = await open(full);
  expect(await page.title()).toBe('Degraded service · cloudmon-reporter demo');
  await page.click('#request-2-summary');
  current = view({
    readings: heard([2]),
    statusPage: statusPage({ requests: [told({ number: 4 }), told({ number: 3 }), told({ number: 2 })] }),
  });
  await page.waitForSelector('#request-4');
  expect(await page.textContent('#banner strong')).toBe('Outage');
  const open4 = await page.$$eval('details.request', (all) =>
    all.map((one) => [one.id, one.hasAttribute('open')]),
  );
  expect(open4).toEqual([
    ['request-4', false],
    ['request-3', true],
    ['request-2', true],
  ]);
  await page.close();
});

test('why a service is degraded opens by the keyboard and stays open', async () => {
  const page = await open(full, { viewport: { width: 360, height: 800 } });
  await page.focus('#service-search-production summary');
  await page.keyboard.press('Enter');
  current = { ...full, nowMs: full.nowMs + 1_000 };
  await page.waitForSelector('time[datetime="2026-01-20T12:00:01Z"]');
  expect(await page.isVisible('#service-search-production .query')).toBe(true);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  await page.close();
});

test('the page says all of it without a script', async () => {
  const page = await open(full, { javaScriptEnabled: false });
  expect(await page.textContent('#banner strong')).toBe('Degraded service');
  expect(await page.textContent('#service-search-production .word')).toBe('degraded');
  expect(await page.locator('noscript meta').getAttribute('content')).toBe('5');
  await page.close();
});
