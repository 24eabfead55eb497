/** `status` says from the files what is open and what is held back, while the daemon runs and when it does not. */
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { file, run, start, temporaryFolder } from './program.ts';

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();

async function world() {
  const convertor = await startConvertor();
  const page = await startStatuspage({ components: [{ name: 'API' }] });
  onTestFinished(async () => {
    await Promise.all([convertor.stop(), page.stop()]);
  });
  for (const service of ['api', 'shop', 'web']) convertor.set(service, 'production', { status: 2 });
  const state = temporaryFolder();
  const config = (more = '') =>
    file(`
convertor: {url: "${convertor.url}"}
dashboards:
  public: {kind: statuspage, url: "${page.url}", api_key: key, page_id: page, match: {services: [api, shop]}}
  pager: {kind: console, open_after: 5m, match: {services: [api]}}
reporter:
  poll_interval: 1
  state_dir: ${state}
  services:
    - {name: api, component: API}
    - {name: shop, component: Shop}
    - {name: web, component: Web}
maintenance: [{services: [web], from: "${inHours(-1)}", to: "${inHours(1)}", reason: new disks}]
${more}`);
  return { convertor, page, config, state };
}

/** Times are all the same, and every gap is two blanks. */
function plain(text: string): string {
  return text.replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/g, 'TIME').replace(/ {2,}/g, '  ');
}

test('what is open, what fails, what waits and what is not ours is listed, whether the daemon runs or was killed', async () => {
  const { page, config, state } = await world();
  const theirs = page.human.open({ name: 'Fire\u001b[31m', status: 'investigating' });
  const program = start(['-c', config(), '--log-format', 'json']);
  await program.waitForLog('Sent notification to dashboard: success');
  await program.waitForLog(/^Could not send notification/);
  await program.waitForLog('Polling convertor', 9);
  const text = `DASHBOARD  COMPONENT  STATUS  NOW  SINCE  TOLD  REFERENCE  HELD BACK
pager  API (api, production)  outage  outage  TIME  never  -  waits for open_after (5m)
public  API (api, production)  outage  outage  TIME  TIME  ID  -
public  Shop (shop, production)  outage  outage  TIME  never  -  fails since TIME: unknown_component: the page has no component named Shop; write its id under ids.public
Under maintenance until TIME: web in production: new disks
Not ours, and left alone, on public: "Fire\\u001b[31m" (${theirs})
From the state in ${state}.
`;
  const status = async () => {
    const { code, stdout, stderr } = await run(['status', '-c', config()]);
    const ours = page.incidents.find(({ id }) => id !== theirs)?.id ?? '';
    return { code, stderr, text: plain(stdout.replace(ours, 'ID')) };
  };
  expect(await status()).toEqual({ code: 0, stderr: '', text });

  program.signal('SIGKILL');
  await program.ended();
  expect(await status()).toEqual({ code: 0, stderr: '', text });
});

test('as JSON for programs, and nothing where nothing is open', async () => {
  const { convertor, page, config, state } = await world();
  for (const service of ['api', 'shop', 'web']) convertor.set(service, 'production', { status: 0 });
  const path = config();
  expect(await run(['status', '-c', path])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^Nothing is open\.\n/),
  });
  convertor.set('api', 'production', { status: 3 });
  expect((await run(['run', '--once', '-c', path])).code).toBe(0);
  const { code, stdout } = await run(['status', '-c', path, '--format', 'json']);
  expect(code).toBe(0);
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  const about = { service: 'api', environment: 'production', component: 'API', status: 3, word: 'critical' };
  const open = { ...about, now: 'critical', since: time };
  expect(JSON.parse(stdout)).toEqual({
    directory: state,
    incidents: [
      {
        ...open,
        dashboard: 'pager',
        held: [{ why: 'open_after', text: 'waits for open_after (5m)' }],
      },
      { ...open, dashboard: 'public', told: time, reference: page.incidents[0]?.id, held: [] },
    ],
    maintenance: [{ service: 'web', environment: 'production', until: time, reason: 'new disks' }],
    unowned: [],
    undecided: [],
  });
});

