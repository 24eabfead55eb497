import { expect, test } from 'vitest';
import type { Metric } from '../../src/client/metric.ts';
import type { Traffic } from '../../src/demo/story.ts';
import { startTraffic } from '../../src/demo/traffic.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';

const target = { service: 'search', environment: 'staging' };
const usual: Traffic = { perSecond: 10, latencyMs: 900, errorShare: 0.25, path: '/search' };

function flow(traffic: Traffic = usual, chance = () => 0.5) {
  const clock = new FakeClock();
  const sent: Metric[] = [];
  const running = startTraffic([{ target, traffic }], { clock, chance, send: (metric) => sent.push(metric) });
  return { clock, sent, ...running };
}

const errorsIn = (sent: readonly Metric[]) => sent.filter(({ status_code: code = 0 }) => code >= 500).length;

test('silence is no request at all, and ends as it began', async () => {
  const { clock, sent, set } = flow({ ...usual, perSecond: 0 });
  await clock.advance(10_000);
  expect(sent).toEqual([]);
  set(target, usual);
  await clock.advance(1_000);
  expect(sent.length).toBe(10);
});

test('after a stop nothing is sent and no timer is left', async () => {
  const { clock, sent, stop } = flow();
  stop();
  await clock.advance(5_000);
  expect([sent.length, clock.waiting]).toEqual([0, []]);
});

test('what nobody asked for while the machine slept is not made up for', async () => {
  const { clock, sent } = flow();
  let isAsleep = true;
  clock.after(1, () => {
    isAsleep = false;
  });
  // A timer that is an hour late.
  const after = clock.monotonic;
  Object.assign(clock, { monotonic: () => after() + (isAsleep ? 0 : 3_600_000) });
  await clock.advance(250);
  expect(sent.length).toBe(10);
});

test('another environment of the service goes on as it was', async () => {
  const { clock, sent, set } = flow();
  set({ ...target, environment: 'production' }, { ...usual, perSecond: 0 });
  await clock.advance(1_000);
  expect(sent.length).toBe(10);
});

test('a metric says all that the collector can use', async () => {
  const { clock, sent } = flow({ ...usual, errorShare: 0 });
  await clock.advance(250);
  expect(sent[0]).toEqual({
    ...target,
    method: 'POST',
    path: '/search',
    status_code: 200,
    latency_ms: 900,
    instance: 'search-1',
    timestamp: new Date(clock.now()),
  });
  expect(new Set(sent.map(({ instance }) => instance)).size).toBe(2);
});

for (const errorShare of [0, 0.05, 0.25, 0.9, 1]) {
  test(`a share of ${errorShare} errors is that share within seconds`, async () => {
    const { clock, sent } = flow({ ...usual, errorShare });
    await clock.advance(10_000);
    expect([sent.length, errorsIn(sent)]).toEqual([100, 100 * errorShare]);
  });
}

for (const seed of [1, 2, 3]) {
  test(`requests come as often as wanted, and take a third more or less (seed ${seed})`, async () => {
    const draw = drawing(seed);
    const { clock, sent } = flow(usual, () => draw(1_000) / 1_000);
    await clock.advance(20_000);
    expect(Math.abs(sent.length - 200)).toBeLessThanOrEqual(1);
    const latencies = sent.map(({ latency_ms: ms = 0 }) => ms);
    expect(Math.min(...latencies)).toBeGreaterThanOrEqual(600);
    expect(Math.max(...latencies)).toBeLessThanOrEqual(1_200);
    const mean = latencies.reduce((sum, ms) => sum + ms, 0) / latencies.length;
    expect(Math.abs(mean - 900)).toBeLessThan(50);
  });
}
