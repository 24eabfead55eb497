/** Our pages in a real browser: Debian's chromium. */
import axe from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { expect, onTestFinished } from 'vitest';
import { type Listener, startListener } from '../../src/http/listener.ts';
import type { Routes } from '../../src/http/routes.ts';
import { systemClock } from '../../src/model/clock.ts';

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic'],
  });
}

/** A page that fails the test at every complaint, every dialog and every request elsewhere. */
export async function open(
  browser: Browser,
  base: string,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Page> {
  const page = await browser.newPage(options);
  onTestFinished(() => page.close());
  const complaints: string[] = [];
  page.on('console', (message) => {
    // Chromium asks for it where a page names no icon, such as a picture.
    if (!message.location().url.endsWith('/favicon.ico')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(dialog.message());
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== base) complaints.push(request.url());
  });
  onTestFinished(() => expect(complaints).toEqual([]));
  await page.goto(base + path);
  return page;
}

export async function serve({ routes, probes }: { routes: Routes; probes: Routes }): Promise<Listener> {
  const listener = await startListener({ address: '127.0.0.1', port: 0 }, { routes, probes }, systemClock, {
    refused: () => undefined,
    bug: (error) => expect.unreachable(String(error)),
  });
  onTestFinished(listener.stop);
  return listener;
}

export async function checkWidth(page: Page): Promise<void> {
  const width = page.viewportSize()?.width;
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
}

export async function checkAccess(page: Page): Promise<void> {
  await page.addScriptTag({ content: axe.source });
  const { violations } = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[] }>(
    'axe.run()',
  );
  expect(violations.map(({ id, nodes }) => [id, nodes.map((node) => node.html)])).toEqual([]);
}