test('a dashboard that is told nothing because its kind is not known is said until it is known', async () => {
  const { convertor, config } = await world();
  for (const service of ['api', 'shop']) convertor.set(service, 'production', { status: 0 });
  const version = createServer((_, response) => response.end('[]')).listen(0, '127.0.0.1');
  await once(version, 'listening');
  onTestFinished(() => void version.close());
  const { port } = version.address() as AddressInfo;
  const away = 'status_dashboard: {kind: auto, url: "http://127.0.0.1:1", match: {services: [web]}}';
  await run(['run', '--once', '-c', config(away)]);
  const { code, stdout } = await run(['status', '-c', config(away)]);
  expect([code, stdout]).toEqual([0, expect.stringMatching(/^Nothing is open where the kind is known\.\n/)]);
  expect(stdout).toMatch(
    /^Dashboard default: nobody is told anything yet: it could not be found out which kind of dashboard this is: .+$/m,
  );
  const there = away.replace('127.0.0.1:1', `127.0.0.1:${port}`);
  await run(['run', '--once', '-c', config(there)]);
  expect((await run(['status', '-c', config(there)])).stdout).toMatch(/^Nothing is open\.\n/);
});

test('a state that is damaged is read as far as it goes, and left as it is', async () => {
  const { config, state } = await world();
  await run(['run', '--once', '-c', config()]);
  const path = join(state, 'state');
  const whole = readFileSync(path);
  writeFileSync(path, Buffer.concat([whole, Buffer.from('torn {')]));
  const { code, stdout, stderr } = await run(['status', '-c', config()]);
  const what = `${path} is damaged from byte ${whole.length} on: 1 line and what came after its last byte, if anything, are lost; the other lines count`;
  expect([code, stdout.includes('public'), stderr]).toEqual([
    0,
    true,
    `Not all of the state could be read: ${what}\n`,
  ]);
  expect(stdout).toContain(`What else is open is not known: ${what}\n`);
  expect(readFileSync(path).length).toBe(whole.length + 6);
});

test('a state that cannot be read, or is nowhere, is never taken for one in which nothing is open', async () => {
  const { config, state } = await world();
  const path = join(state, 'state');
  writeFileSync(path, 'garbage\n');
  const garbage = `${path} is damaged from byte 0 on: 1 line is lost; nothing of it can be read`;
  const { code, stdout, stderr } = await run(['status', '-c', config()]);
  expect([code, stderr]).toEqual([1, `The state cannot be read: ${garbage}\n`]);
  expect(stdout).toContain(`Nothing is known: ${garbage}\n`);
  const json = await run(['status', '-c', config(), '--format', 'json']);
  expect([json.code, JSON.parse(json.stdout).unread]).toEqual([1, { what: 'all', text: garbage }]);

  const missing = join(state, 'missing');
  const elsewhere = file(readFileSync(config(), 'utf8').replace(/state_dir: .*/, `state_dir: ${missing}`));
  expect(await run(['status', '-c', elsewhere])).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(
      /^Nothing is known: the folder .*missing does not exist\n(?!.*From the state)/s,
    ),
    stderr: `The state cannot be read: the folder ${missing} does not exist\n`,
  });
  const rehearsal = await run(['run', '--once', '--dry-run', '-c', elsewhere]);
  expect([rehearsal.code, existsSync(missing)]).toEqual([0, false]);
});

test('without a folder, or with one that is none, it says so', async () => {
  const { config } = await world();
  const nowhere = file('', 'a-file');
  const elsewhere = (dir: string) =>
    file(readFileSync(config(), 'utf8').replace(/state_dir: .*/, `state_dir: ${dir}`));
  expect(await run(['status', '-c', elsewhere(nowhere)])).toMatchObject({
    code: 1,
    stdout: '',
    stderr: `The state cannot be read: state_dir ${nowhere} is not a folder: name another one\n`,
  });
  expect((await run(['status', '-c', elsewhere('/nowhere/at/all')])).code).toBe(1);
});

test('who writes --json hears what is meant', async () => {
  const { code, stderr } = await run(['status', '-c', 'config.yaml', '--json']);
  expect([code, stderr]).toEqual([
    64,
    expect.stringContaining("unknown option '--json'; commands that print JSON"),
  ]);
});
