/** The telemetry's pages in a real browser: Debian's chromium. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Status } from '../../src/model/status.ts';
import type { Target } from '../../src/model/target.ts';
import { start } from '../process/program.ts';
import { actionFor, reading, stage, targetOf } from '../telemetry/stage.ts';
import { checkAccess, checkWidth, launch, open, serve } from './browser.ts';

const paths = ['/', '/debug/metrics'] as const;

let browser: Browser;

beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

function readAll(
  { witness, clock }: ReturnType<typeof stage>,
  targets: readonly Target[],
  level: Status,
): void {
  for (const target of targets) {
    witness.asked(target, 5, undefined);
    witness.read(reading(target, level, clock.now()));
    witness.attempted(actionFor(target, 'default'), 30, undefined, false);
    witness.delivered(actionFor(target, 'default'), 'sent', undefined, undefined);
  }
  witness.cycleDone(10, []);
}

const outage = (page: Page) => page.locator('#state', { hasText: /outage/i }).waitFor({ timeout: 60_000 });

test('during the outage of the demo the pages say so by themselves, in both themes and on a phone', async () => {
  const demo = start(['demo', '--log-level', 'info']);
  const { url } = await demo.waitForLog('Telemetry is listening');
  const base = String(url);
  const watching = await Promise.all(paths.map((path) => open(browser, base, path)));
  for (const page of watching) await outage(page);
  const [index] = watching;
  // Soon, because the story goes on.
  expect(await index?.textContent('#targets li:first-child .word')).toMatch(/outage|critical/);
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 360]) {
      for (const path of paths) {
        const options = { colorScheme, viewport: { width, height: 800 }, bypassCSP: true };
        const page = await open(browser, base, path, options);
        await checkAccess(page);
        await checkWidth(page);
      }
    }
  }
  const badge = await index?.evaluate<number>(`document.querySelector('#badge img').naturalWidth`);
  expect(badge).toBeGreaterThan(50);
});

test('without a script the page says all of it, and renews itself', async () => {
  const on = stage([targetOf('api')]);
  readAll(on, [targetOf('api')], 0);
  const { url } = await serve(on);
  for (const path of paths) {
    const page = await open(browser, url, path, { javaScriptEnabled: false });
    expect(await page.textContent('#targets .word')).toBe('operational');
    readAll(on, [targetOf('api')], 2);
    await page.waitForEvent('load');
    expect(await page.textContent('#targets .word')).toBe('outage');
    readAll(on, [targetOf('api')], 0);
  }
});

test('a page that nobody sees does not ask, and asks at once when it is seen again', async () => {
  const on = stage([targetOf('api')]);
  const { url } = await serve(on);
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.clock.install();
  await page.goto(`${url}/`);
  let asked = 0;
  page.on('request', (request) => {
    if (request.url() === `${url}/`) asked++;
  });
  const show = (isHidden: boolean) =>
    page.evaluate(
      `Object.defineProperty(document, 'hidden', {value: ${isHidden}, configurable: true}); document.dispatchEvent(new Event('visibilitychange'))`,
    );
  await show(true);
  await page.clock.runFor(60_000);
  expect(asked).toBe(0);
  const answered = page.waitForResponse(`${url}/`);
  await show(false);
  await answered;
  expect(asked).toBe(1);
});

test('a page says when the program does not answer any more, and when it does again', async () => {
  const on = stage([targetOf('api')]);
  const listener = await serve(on);
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.clock.install();
  await page.goto(`${listener.url}/debug/metrics`);
  expect(await page.isVisible('#gone')).toBe(false);
  await page.route('**', (route) => route.abort());
  await page.clock.runFor(5_000);
  await page.waitForSelector('#gone', { state: 'visible' });
  expect(await page.title()).toContain('does not answer');
  await page.unroute('**');
  await page.clock.runFor(5_000);
  await page.waitForSelector('#gone', { state: 'hidden' });
  expect(await page.title()).toContain('Waiting for the first readings');
});

test('the focus stays where it is when the page renews itself', async () => {
  const on = stage([targetOf('api')]);
  const { url } = await serve(on);
  const page = await browser.newPage();
  onTestFinished(() => page.close());
  await page.clock.install();
  await page.goto(`${url}/`);
  await page.keyboard.press('Tab');
  expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the targets');
  await page.focus('#badge a');
  readAll(on, [targetOf('api')], 2);
  await page.clock.runFor(5_000);
  await outage(page);
  expect(await page.evaluate('document.activeElement.textContent')).toBe('/badge/api/production.svg');
});

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "'`&lt;&amp;",
  'one\ntwo\r\nthree\tfour',
  'word '.repeat(2_048).trim(),
  'x'.repeat(10_240),
  '\u202eright to left',
  '\u0634\u0628\u0643\u0629',
  '\u{1f9e8} \u{1f469}\u200d\u{1f469}\u200d\u{1f467}',
  '</title></svg></table></ul><base href=//evil.example>',
  'a/b%2Fc?d#e',
];

test('hostile names do nothing, come back whole, and break no layout', async () => {
  const targets = hostile.map((name) => targetOf(name, 'prod & <b>'));
  const on = stage(targets, ['default', ...hostile]);
  readAll(on, targets, 1);
  const { url } = await serve(on);
  for (const path of paths) {
    const page = await open(browser, url, path, { viewport: { width: 360, height: 800 } });
    const names = await page.$$eval(path === '/' ? '#targets bdi' : '#targets .name', (all) =>
      all.map((one) => one.textContent),
    );
    expect(names.sort()).toEqual([...hostile].sort());
    await checkWidth(page);
  }
  const page = await open(browser, url, '/debug/metrics', { bypassCSP: true });
  const dashboards = await page.$$eval('#dashboards .name', (all) => all.map((one) => one.textContent));
  expect(dashboards).toEqual(['default', ...hostile].map((name) => `${name} incidents`));
  await checkAccess(page);
});

test('a badge opened by itself is a picture with a title, whatever its target is called', async () => {
  const targets = hostile
    .slice(0, 4)
    .concat(hostile.slice(6))
    .map((name) => targetOf(name, 'a/b'));
  const on = stage(targets);
  readAll(on, targets, 3);
  const { url } = await serve(on);
  for (const { service, environment } of targets) {
    const path = `/badge/${encodeURIComponent(service)}/${encodeURIComponent(environment)}.svg`;
    const page = await open(browser, url, path);
    expect(await page.evaluate('document.documentElement.nodeName')).toBe('svg');
    expect(await page.textContent('title')).toBe(`${service} (a/b): critical`);
    const drawn = await page.evaluate<number[]>(
      `[...document.querySelectorAll('text')].map((text) => text.getBBox().width)`,
    );
    const width = await page.evaluate<number>('document.documentElement.width.baseVal.value');
    expect(drawn.reduce((sum, one) => sum + one, 0)).toBeLessThan(width);
  }
});

test('a thousand targets fit a phone', async () => {
  const targets = Array.from({ length: 1_000 }, (_, i) => targetOf(`service-${i}`));
  const on = stage(targets);
  readAll(on, targets, 1);
  const { url } = await serve(on);
  for (const path of paths) {
    const page = await open(browser, url, path, { viewport: { width: 360, height: 800 }, bypassCSP: true });
    await checkWidth(page);
    await checkAccess(page);
  }
});
