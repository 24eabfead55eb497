/** The demo as somebody starts it who sees the product for the first time. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ask } from '../demo/ask.ts';
import { type Program, start, temporaryFolder } from './program.ts';

async function textOf(url: string): Promise<string> {
  return String((await ask(url)).body);
}

/** All that it prints comes at once, when it runs. */
async function greeting(demo: Program): Promise<string> {
  await expect.poll(demo.stdout, { timeout: 20_000 }).toContain('Ctrl+C ends the demo.');
  return demo.stdout();
}

function urlOf(name: string, printed: string): string {
  return new RegExp(`^ +${name} +(http://127\\.0\\.0\\.1:\\d+\\S*)$`, 'm').exec(printed)?.[1] ?? '';
}

test('a port that is taken is said, and the demo ends with 1', async () => {
  const first = start(['demo']);
  const { port } = new URL(urlOf('Page', await greeting(first)));
  const second = start(['demo', '--port', port]);
  expect((await second.ended()).code).toBe(1);
  expect(second.stderr()).toContain(`Port ${port} cannot be had (EADDRINUSE): choose another with --port.`);
});

test('the demo opens an incident on its status page, says so everywhere, and leaves nothing behind', async () => {
  const folder = temporaryFolder();
  const demo = start(['demo'], { TMPDIR: folder });
  const printed = await greeting(demo);
  const page = urlOf('Page', printed);
  const parsed = async (url: string) => JSON.parse(await textOf(url));
  await expect
    .poll(async () => (await parsed(`${page}/state.json`)).statusPage.told.opened, { timeout: 30_000 })
    .toBeGreaterThan(0);
  const { data } = await parsed(urlOf('Status page', printed));
  const event = data.at(-1);
  expect(event).toMatchObject({ id: 1, title: 'Found by monitoring', components: [3], system: true });
  const shown = await textOf(page);
  expect(shown).toContain('<li class="incident" id="incident-1">');
  expect(shown).toContain('<b>By the reporter:</b> opened once');
  expect(await textOf(urlOf('Dashboard', printed))).toContain('"service":"search"');
  expect(readdirSync(folder)).toEqual([]);

  demo.signal('SIGINT');
  expect((await demo.ended()).code).toBe(0);
  expect([demo.stderr(), readdirSync(folder)]).toEqual(['', []]);
});
