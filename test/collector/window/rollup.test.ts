/** What came since it was asked last, by service and environment. */
import { expect, test } from 'vitest';
import { limits } from '../../../src/model/limits.ts';
import { stage } from './stage.ts';

test('nothing came', () => expect(stage().window.intervals()).toEqual([]));

test('requests, errors, latencies and replicas of each service in each environment', () => {
  const { window, push } = stage();
  const api = { service: 'api', environment: 'production' };
  for (let i = 1; i <= 100; i++) {
    push({ ...api, latencyMs: i, statusCode: i > 90 ? 503 : 200, instance: `pod-${i % 3}` });
  }
  push({ ...api, peer: '10.0.0.7' });
  push({ service: 'api', environment: 'staging', latencyMs: 0, statusCode: 404, peer: '10.0.0.1' });
  push({ service: 'api', environment: 'staging', peer: '10.0.0.2' });
  push({ service: 'web' });
  const [first, second, third] = window.intervals();
  expect(first).toMatchObject({ ...api, requests: 101, answered: 100, errors: 10, replicas: 3 });
  expect(first?.latency?.meanMs).toBe(50.5);
  expect(Math.abs((first?.latency?.p50Ms ?? 0) - 51)).toBeLessThanOrEqual(0.51);
  expect(Math.abs((first?.latency?.p95Ms ?? 0) - 96)).toBeLessThanOrEqual(0.96);
  expect(Math.abs((first?.latency?.p99Ms ?? 0) - 100)).toBeLessThanOrEqual(1);
  expect(second).toEqual({
    service: 'api',
    environment: 'staging',
    requests: 2,
    answered: 1,
    errors: 0,
    latency: { meanMs: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 },
    replicas: 2,
  });
  expect(third).toEqual({
    service: 'web',
    environment: 'production',
    requests: 1,
    answered: 0,
    errors: 0,
    replicas: 1,
  });
});

test('is told once, and holds no names afterwards', () => {
  const { window, push } = stage();
  for (let i = 0; i < 100; i++) {
    push({ service: 'api', environment: `e${i % 7}`, instance: `pod-${i}`, peer: `10.0.0.${i}` });
    push({ service: 'api', environment: `e${i % 7}`, peer: `10.0.0.${i}` });
  }
  const { environments, instances, peers } = window;
  expect([environments.count, instances.count, peers.count]).toEqual([7, 100, 100]);
  expect(window.intervals().length).toBe(7);
  expect([environments.count, instances.count, peers.count]).toEqual([0, 0, 0]);
  expect(window.intervals()).toEqual([]);
});

test('tells of a service whose metrics have left the window meanwhile', async () => {
  const { clock, window, push } = stage({ historyMs: 60_000, namesMax: 1 });
  push({ service: 'old' });
  await clock.advance(60_001);
  await window.expire();
  push({ service: 'new' });
  expect(window.intervals().map(({ service }) => service)).toEqual(['old', 'other']);
  push({ service: 'old', timeMs: clock.now() });
  expect(window.intervals().map(({ service }) => service)).toEqual(['old']);
});

test('an interval has a limit, and says what it leaves out', () => {
  const { window, caps, push } = stage();
  for (let i = 0; i < limits.deploymentsMax + 5; i++) {
    push({ service: `s${i % 50}`, environment: `e${i}`, instance: `pod-${i}` });
  }
  expect(window.intervals().length).toBe(limits.deploymentsMax);
  expect([caps.get('deployments'), window.count]).toEqual([5, limits.deploymentsMax + 5]);
  expect([window.environments.count, window.instances.count, window.peers.count]).toEqual([0, 0, 0]);
  push({ service: 's1' });
  expect(window.intervals().length).toBe(1);
});
