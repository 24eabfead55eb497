/** Everything that docs/queries.md shows is done in its order, and answers what the page says. */
import { expect, test } from 'vitest';
import { page, tableRows } from '../docs/page.ts';
import { freePort, start } from '../process/program.ts';
import { followSteps } from './shown-steps.ts';

const doc = page('docs/queries.md');

test('questions and their answers, each as it is written', { timeout: 60_000 }, async () => {
  const port = await freePort();
  const here = (text: string) => text.replaceAll(':3000', `:${port}`);
  const steps = await followSteps(doc, { PORT: String(port) }, here, () => port);
  expect(steps).toBe(8);
});

test('every path of the tables is answered, by every method that is named', async () => {
  const program = start(['collect'], { PORT: String(await freePort()) });
  const { url } = await program.waitForLog('Collector is listening');
  const parameters = 'query=1&start=0&end=1&step=1&match[]=up';
  let count = 0;
  for (const [paths = '', by = ''] of tableRows(doc, '## What is answered')) {
    for (const path of paths.match(/\/api\/v1\/[\w/]+/g) ?? []) {
      const at = url + path.replace('NAME', 'job');
      for (const method of [...by.split(', '), 'HEAD']) {
        const form = { method, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
        const answer = await (method === 'POST'
          ? fetch(at, { ...form, body: parameters })
          : fetch(`${at}?${parameters}`, { method }));
        expect(`${method} ${path} ${answer.status}`).toBe(`${method} ${path} 200`);
        count++;
      }
    }
  }
  expect(count).toBe(25);
});
