/** The dialect of Alertmanager answers as 0.25 does, which test/real holds it to. */
import { expect, onTestFinished, test } from 'vitest';
import { startAlertmanager } from '../../../src/demo/dialects/alertmanager.ts';
import { FakeClock } from '../../fake-clock.ts';
import { ask } from '../ask.ts';
import { alertmanagerAnswers } from './alertmanager-answers.ts';

async function start(authorization?: string) {
  const clock = new FakeClock();
  const server = await startAlertmanager({ clock, ...(authorization !== undefined && { authorization }) });
  onTestFinished(() => server.stop());
  const send = async (body: unknown, options: { readonly headers?: Record<string, string> } = {}) => {
    const seen = await ask(`${server.url}/api/v2/alerts`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...options.headers },
      send: JSON.stringify(body),
    });
    return seen.status;
  };
  return { server, clock, send };
}

for (const { name, method, path, type, body, status, says } of alertmanagerAnswers) {
  test(name, async () => {
    const { server } = await start();
    const seen = await ask(server.url + path, { method, headers: { 'content-type': type }, send: body });
    expect([seen.status, String(seen.body).trim()]).toEqual([status, expect.stringMatching(says)]);
  });
}

const labels = { alertname: 'a', service: 'api' };
const at = (second: number) => new Date(Date.parse('2026-01-20T12:00:00Z') + second * 1_000).toISOString();

test('the labels are the alert, in any order, and empty ones are none', async () => {
  const { server, send } = await start();
  await send([{ labels, endsAt: at(60) }]);
  await send([{ labels: { service: 'api', alertname: 'a', team: '' }, endsAt: at(90) }]);
  await send([{ labels: { ...labels, severity: 'critical' }, endsAt: at(90) }]);
  expect(server.alerts.map(({ labels: each, endsMs }) => [Object.keys(each).length, endsMs])).toEqual([
    [2, Date.parse(at(90))],
    [3, Date.parse(at(90))],
  ]);
});

test('an alert without an end lasts five minutes, and one that ends is over', async () => {
  const { server, clock, send } = await start();
  await send([{ labels }]);
  expect(server.alerts[0]?.endsMs).toBe(clock.now() + 300_000);
  await clock.advance(10_000);
  await send([{ labels, startsAt: at(0), endsAt: at(10) }]);
  expect(server.alerts).toMatchObject([{ startsMs: Date.parse(at(0)), endsMs: Date.parse(at(10)) }]);
  const { body } = await ask(`${server.url}/api/v2/alerts`);
  expect(JSON.parse(String(body))).toEqual([]);
});

test('one that is told again while it lasts began when it began', async () => {
  const { server, clock, send } = await start();
  await send([{ labels, startsAt: at(0), endsAt: at(300) }]);
  await clock.advance(60_000);
  await send([{ labels, startsAt: at(60), endsAt: at(360) }]);
  expect(server.alerts).toMatchObject([{ startsMs: Date.parse(at(0)), endsMs: Date.parse(at(360)) }]);
});

test('what is good in a list is kept although the rest is refused', async () => {
  const { server, send } = await start();
  expect(await send([{ labels }, { labels: { 'a-b': 'x' } }])).toBe(400);
  expect(server.alerts.length).toBe(1);
});

test('who does not show what is asked for is not let in', async () => {
  const { server, send } = await start('Bearer x');
  expect(await send([{ labels }])).toBe(401);
  expect(await send([{ labels }], { headers: { authorization: 'Bearer x' } })).toBe(200);
  expect(server.alerts.length).toBe(1);
});
