/** What is remembered of the world, and for how long. */
import { expect, test } from 'vitest';
import { Failure, type FailureReason } from '../../src/model/failure.ts';
import { limits } from '../../src/model/limits.ts';
import type { Reading } from '../../src/model/reading.ts';
import type { Target } from '../../src/model/target.ts';
import { Observations } from '../../src/telemetry/observations.ts';
import { FakeClock } from '../fake-clock.ts';
import { actionFor, reading, targetOf } from './stage.ts';

const api = targetOf('api');
const web = targetOf('web');

function setUp(targets: readonly Target[] = [api, web]) {
  const clock = new FakeClock();
  const seen = new Observations(clock);
  const configure = (configured: readonly Target[], dashboards = ['default']) =>
    seen.configure({
      pollIntervalMs: 60_000,
      targets: configured,
      dashboards: dashboards.map((name) => ({ name, kind: 'incidents', mode: 'send' })),
    });
  configure(targets);
  return { clock, seen, configure };
}

const failure = (reason: FailureReason) => new Failure('dashboard', reason, '');
const noData = (reason: FailureReason): Reading => ({ target: api, status: undefined, reason, detail: '' });
const startMs = Date.parse('2026-01-20T12:00:00Z');

test('a target remembers its status, since when, and when it was observed and read', async () => {
  const { clock, seen } = setUp();
  seen.read(reading(api, 1, startMs - 30_000));
  await clock.advance(60_000);
  seen.read(reading(api, 1, startMs + 30_000));
  expect(seen.targets.get(api.key)).toMatchObject({
    status: 1,
    missing: undefined,
    sinceMs: startMs,
    readMs: startMs + 60_000,
    observedMs: startMs + 30_000,
  });
  await clock.advance(60_000);
  seen.read(noData('timeout'));
  expect(seen.targets.get(api.key)).toMatchObject({
    status: undefined,
    missing: 'timeout',
    sinceMs: startMs + 120_000,
    observedMs: undefined,
  });
  expect(seen.targets.get(web.key)).toMatchObject({ readMs: undefined, sinceMs: undefined });
});

test('the newest results are kept, oldest first, and no more of them', () => {
  const { seen } = setUp();
  for (let at = 0; at < limits.resultsShown + 7; at++) seen.read(reading(api, at % 2 === 0 ? 0 : 3));
  seen.read(noData('timeout'));
  const results = seen.targets.get(api.key)?.results.toArray() ?? [];
  expect(results).toHaveLength(limits.resultsShown);
  expect(results.slice(-3).map(({ status }) => status)).toEqual([3, 0, undefined]);
});

test('the newest deliveries and latencies are kept, and no more of them', () => {
  const { seen } = setUp();
  for (let at = 0; at < 200; at++) {
    seen.delivered(actionFor(api, 'default'), at === 199 ? 'failed' : 'sent', undefined, undefined);
    seen.attempted(actionFor(api, 'default'), at, undefined, false);
    seen.asked(api, at, undefined);
    seen.cycleDone(1, []);
  }
  const deliveries = seen.deliveries.toArray();
  expect(deliveries).toHaveLength(limits.deliveriesShown);
  expect(deliveries.at(-1)?.outcome).toBe('failed');
  const attempts = seen.dashboards.get('default')?.latencies.toArray() ?? [];
  expect([attempts.length, attempts.at(0), attempts.at(-1)]).toEqual([limits.latenciesShown, 140, 199]);
  expect(seen.latencies.toArray()).toHaveLength(limits.latenciesShown);
});

test('the requests of a cycle are one point: their mean and the slowest', () => {
  const { seen } = setUp();
  seen.asked(api, 10, undefined);
  seen.asked(web, 30, failure('timeout'));
  seen.cycleDone(40, []);
  seen.cycleDone(1, []);
  expect(seen.latencies.toArray()).toEqual([{ atMs: startMs, meanMs: 20, maxMs: 30 }]);
});

