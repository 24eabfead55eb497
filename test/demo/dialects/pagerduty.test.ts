/** The dialect of PagerDuty: what it takes, and in which words it refuses the rest. */
import { expect, onTestFinished, test } from 'vitest';
import { startPagerduty } from '../../../src/demo/dialects/pagerduty.ts';
import { FakeClock } from '../../fake-clock.ts';
import { ask } from '../ask.ts';

const key = '0123456789abcdef0123456789abcdef';
const payload = { summary: 'API', source: 'api', severity: 'critical' };
const trigger = { routing_key: key, event_action: 'trigger', dedup_key: 'k', payload };

async function start() {
  const clock = new FakeClock();
  const server = await startPagerduty({ clock, routingKey: key });
  onTestFinished(() => server.stop());
  const send = async (event: unknown, path = '/v2/enqueue', method = 'POST') => {
    const { status, body } = await ask(server.url + path, {
      method,
      headers: { 'content-type': 'application/json' },
      send: typeof event === 'string' ? event : JSON.stringify(event),
    });
    return [status, JSON.parse(String(body))] as const;
  };
  return { server, clock, send };
}

async function check(event: unknown, ...errors: string[]) {
  const { server, send } = await start();
  const said = { status: 'invalid event', message: 'Event object is invalid', errors };
  expect(await send(event)).toEqual([400, said]);
  expect(server.alerts).toEqual([]);
}

test('no JSON', () => check('{', 'Invalid JSON'));
test('no object', () => check([], 'Invalid JSON'));
test('no key', () => check({ ...trigger, routing_key: undefined }, "'routing_key' is missing or blank"));
test('a key of another length', () =>
  check({ ...trigger, routing_key: 'x' }, "Length of 'routing_key' is incorrect (should be 32 characters)"));
test('another key', () => check({ ...trigger, routing_key: key.toUpperCase() }, 'Invalid routing key'));
test('no action', () =>
  check({ ...trigger, event_action: undefined }, "'event_action' is missing or invalid"));
test('no payload', () => check({ ...trigger, payload: undefined }, "'payload' is missing or blank"));
test('no summary', () =>
  check({ ...trigger, payload: { ...payload, summary: '' } }, "'payload.summary' is missing or blank"));
test('a summary that is too long', () =>
  check(
    { ...trigger, payload: { ...payload, summary: 'x'.repeat(1_025) } },
    "Length of 'payload.summary' is incorrect",
  ));
test('another severity', () =>
  check(
    { ...trigger, payload: { ...payload, severity: 'outage' } },
    "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
  ));
test('a time that is none', () =>
  check({ ...trigger, payload: { ...payload, timestamp: 'now' } }, "'payload.timestamp' is invalid"));
test('a key of an alert that is too long', () =>
  check({ ...trigger, dedup_key: 'x'.repeat(256) }, "Length of 'dedup_key' is incorrect"));
test('nothing to resolve', () =>
  check({ routing_key: key, event_action: 'resolve' }, "'dedup_key' is missing or blank"));

test('one key is one alert until it is resolved, and a resolve too many is taken', async () => {
  const { server, send } = await start();
  const resolve = { routing_key: key, event_action: 'resolve', dedup_key: 'k' };
  const taken = [202, { status: 'success', message: 'Event processed', dedup_key: 'k' }];
  for (const event of [resolve, trigger, trigger, resolve, resolve, trigger]) {
    expect(await send(event)).toEqual(taken);
  }
  expect(server.alerts.map(({ status, triggers }) => [status, triggers])).toEqual([
    ['resolved', 2],
    ['triggered', 1],
  ]);
});

test('the 121st event within a minute is refused', async () => {
  const { clock, send } = await start();
  for (let sent = 0; sent < 120; sent++) expect((await send(trigger))[0]).toBe(202);
  expect(await send(trigger)).toMatchObject([429, { status: 'throttle exceeded' }]);
  await clock.advance(60_000);
  expect((await send(trigger))[0]).toBe(202);
});

test('there is nothing else', async () => {
  const { send } = await start();
  expect((await send(trigger, '/v1/enqueue'))[0]).toBe(404);
  expect((await send(trigger, '/v2/enqueue', 'PUT'))[0]).toBe(405);
});
