import { expect, onTestFinished, test } from 'vitest';
import { type DemoParts, startDemo } from '../../src/demo/demo.ts';
import { startServer } from '../../src/demo/server.ts';
import { FakeClock } from '../fake-clock.ts';
import { ask } from './ask.ts';
import { startChain } from './chain.ts';

const parts = {
  port: 0,
  chance: () => 0.5,
  print: () => undefined,
  openClient: () => expect.unreachable('there is no collector to send to'),
};

async function checkFailedStart(
  startDaemon: DemoParts['startDaemon'],
  message: string,
  given: Omit<DemoParts, 'clock' | 'startDaemon'> = parts,
): Promise<void> {
  const clock = new FakeClock();
  const urls: string[] = [];
  const seen: DemoParts['startDaemon'] = (settings, hear) => {
    urls.push(settings.dashboardUrl, settings.statusPageUrl);
    return startDaemon(settings, hear);
  };
  await expect(startDemo({ ...given, clock, startDaemon: seen })).rejects.toThrow(message);
  expect(urls.length).toBe(2);
  for (const url of urls) expect((await ask(url)).broken).toBe('ECONNREFUSED');
  expect(clock.waiting).toEqual([]);
}

test('a daemon that cannot start leaves nothing behind', () =>
  checkFailedStart(async () => Promise.reject(new Error('no')), 'no'));

test('a daemon without a collector is stopped, and that is said', async () => {
  const stops: string[] = [];
  const stop = async () => void stops.push('daemon');
  const daemon = { stop, collectorUrl: undefined, telemetryUrl: undefined };
  await checkFailedStart(async () => daemon, 'the collector of the demo does not listen');
  expect(stops).toEqual(['daemon']);
});

test('a port that is taken is told, and all that was started before is stopped, the newest first', async () => {
  const { url, stop } = await startServer({}, () => undefined);
  onTestFinished(stop);
  const stops: string[] = [];
  const openClient = () => ({
    send: () => undefined,
    stats: () => expect.unreachable('nobody looks'),
    close: async () => void stops.push('client'),
  });
  const daemon = {
    stop: async () => void stops.push('daemon'),
    collectorUrl: 'http://127.0.0.1:1',
    telemetryUrl: undefined,
  };
  const taken = { ...parts, port: Number(new URL(url).port), openClient };
  await checkFailedStart(async () => daemon, 'EADDRINUSE', taken);
  expect(stops).toEqual(['client', 'daemon']);
});

test('where the collector does not answer any more, the page still does', async () => {
  const { demo, play, stopDaemon } = await started();
  await play(5_000);
  await stopDaemon();
  const { services } = JSON.parse(String((await ask(`${demo.url}/state.json`)).body));
  expect(services.length).toBe(8);
  expect(services[0].numbers).toEqual({});
});

test('the page shows numbers, readings, what decided and what was sent', async () => {
  const { demo, play, settings } = await started();
  await play(10_000);
  const page = String((await ask(demo.url)).body);
  expect(page).toContain('<strong>Degraded service</strong>');
  expect(page).toContain('because <code>search.slow</code>');
  expect(page).toContain('token verified ✓');
  expect(page).not.toContain(settings.secret);
  expect(page).not.toContain(settings.statusPageSecret);
  const state = JSON.parse(String((await ask(`${demo.url}/state.json`)).body));
  expect([state.worst, state.statusPage.open.length]).toEqual([1, 1]);
  const search = state.services.find(
    (seen: { service: string; environment: string }) =>
      seen.service === 'search' && seen.environment === 'production',
  );
  expect(search.numbers.requestsPerSecond).toBeCloseTo(10, 0);
  expect(search.numbers.errorShare).toBe(0);
  expect(search.numbers.latencyMs).toBeGreaterThan(600);
  // In ten seconds 44 requests a second, but for what is due next.
  expect(state.counts.measured).toBeGreaterThan(420);
});

test('what is printed leads to everything, and to no secret', async () => {
  const { demo, printed, collectorUrl, settings, telemetryUrl } = await started();
  const { dashboardUrl, statusPageUrl } = settings;
  for (const url of [demo.url, collectorUrl, dashboardUrl, statusPageUrl, telemetryUrl]) {
    expect(printed).toContain(url);
  }
  expect(printed).not.toContain(settings.secret);
  expect(printed).not.toContain(settings.statusPageSecret);
});

test('the links of the page and of the greeting are answered', async () => {
  const { demo, printed, play } = await started();
  await play(5_000);
  const page = String((await ask(demo.url)).body).replaceAll('&#38;', '&');
  const links = [
    ...[...page.matchAll(/href="(http[^"]+)"/g)].map(([, url = '']) => url),
    ...[...printed.matchAll(/curl '([^']+)'/g)].map(([, url = '']) => url),
  ];
  expect(links.length).toBeGreaterThan(4);
  for (const url of links) expect([url, (await ask(url)).status]).toEqual([url, 200]);
});

test('a hundred bad requests by hand make a service fail', async () => {
  const { collectorUrl, heard, play } = await started();
  await play(4_000);
  const metric = '{"service": "accounts", "status_code": 500, "latency_ms": 900}\n';
  const answer = await ask(`${collectorUrl}/api/ingest`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    send: metric.repeat(100),
  });
  expect(answer.status).toBe(200);
  await play(6_000);
  const statuses = heard.flatMap(({ reading: { target, status } }) =>
    target.service === 'accounts' ? [status] : [],
  );
  expect(statuses).toContain(2);
});

test('after a stop nothing listens and no timer is left', async () => {
  const { clock, demo, settings, collectorUrl, telemetryUrl, play, stop } = await started();
  await play(5_000);
  await stop();
  const { dashboardUrl, statusPageUrl } = settings;
  for (const url of [demo.url, dashboardUrl, statusPageUrl, collectorUrl, telemetryUrl]) {
    expect((await ask(url)).broken).toBe('ECONNREFUSED');
  }
  expect(clock.waiting).toEqual([]);
});

test('two demos run in one process and know nothing of each other', async () => {
  const [one, other] = [await started(), await started()];
  expect(one.settings.secret).not.toBe(other.settings.secret);
  await one.play(6_000);
  const worst = async (url: string) => JSON.parse(String((await ask(`${url}/state.json`)).body)).worst;
  expect([await worst(one.demo.url), await worst(other.demo.url)]).toEqual([1, null]);
});

async function started() {
  const chain = await startChain();
  onTestFinished(chain.stop);
  return chain;
}
