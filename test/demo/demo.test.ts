import { expect, test } from 'vitest';
import { type DemoReporterSettings, startDemo } from '../../src/demo/demo.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';
import { report } from './report.ts';

const telemetryUrl = 'http://127.0.0.1:3';

async function run() {
  const clock = new FakeClock();
  const printed: string[] = [];
  const given: DemoReporterSettings[] = [];
  const stops: string[] = [];
  const start = async (settings: DemoReporterSettings) => {
    given.push(settings);
    return { telemetryUrl, stop: async () => void stops.push('reporter') };
  };
  const demo = await startDemo({
    port: 0,
    clock,
    print: (text) => printed.push(text),
    startReporter: start,
  });
  const [settings] = given;
  if (!settings) throw new Error('the reporter was not started');
  return { clock, demo, printed: printed.join(''), settings, stops };
}

test('the reporter is given all that it needs, and the URLs are printed', async () => {
  const { demo, printed, settings, stops } = await run();
  expect(settings.pollIntervalSeconds).toBe(2);
  expect(settings.secret.length).toBe(43);
  expect(settings.targets.length).toBe(8);
  expect(settings.targets).toContainEqual({ name: 'search', environment: 'staging' });
  const { convertorUrl, dashboardUrl } = settings;
  for (const url of [demo.url, convertorUrl, dashboardUrl, telemetryUrl]) expect(printed).toContain(url);
  expect(String((await ask(demo.url)).body)).toContain(telemetryUrl);
  expect(printed).not.toContain(settings.secret);
  await demo.stop();
  expect(stops).toEqual(['reporter']);
});

test('the page shows what the reporter asked and told', async () => {
  const { clock, demo, settings } = await run();
  await clock.advance(2_000);
  const window = 'from=2026-01-20T11:55:00Z&to=2026-01-20T12:01:00Z';
  await ask(`${settings.convertorUrl}/v1/health?${window}&service=search&environment=production`);
  const sent = await report(settings.dashboardUrl, clock.now(), {
    service: 'search',
    secret: settings.secret,
  });
  expect(sent.status).toBe(201);
  const page = String((await ask(demo.url)).body);
  expect(page).toContain('<strong>Degraded service</strong>');
  expect(page).toContain('token verified ✓');
  expect(page).not.toContain(settings.secret);
  const state = JSON.parse(String((await ask(`${demo.url}/state.json`)).body));
  expect([state.worst, state.incidents.length, state.counts.stored]).toEqual([1, 1, 1]);
  await demo.stop();
});

test('every answer about a service names the same flags, whatever its health', async () => {
  const { clock, demo, settings } = await run();
  const flags = async () => {
    const query = 'from=2026-01-20T11:55:00Z&to=2026-01-20T12:01:00Z&service=search&environment=production';
    const answer = await ask(`${settings.convertorUrl}/v1/health?${query}`);
    return Object.keys(JSON.parse(String(answer.body)).metrics[0].metric_states);
  };
  const well = await flags();
  await clock.advance(2_000);
  expect(await flags()).toEqual(well);
  await demo.stop();
});

test('after a stop nothing listens and no timer is left', async () => {
  const { clock, demo, settings } = await run();
  await demo.stop();
  for (const url of [demo.url, settings.convertorUrl, settings.dashboardUrl]) {
    expect((await ask(url)).broken).toBe('ECONNREFUSED');
  }
  expect(clock.waiting).toEqual([]);
});

test('a reporter that cannot start leaves nothing behind', async () => {
  const clock = new FakeClock();
  let convertorUrl = '';
  const startReporter = async (settings: DemoReporterSettings) => {
    convertorUrl = settings.convertorUrl;
    throw new Error('no');
  };
  await expect(startDemo({ port: 0, clock, print: () => {}, startReporter })).rejects.toThrow('no');
  expect((await ask(convertorUrl)).broken).toBe('ECONNREFUSED');
  expect(clock.waiting).toEqual([]);
});

test('two demos run in one process', async () => {
  const [a, b] = [await run(), await run()];
  expect(a.settings.secret).not.toBe(b.settings.secret);
  expect(a.demo.url).not.toBe(b.demo.url);
  await Promise.all([a.demo.stop(), b.demo.stop()]);
});
