/** A dashboard that becomes another page under the same name: the new one is told, the old one is left as it is. */
import { writeFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { type StatuspageServer, startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { file, run, start, temporaryFolder } from './program.ts';

const incidents = (page: StatuspageServer) => page.incidents.map(({ status }) => status);

async function world() {
  const convertor = await startConvertor();
  const pages = await Promise.all([1, 2].map(() => startStatuspage({ components: [{ name: 'API' }] })));
  onTestFinished(async () => {
    await Promise.all([convertor, ...pages].map((peer) => peer.stop()));
  });
  const [first, second] = pages as [StatuspageServer, StatuspageServer];
  convertor.set('api', 'production', { status: 2 });
  const state = temporaryFolder();
  const text = (page: StatuspageServer) => `
convertor: {url: "${convertor.url}"}
dashboards:
  public: {kind: statuspage, url: "${page.url}", api_key: key, page_id: page}
reporter:
  poll_interval: 1
  state_dir: ${state}
  services: [{name: api, component: API}]
`;
  const config = file(text(first));
  const args = ['-c', config, '--log-format', 'json'];
  const sent = 'Sent notification to dashboard: success';
  return { convertor, first, second, config, args, text, sent };
}

const left = /^Open incident is left as it is: /;

test('after a reload the new page is told, and the old one again when it is back', async () => {
  const { convertor, first, second, config, args, text, sent } = await world();
  const program = start(args);
  await program.waitForLog(sent);
  writeFileSync(config, text(second));
  program.signal('SIGHUP');
  await program.waitForLog(left);
  await program.waitForLog(sent, 2);
  expect([incidents(first), incidents(second)]).toEqual([['investigating'], ['investigating']]);
  const { stdout } = await run(['status', '-c', config]);
  expect(stdout).toContain('the dashboard of that name is another page now: left as it is');
  convertor.set('api', 'production', { status: 0 });
  await program.waitForLog(sent, 3);
  expect([incidents(first), incidents(second)]).toEqual([['investigating'], ['resolved']]);
  writeFileSync(config, text(first));
  program.signal('SIGHUP');
  await program.waitForLog(sent, 4);
  expect([incidents(first), incidents(second)]).toEqual([['resolved'], ['resolved']]);
});

test('after a restart it is the same, and what is no page does not matter', async () => {
  const { first, second, config, args, text } = await world();
  const once = async () => (await run(['run', '--once', ...args])).code;
  expect([await once(), await once()]).toEqual([0, 0]);
  expect(incidents(first)).toEqual(['investigating']);
  writeFileSync(config, text(second));
  expect(await once()).toBe(0);
  writeFileSync(config, text(second).replace('page_id: page', 'page_id: page, timeout: 5, open_after: 2'));
  expect(await once()).toBe(0);
  expect([incidents(first), incidents(second)]).toEqual([['investigating'], ['investigating']]);
});
