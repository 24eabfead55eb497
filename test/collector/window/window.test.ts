/** What is in the window, against an array of objects that is counted anew each time. */
import { expect, test } from 'vitest';
import { drawing } from '../../chance.ts';
import { NaiveWindow, type Pushed } from './naive-window.ts';
import { settings, stage } from './stage.ts';

const minuteMs = 60_000;

type Limits = {
  readonly historyMs: number;
  readonly metricsMax: number;
  readonly namesMax: number;
  /** How many there are to choose from. */
  readonly names: number;
};

/** Adds, lets time pass, and compares all that can be asked. */
async function check(seed: number, turns: number, limits: Limits): Promise<void> {
  const draw = drawing(seed);
  const { clock, window, caps, stats, services, push } = stage(limits);
  const namesMax = limits.names > limits.namesMax ? limits.namesMax : Number.POSITIVE_INFINITY;
  const naive = new NaiveWindow(limits.historyMs, limits.metricsMax, namesMax);
  const emptyBytes = window.byteLength;
  const compare = async () => {
    const { time_range: _range, last_updated: _updated, ...counted } = await stats();
    expect(JSON.stringify(counted)).toBe(JSON.stringify(naive.stats()));
    expect(JSON.stringify(await services())).toBe(JSON.stringify(naive.services()));
    const times = naive.rows.map(({ timeMs }) => timeMs);
    const range = { fromMs: Math.min(...times), toMs: Math.max(...times) };
    expect(window.timeRange()).toEqual(times.length === 0 ? undefined : range);
  };
  for (let turn = 0; turn < turns; turn++) {
    const count = draw(4) === 0 ? draw(limits.metricsMax / 2) : draw(10);
    for (let i = 0; i < count; i++) {
      const metric = randomMetric(draw, clock.now(), limits);
      push(metric);
      naive.add(metric);
      // Else it would hold names of services that left the window.
      window.intervals();
    }
    if (draw(3) === 0) await clock.advance(draw(limits.historyMs / 3));
    const gone = naive.expire(clock.now());
    expect([await window.expire(), window.count]).toEqual([gone, naive.rows.length]);
    await compare();
  }
  expect(window.evicted).toBe(naive.evicted);
  expect(caps.get('max_metrics') ?? 0).toBe(naive.evicted);
  await clock.advance(limits.historyMs + minuteMs + 1);
  naive.expire(clock.now());
  await compare();
  window.intervals();
  expect([window.count, window.byteLength]).toEqual([0, emptyBytes]);
}

function randomMetric(draw: (below: number) => number, nowMs: number, limits: Limits): Pushed {
  const backMs = draw(3) === 0 ? draw(limits.historyMs) : draw(1_000);
  return {
    timeMs: nowMs + draw(minuteMs) * (draw(10) === 0 ? 1 : 0) - backMs,
    service: draw(20) === 0 ? 'constructor' : `service-${draw(Math.min(limits.names, 30))}`,
    ...(draw(10) > 0 && { path: draw(15) === 0 ? 'other' : `/path/${draw(limits.names)}` }),
    ...(draw(10) > 0 && { ip: `10.0.0.${draw(limits.names)}` }),
    ...(draw(10) > 0 && { statusCode: [200, 200, 200, 404, 500, 503, 100, 599][draw(8)] ?? 200 }),
    ...(draw(10) > 0 && { latencyMs: [0, draw(1e5) / 1e3, draw(1e9) * 1e3, draw(9) * 1e-9][draw(4)] ?? 0 }),
  };
}

for (const seed of [1, 2, 3]) {
  test(`is what was pushed lately (seed ${seed})`, () =>
    check(seed, 25, { historyMs: 30 * minuteMs, metricsMax: 1_000, namesMax: 1_000, names: 300 }));
}
for (const seed of [4, 5, 6]) {
  test(`knows few names at once, and others later (seed ${seed})`, () =>
    check(seed, 40, { historyMs: 10 * minuteMs, metricsMax: 200, namesMax: 12, names: 30 }));
}
test('may hold a single metric', () =>
  check(7, 60, { historyMs: minuteMs, metricsMax: 1, namesMax: 1, names: 3 }));
test(
  'spans several chunks, of which old and new metrics are mixed (seed 8)',
  () => check(8, 16, { historyMs: 30 * minuteMs, metricsMax: 14_000, namesMax: 1_000, names: 40 }),
  60_000,
);