test('the convertor is connected while anything is answered, be it a refusal', () => {
  const { seen } = setUp();
  expect(seen.isConvertorConnected).toBe(false);
  seen.asked(api, 1, failure('garbled'));
  expect(seen.isConvertorConnected).toBe(true);
  seen.cycleDone(1, []);
  expect(seen.isConvertorConnected).toBe(true);
  for (const reason of ['timeout', 'unreachable', 'stopped'] as const) seen.asked(api, 1, failure(reason));
  seen.cycleDone(1, []);
  expect(seen.isConvertorConnected).toBe(false);
});

test('what we stopped ourselves is no news about anybody', () => {
  const { seen } = setUp();
  seen.read(reading(api, 1));
  seen.read(noData('stopped'));
  seen.attempted(actionFor(api, 'default'), 1, failure('stopped'), false);
  seen.delivered(actionFor(api, 'default'), 'failed', failure('stopped'), undefined);
  expect(seen.targets.get(api.key)).toMatchObject({ status: 1, missing: undefined });
  expect(seen.dashboards.get('default')).toMatchObject({ connected: undefined, troubles: new Map() });
});

test.each([
  ['superseded', 'stale'],
  ['failed', 'stopped'],
] as const)('a delivery that ends as %s (%s) takes no trouble away', (outcome, reason) => {
  const { seen } = setUp();
  seen.attempted(actionFor(api, 'default'), 1, failure('unreachable'), false);
  seen.delivered(actionFor(api, 'default'), outcome, failure(reason), undefined);
  expect([...(seen.dashboards.get('default')?.troubles.keys() ?? [])]).toEqual([api.key]);
});

test('a reload keeps what stays and forgets the rest, also where it troubled somebody', () => {
  const { seen, configure } = setUp();
  seen.read(reading(api, 2));
  seen.delivered(actionFor(api, 'default'), 'rejected', failure('rejected'), undefined);
  seen.delivered(actionFor(web, 'default'), 'rejected', failure('rejected'), undefined);
  configure([{ ...api, component: 'Renamed' }], ['default', 'new']);
  expect([...seen.targets.keys()]).toEqual([api.key]);
  expect(seen.targets.get(api.key)).toMatchObject({ status: 2, target: { component: 'Renamed' } });
  expect([...(seen.dashboards.get('default')?.troubles.keys() ?? [])]).toEqual([api.key]);
  expect([...seen.dashboards.keys()]).toEqual(['default', 'new']);
});

test('what comes late about a target or dashboard that is gone is not kept', () => {
  const { seen, configure } = setUp();
  configure([api], ['default']);
  seen.read(reading(web, 2));
  seen.attempted(actionFor(api, 'gone'), 1, undefined, false);
  seen.delivered(actionFor(api, 'gone'), 'sent', undefined, undefined);
  seen.delivered(actionFor(web, 'default'), 'failed', failure('timeout'), undefined);
  expect([seen.targets.size, seen.dashboards.size]).toEqual([1, 1]);
  expect(seen.dashboards.get('default')?.troubles.size).toBe(0);
});

test('a silence that counts as a status was observed by nobody, and is no flap', () => {
  const { seen } = setUp();
  const silence = noData('timeout');
  if (silence.status !== undefined) throw new Error('no silence');
  seen.read(reading(api, 0, startMs));
  seen.read({ ...reading(api, 2, startMs), insteadOf: silence } as Reading);
  expect(seen.targets.get(api.key)).toMatchObject({
    status: 2,
    missing: 'timeout',
    observedMs: undefined,
    flaps: 0,
  });
  seen.read(reading(api, 0, startMs));
  expect(seen.targets.get(api.key)).toMatchObject({ status: 0, flaps: 0 });
});

test('what was never sent says nothing about the peer, and still is trouble', () => {
  const { seen } = setUp();
  const unsent = new Failure('dashboard', 'unauthorized', 'cannot be signed', { isUnsent: true });
  seen.attempted(actionFor(api, 'default'), 1, unsent, false);
  seen.asked(api, 1, unsent);
  const dashboard = seen.dashboards.get('default');
  expect([dashboard?.connected, dashboard?.latencies.toArray(), dashboard?.troubles.size]).toEqual([
    undefined,
    [],
    1,
  ]);
  expect(seen.isConvertorConnected).toBe(false);
});
