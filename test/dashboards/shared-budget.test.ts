/** Who draws on whose budget: dashboards that show the same credentials to the same host have one together. */
import { expect, onTestFinished, test } from 'vitest';
import { openDashboard } from '../../src/dashboards/kinds.ts';
import { rateKeeper } from '../../src/dashboards/surroundings.ts';
import { type PagerdutyServer, startPagerduty } from '../../src/demo/dialects/pagerduty.ts';
import { load } from '../config/folder.ts';
import { FakeClock } from '../fake-clock.ts';
import { inTime, needs } from './telling.ts';

const firstKey = 'r0123456789abcdef0123456789abcde';
const secondKey = 'rfedcba9876543210fedcba987654321';

async function pagerduty(clock: FakeClock): Promise<PagerdutyServer> {
  const server = await startPagerduty({ clock });
  onTestFinished(() => server.stop());
  return server;
}

/** After how many seconds each of four requests came, of which each of two dashboards sends two, one after the other. */
async function times(clock: FakeClock, [one, other = one]: readonly PagerdutyServer[], key: string) {
  const dashboard = (url = '', routingKey = '') =>
    `{kind: pagerduty, url: "${url}", routing_key: ${routingKey}, rate: {requests: 2, per: 1m}}`;
  const { config, lines } = await load({
    'config.yaml': [
      'convertor: {url: http://127.0.0.1:9}',
      `dashboards: {one: ${dashboard(one?.url, firstKey)}, other: ${dashboard(other?.url, key)}}`,
      'reporter: {services: [{name: api}, {name: web}]}',
    ].join('\n'),
  });
  if (!config) throw new Error(lines);
  const startMs = clock.now();
  const surroundings = { clock, print: () => undefined, reporterId: 'cloudmon-reporter' };
  const rest = { pollIntervalMs: 60_000, rateOf: rateKeeper(clock), note: () => undefined };
  for (const settings of config.dashboards) {
    if (settings.kind !== 'pagerduty') throw new Error(settings.kind);
    const opened = openDashboard(settings, { ...surroundings, ...rest });
    onTestFinished(() => opened.stop());
    if (opened.tellsTogether) throw new Error('each is told apart');
    for (const target of config.reporter.targets) {
      await inTime({ clock }, opened.tell(needs(target, 'open'), new AbortController().signal));
    }
  }
  const all = [...new Set([one, other])].flatMap((server) => server?.requests ?? []);
  return all.map(({ timeMs }) => (timeMs - startMs) / 1000);
}

test('two with the same key on one host share it', async () => {
  const clock = new FakeClock();
  expect(await times(clock, [await pagerduty(clock)], firstKey)).toEqual([0, 0, 60, 60]);
});

test('two with keys of their own have one each', async () => {
  const clock = new FakeClock();
  expect(await times(clock, [await pagerduty(clock)], secondKey)).toEqual([0, 0, 0, 0]);
});

test('the same key at another host is another credential', async () => {
  const clock = new FakeClock();
  const both = [await pagerduty(clock), await pagerduty(clock)];
  expect(await times(clock, both, firstKey)).toEqual([0, 0, 0, 0]);
});