test('18,000 metrics at 10 a second for 30 minutes are counted exactly, and then nothing is left', async () => {
  const startMs = Date.parse('2026-02-04T17:00:00Z');
  const { clock, window, stats, services, text, push } = stage({}, startMs);
  const emptyBytes = window.byteLength;
  const naive = new NaiveWindow(settings.historyMs, settings.metricsMax, Number.POSITIVE_INFINITY);
  for (let i = 0; i < 18_000; i++) {
    if (i > 0 && i % 10 === 0) await clock.advance(1_000);
    const metric = {
      timeMs: clock.now() + 100 * (i % 10),
      service: `service-${i % 7}`,
      path: `/path/${i % 50}`,
      ip: `10.0.${i % 4}.${i % 250}`,
      statusCode: i % 20 === 0 ? 503 : 200,
      latencyMs: (i % 1_000) / 10,
    };
    push(metric);
    naive.add(metric);
  }
  const { time_range: range, last_updated: updated, ...counted } = await stats();
  expect(counted).toEqual(naive.stats());
  expect(await services()).toEqual(naive.services());
  expect(counted.total_requests).toBe(18_000);
  expect(counted.unique_ips).toBe(500);
  expect(counted.average_latency_ms).toBe(49.95);
  expect(counted.status_code_counts).toEqual({ 200: 17_100, 503: 900 });
  expect(range).toBe('2026-02-04T17:00:00Z to 2026-02-04T17:29:59Z (29m59s)');
  expect(updated).toBe('2026-02-04T17:29:59Z');

  await clock.advance(15 * minuteMs);
  const half = await stats();
  expect(half.total_requests).toBe(naive.rows.length - naive.expire(clock.now()));

  await clock.advance(15 * minuteMs + 1_000);
  expect(await text('/api/stats')).toBe(
    '{"total_requests":0,"requests_by_service":{},"requests_by_ip":{},"requests_by_path":{},' +
      '"average_latency_ms":0,"status_code_counts":{},"unique_ips":0,"time_range":"no metrics",' +
      '"last_updated":"2026-02-04T18:00:00Z"}\n',
  );
  expect(await text('/api/services')).toBe('{}\n');
  // What an interval needed is kept for the next one, which is quiet here.
  for (let interval = 0; interval < 2; interval++) window.intervals();
  expect([window.count, window.byteLength]).toEqual([0, emptyBytes]);
  expect(window.expired).toBe(18_000);
});

test('old metrics go while others wait, and no more than a slice at a time', async () => {
  const { clock, window, push } = stage();
  for (let i = 0; i < 20_000; i++) push({ service: 'api', timeMs: clock.now() - (i % 2) });
  await clock.advance(settings.historyMs + 1);
  const going = await window.expire();
  push({ service: 'late' });
  expect([await going, window.count, window.expired]).toEqual([20_000, 1, 20_000]);
});

test('a chunk from which few are left is joined with its neighbours', async () => {
  const { clock, window, push } = stage();
  const bytes = () => window.byteLength;
  for (let i = 0; i < 80_000; i++) {
    push({ service: 'api', timeMs: i % 100 === 0 ? clock.now() + 60_000 : clock.now() });
  }
  const full = bytes();
  await clock.advance(settings.historyMs + 1);
  expect([await window.expire(), window.count]).toEqual([79_200, 800]);
  expect(bytes()).toBeLessThan(full / 6);
});

test('also with one of which the oldest were pushed out', async () => {
  const { clock, window, stats, push } = stage({ metricsMax: 8_192 });
  const pushSome = (count: number, newest: number) => {
    for (let i = 0; i < count; i++) {
      push({ service: `s${i % 7}`, timeMs: clock.now() - (i < newest ? 0 : settings.historyMs) });
    }
  };
  pushSome(4_096, 4_096);
  pushSome(4_096, 10);
  pushSome(2_000, 100);
  await clock.advance(1);
  expect([window.evicted, await window.expire(), window.count]).toEqual([2_000, 5_986, 2_206]);
  expect((await stats()).total_requests).toBe(2_206);
  await clock.advance(settings.historyMs);
  expect([await window.expire(), window.count, window.services.count]).toEqual([2_206, 0, 7]);
  window.intervals();
  expect(window.services.count).toBe(0);
});
