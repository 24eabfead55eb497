/** The collector's pages in a real browser, alone and beside a reporter. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SourceFacts } from '../../src/model/collector-facts.ts';
import { collectorStage, node, serviceOf } from '../telemetry/collector-stage.ts';
import { reading, targetOf } from '../telemetry/stage.ts';
import { checkAccess, checkWidth, launch, open, serve } from './browser.ts';

const paths = ['/', '/debug/metrics'] as const;

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'`&lt;&amp;",
  'one two\tthree',
  'x'.repeat(200),
  'word '.repeat(40).trim(),
  '\u202eright to left',
  '\u0634\u0628\u0643\u0629',
  `z${'\u0301\u0302\u0323'.repeat(60)}`,
  '\u{1f469}\u200d\u{1f469}\u200d\u{1f467}'.repeat(20),
  '</title></table></main><base href=//evil.example>',
  '19,000,000',
];

const states: readonly SourceFacts['state'][] = ['ok', 'waiting', 'failing', 'paused'];

function stageOf(kind: 'empty' | 'alone' | 'both') {
  if (kind === 'empty') return collectorStage();
  const large = { requests: 19_000_000, errorShare: 1, averageLatencyMs: 9_999, uniqueIps: 50_000 };
  const sources = hostile.map((name, i) => ({
    name,
    state: states[i % states.length] ?? 'ok',
    reason: 'failed',
    detail: name,
    durationMs: 4_999,
    samples: 100_000,
  }));
  const facts = { services: hostile.map((name) => serviceOf(name, large)), sources };
  const targets = hostile.map((name) => targetOf(name));
  const on = kind === 'both' ? collectorStage(facts, {}, targets) : collectorStage(facts);
  for (const target of targets) on.witness.read(reading(target, 1, on.clock.now()));
  on.witness.cycleDone(10, []);
  return on;
}

test.each(['empty', 'alone', 'both'] as const)(
  '%s: every page is accessible and fits, in both themes, from a phone to a desk',
  async (kind) => {
    const { server, probes } = stageOf(kind);
    const { url } = await serve({ routes: server, probes });
    for (const path of paths) {
      const page = await open(browser, url, path, { bypassCSP: true });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        for (const width of [360, 641, 1280]) {
          await page.setViewportSize({ width, height: 800 });
          await checkWidth(page);
          // Between phone and desk nothing else is drawn than on one of them, and a theme is only colours.
          if (width === 1280 || (width === 360 && colorScheme === 'light')) await checkAccess(page);
        }
      }
    }
  },
);

test('hostile names come back whole, and no cell of a table grows out of its place', async () => {
  const { server, probes } = stageOf('alone');
  const { url } = await serve({ routes: server, probes });
  for (const width of [360, 641, 1280]) {
    const page = await open(browser, url, '/', { viewport: { width, height: 800 } });
    for (const table of ['by-service', 'by-source']) {
      const names = await page.$$eval(`.${table} bdi`, (all) => all.map((one) => one.textContent));
      expect(names.sort()).toEqual([...hostile].sort());
      // What is wider than its cell, or higher than two lines of a name, would lie over its neighbours.
      const grown = await page.evaluate<string[]>(
        `[...document.querySelectorAll('.${table} :is(td, th, bdi)')]
          .filter((one) => one.clientWidth > 1 && (one.scrollWidth > one.clientWidth + 1 || (one.matches('bdi') && one.clientHeight > 50)))
          .map((one) => one.outerHTML)`,
      );
      expect(grown).toEqual([]);
    }
  }
});

test('on a phone a table is still one to who cannot see it', async () => {
  const { server, probes } = stageOf('alone');
  const { url } = await serve({ routes: server, probes });
  const page = await open(browser, url, '/', { viewport: { width: 360, height: 800 } });
  const tree = await page.locator('.by-service').ariaSnapshot();
  expect(tree).toContain('columnheader "Service"');
  expect(tree).toContain('columnheader "Requests"');
  expect(tree).toContain('rowheader "19,000,000"');
  expect(tree).toContain('cell "100.0 %"');
});

test('without a script the page renews itself; with one the first metric appears by itself', async () => {
  const on = collectorStage();
  const { url } = await serve({ routes: on.server, probes: on.probes });
  const [still, live] = await Promise.all([
    open(browser, url, '/', { javaScriptEnabled: false }),
    open(browser, url, '/debug/metrics'),
  ]);
  expect(await still.textContent('#services')).toContain(`curl http://127.0.0.1:3000/api/ingest`);
  on.say({ services: [serviceOf('api')], sources: [node] });
  await on.clock.advance(2_000);
  await Promise.all([
    still.waitForSelector('.by-service tbody tr', { timeout: 20_000 }),
    live.waitForSelector('.by-source tbody tr', { timeout: 20_000 }),
  ]);
  expect(await live.textContent('.by-service tbody tr')).toContain('api');
});
