/** The page of availability in a real browser: Debian's chromium. It is a file that stands alone. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { uptimePage } from '../../src/history/uptime-page.ts';
import { ask, maintenance, observed, run, simply, writeStory } from '../history/story.ts';
import { checkAccess, checkWidth, launch } from './browser.ts';

let browser: Browser;
let folder: string;
let url: string;

beforeAll(async () => {
  browser = await launch();
  folder = mkdtempSync(join(tmpdir(), 'cloudmon-uptime-'));
  const hostile =
    '<img src=x onerror=alert(1)> "a service" with a very long name, in one-word-that-nobody-can-break-anywhere';
  writeStory(
    folder,
    run('2026-09-30T12:00:00Z', '2026-10-20T08:00:00Z'),
    run('2026-10-21T19:30:00Z', '2026-10-27T12:00:00Z'),
    observed('2026-09-30T12:00:01Z', 0),
    observed('2026-10-21T19:30:05Z', 0),
    observed('2026-09-30T12:00:01Z', 0, 'always'),
    observed('2026-10-21T19:30:05Z', 0, 'always'),
    observed('2026-10-03T10:00:00Z', 1),
    observed('2026-10-03T10:30:00Z', 0),
    observed('2026-10-05T12:00:00Z', 2),
    observed('2026-10-05T12:25:00Z', 0),
    observed('2026-10-08T12:00:00Z', 3),
    observed('2026-10-08T15:00:00Z', 0),
    maintenance('2026-10-10T00:00:00Z', '2026-10-12T03:00:00Z'),
    simply('2026-10-12T00:00:00Z', 'maintenance_over', 'api'),
    observed('2026-10-09T10:00:00Z', 1, hostile),
    observed('2026-10-09T22:30:00Z', undefined, hostile),
    observed('2026-10-11T22:30:00Z', undefined, 'silent'),
  );
  const path = join(folder, '2026-10.html');
  writeFileSync(path, uptimePage(await ask(folder, '2026-10', 'Europe/Berlin', '2026-10-27T12:00:00Z')));
  url = String(pathToFileURL(path));
});
afterAll(async () => {
  await browser.close();
  rmSync(folder, { recursive: true });
});

async function open(options: BrowserContextOptions): Promise<Page> {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) complaints.push(request.url());
  });
  onTestFinished(() => expect(complaints).toEqual([]));
  await page.goto(url);
  return page;
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test(`axe finds nothing in the ${colorScheme} page of ${width} pixels, and nothing sticks out`, async () => {
      const page = await open({ colorScheme, viewport: { width, height: 900 }, bypassCSP: true });
      await checkAccess(page);
      await checkWidth(page);
      const { SCREENSHOTS } = process.env;
      if (SCREENSHOTS) {
        await page.screenshot({
          path: join(SCREENSHOTS, `uptime-${colorScheme}-${width}.png`),
          fullPage: true,
        });
      }
    });
  }
}

test('the page says all of it without a script, under its own policy', async () => {
  const page = await open({ javaScriptEnabled: false });
  expect(await page.title()).toBe('Availability in October 2026');
  expect(await page.textContent('.banner strong')).toBe('Outages of 1 of 4\u00a0targets');
  expect(await page.locator('.uptime .told').allTextContents()).toEqual([
    // Of 638 h, without 48 h of maintenance and 35:29:05 h of no data, 3:25 h were outage.
    '99.383 %',
    '100.000 %',
    '100.000 %',
    'no data',
  ]);
  expect(await page.locator('.uptime').first().locator('.bars path title').nth(4).textContent()).toBe(
    '2026-10-05: 98.263 %, outage 25m',
  );
  expect(await page.locator('.uptime').first().locator('tbody tr').nth(4).textContent()).toBe(
    '2026-10-0598.263 %25m0s0s0s',
  );
  const background = await page.evaluate('getComputedStyle(document.querySelector(".card")).backgroundColor');
  expect(background).toBe('rgb(255, 255, 255)');
});
