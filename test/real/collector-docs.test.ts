/** Everything that docs/collector.md shows is done in its order, and answers what the page says. */
import { expect, test } from 'vitest';
import { page, tableRows } from '../docs/page.ts';
import { freePort, start } from '../process/program.ts';
import { until } from './prometheus.ts';
import { followSteps } from './shown-steps.ts';

const doc = page('docs/collector.md');

test('from nothing to numbers on a page, each step as it is written', { timeout: 120_000 }, async () => {
  const ports = { 3000: await freePort(), 8081: await freePort() };
  const here = (text: string) =>
    text.replaceAll(':3000', `:${ports[3000]}`).replace(/(:|listen\()8081/g, `$1${ports[8081]}`);
  const portOf = (command: string) => (/shop/.test(command) ? ports[8081] : ports[3000]);
  const steps = await followSteps(doc, { PORT: String(ports[3000]) }, here, portOf);
  expect(steps).toBeGreaterThan(7);
  const url = `http://127.0.0.1:${ports[3000]}`;
  const shop = async () => {
    const services = (await (await fetch(`${url}/api/services`)).json()) as Record<string, object>;
    return services['shop'];
  };
  // What the library batches is there within its second.
  await until(async () => JSON.stringify(await shop()).includes('/broken') || undefined);
  expect(await shop()).toMatchObject({ paths: { '/cart': 3, '/': 1, '/broken': 1 } });
  const html = await (await fetch(url)).text();
  for (const service of ['shop', 'billing', 'backup']) expect(html).toContain(service);
});

test('every path of the table is answered', async () => {
  const port = await freePort();
  const program = start(['collect'], { PORT: String(port) });
  const { url } = await program.waitForLog('Collector is listening');
  const paths = tableRows(doc, '## What is answered').flatMap(
    ([cell = '']) => cell.match(/(?:POST )?\/[\w/.-]*/g) ?? [],
  );
  expect(paths.length).toBe(17);
  for (const path of paths) {
    const [, post, at = ''] = /^(POST )?(.*)$/.exec(path) ?? [];
    const headers = { 'content-type': 'application/json' };
    const answer = post
      ? await fetch(`${url}${at}`, { method: 'POST', headers, body: '[]' })
      : await fetch(`${url}${at}`);
    // Of which service is not said.
    const status = /\/v1\/health$/.test(path) ? 400 : 200;
    expect(`${path} ${answer.status}`).toBe(`${path} ${status}`);
  }
});
