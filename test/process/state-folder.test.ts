/** A state folder that is taken away while the program runs comes back, and is nobody else's meanwhile. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startConvertor } from '../../src/demo/convertor.ts';
import { startStatuspage } from '../../src/demo/dialects/statuspage.ts';
import { file, run, start, temporaryFolder } from './program.ts';

async function world() {
  const convertor = await startConvertor();
  const page = await startStatuspage({ components: [{ name: 'API' }] });
  onTestFinished(async () => {
    await Promise.all([convertor.stop(), page.stop()]);
  });
  convertor.set('api', 'production', { status: 2 });
  const state = join(temporaryFolder(), 'state');
  const config = file(`
convertor: {url: "${convertor.url}"}
dashboards:
  public: {kind: statuspage, url: "${page.url}", api_key: key, page_id: page}
reporter:
  poll_interval: 1
  state_dir: ${state}
  services: [{name: api, component: API}]
`);
  const args = ['-c', config, '--log-format', 'json'];
  const program = start(args);
  await program.waitForLog('Sent notification to dashboard: success');
  // What was acknowledged is on disk before anything else is read.
  await program.waitForLog('Polling convertor', 2);
  return { convertor, state, config, args, program, takeAway: () => renameSync(state, `${state}.away`) };
}

/** The lines of the history, without their times. */
function historyIn(state: string): readonly Readonly<Record<string, unknown>>[] {
  const names = readdirSync(state).filter((name) => name.startsWith('history-'));
  const text = names.sort().map((name) => readFileSync(join(state, name), 'utf8'));
  return text
    .join('')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

test('the folder is made and locked again, and holds what is open', async () => {
  const { convertor, state, config, args, program, takeAway } = await world();
  takeAway();
  convertor.set('api', 'production', { status: 1 });
  await program.waitForLog(/^State is not written, .* was taken away; it is made and locked again/);
  await program.waitForLog('State is written again');
  expect(statSync(state).mode & 0o777).toBe(0o700);
  await vi.waitFor(() => expect(historyIn(state)[0]).toMatchObject({ service: 'api', again: true }), 10_000);
  const second = await run(['run', ...args]);
  expect([second.code, second.stdout + second.stderr]).toEqual([1, expect.stringContaining('is in use by')]);
  program.signal('SIGKILL');
  await program.ended();
  const { stdout } = await run(['status', '-c', config]);
  expect(stdout).toMatch(/^public +API \(api, production\)/m);
});

test('where a second program has taken the folder the first one says so and leaves it alone', async () => {
  const { convertor, state, args, program, takeAway } = await world();
  takeAway();
  mkdirSync(state);
  const second = start(args);
  // Its first cycle is over.
  await second.waitForLog('Polling convertor', 2);
  convertor.set('api', 'production', { status: 1 });
  await program.waitForLog(/^State is not written, it is in memory only: .* is in use by process \d+/);
  await program.waitForLog(/^History is not written: .* another process has the folder by now/);
  convertor.set('api', 'production', { status: 0 });
  await program.waitForLog('Health status: 0 (healthy)');
  await second.waitForLog('Health status: 0 (healthy)');
  program.signal('SIGTERM');
  expect(await program.ended()).toMatchObject({ code: 0 });
  expect(existsSync(join(state, 'state'))).toBe(true);
  second.signal('SIGTERM');
  expect(await second.ended()).toMatchObject({ code: 0 });
  expect(second.log().filter(({ msg }) => /^(State|History) is not written/.test(msg))).toEqual([]);
  // Every line is of the second one.
  const types = ({ type, status }: Readonly<Record<string, unknown>>) =>
    type === 'observed' ? status : type;
  const told = historyIn(state).filter(({ type }) => type !== 'delivered' && type !== 'alive');
  expect(told.map(types)).toEqual(['start', 'configured', 2, 'ready', 1, 0, 'stop']);
});
