/** What was pushed about services, as series, and what is known about the whole. */
import { expect, test } from 'vitest';
import type { Interval } from '../../../src/collector/interval.ts';
import { type Opened, opened } from './opened.ts';

const interval: Interval = {
  service: 'api',
  environment: 'production',
  requests: 30,
  answered: 20,
  errors: 5,
  latency: { meanMs: 45.2, p50Ms: 40, p95Ms: 89.5, p99Ms: 120.3 },
  replicas: 2,
};

/** The newest values, by name and labels. */
function latest({ store }: Opened): readonly string[] {
  return [...store.metrics()].flatMap(({ name }) =>
    Array.from(store.select(name), ({ labels, latest: point }) =>
      [name, ...Object.values(labels), String(point?.value)].join(' '),
    ),
  );
}

function record(series: Opened, intervals: readonly Interval[] = []): void {
  series.recordIntervals(intervals, series.clock.now(), 15_000);
}

test('an interval is seven series', () => {
  const series = opened();
  record(series, [interval]);
  expect(latest(series)).toEqual([
    'deployment_replica_count api production 2',
    'deployment_request_rate api production 2',
    'deployment_error_rate api production 0.25',
    'deployment_latency api production 45.2',
    'system_total_nodes 0',
    'system_active_deployments 1',
    'deployment_latency_p50 api production 40',
    'deployment_latency_p95 api production 89.5',
    'deployment_latency_p99 api production 120.3',
  ]);
  const [rate] = series.store.select('deployment_request_rate');
  expect(rate?.labels).toEqual({ deployment_id: 'api', environment: 'production' });
});

test('the rate is over the time that has really passed', () => {
  const series = opened();
  series.recordIntervals([interval], series.clock.now(), 60_000);
  expect(latest(series)).toContain('deployment_request_rate api production 0.5');
});

test('where nothing was answered there is no share of errors, and without latencies none of these', () => {
  const series = opened();
  const { latency: _latency, ...rest } = interval;
  record(series, [{ ...rest, answered: 0, errors: 0, replicas: 0 }]);
  expect(latest(series)).toEqual([
    'deployment_request_rate api production 2',
    'system_total_nodes 0',
    'system_active_deployments 1',
  ]);
});

test('a deployment that is silent has a rate of 0 and nothing else, and after the history no point at all', async () => {
  const series = opened({ historyMs: 60_000 });
  record(series, [interval]);
  const values = () =>
    ['deployment_request_rate', 'deployment_latency'].map((name) =>
      Array.from(series.store.select(name), (each) =>
        each.range(0, Number.POSITIVE_INFINITY).flatMap((segment) => Array.from(segment.values)),
      ).flat(),
    );
  for (let index = 0; index < 8; index++) {
    await series.clock.advance(15_000);
    record(series);
  }
  expect(values()).toEqual([[2, 0, 0, 0, 0], [45.2]]);
  expect(latest(series)).toContain('system_active_deployments 0');
});

test('a service in two environments is two deployments, whatever their names', () => {
  const series = opened();
  const names = [
    ['a', 'bc'],
    ['ab', 'c'],
    ['a', 'c'],
  ] as const;
  record(
    series,
    names.map(([service, environment]) => ({ ...interval, service, environment })),
  );
  expect(latest(series)).toContain('system_active_deployments 3');
});

/** So many whose names begin so. */
const services = (begin: string, count: number) =>
  Array.from({ length: count }, (_none, index) => ({ ...interval, service: `${begin}${index}` }));

const countOf = (series: Opened, name = 'deployment_request_rate') => [...series.store.select(name)].length;

test('a deployment that there is no room for is not known', () => {
  const series = opened({ seriesMax: 20 });
  for (let index = 0; index < 19; index++) series.fill('x', { i: String(index) }, [1]);
  record(series, services('a', 2));
  expect(series.store.seriesCount).toBe(20);
  expect(series.caps).toContain('max_series');
  // All but the first one's rate, and what is known about the whole.
  expect(series.counted()).toContain('cloudmon_collector_samples_refused_total series_full: 9');
});

test('deployments take half of all series at most', async () => {
  const series = opened({ seriesMax: 140 });
  record(series, services('a', 16));
  expect([countOf(series), series.caps]).toEqual([10, Array(6).fill('max_series')]);
  expect(series.counted()).toContain('cloudmon_collector_samples_refused_total series_full: 6');
  expect(latest(series)).toContain('system_active_deployments 10');
  // Others have room, and those that there are go on.
  const samples = Array.from({ length: 68 }, (_none, index) => ({ name: `x${index}`, value: 1 }));
  expect((await series.post(samples)).status).toBe(200);
  await series.clock.advance(15_000);
  record(series, services('a', 1));
  expect(latest(series)).toContain('deployment_request_rate a0 production 2');
  expect(latest(series)).toContain('deployment_request_rate a1 production 0');
});

test('a service that was silent for long gives way to a new one', async () => {
  const series = opened({ seriesMax: 140, historyMs: 60_000 });
  record(series, services('a', 10));
  await series.clock.advance(1_799_999);
  record(series, services('a', 1));
  record(series, services('b', 1));
  expect(latest(series)).not.toContain('deployment_replica_count b0 production 2');
  await series.clock.advance(1);
  record(series, services('b', 1));
  const newest = latest(series);
  expect(newest).toContain('deployment_replica_count b0 production 2');
  expect(newest).toContain('deployment_replica_count a0 production 2');
  // With all its series.
  expect(newest.filter((line) => line.includes(' a1 '))).toEqual([]);
  expect(newest).toContain('system_active_deployments 2');
  record(series, services('c', 20));
  expect(countOf(series, 'deployment_latency_p99')).toBe(10);
});

test('a flood of names leaves room for what comes two hours later', async () => {
  const series = opened({ seriesMax: 1_000 });
  const pass = async (count: number, begin = 'x') => {
    await series.clock.advance(900_000);
    record(series, services(begin, count));
    series.forget();
  };
  for (let index = 0; index < 4; index++) {
    await pass(1_000, `flood${index}`);
    await series.post(Array.from({ length: 600 }, (_none, i) => ({ name: `flood${index}_${i}`, value: 1 })));
  }
  for (let index = 0; index < 8; index++) await pass(1, 'honest');
  expect(latest(series)).toContain('deployment_latency honest0 production 45.2');
  const honest = Array.from({ length: 500 }, (_none, index) => ({ name: `honest_${index}`, value: 1 }));
  expect((await series.post(honest)).status).toBe(200);
});

test('nothing is known of a deployment whose series are forgotten', async () => {
  const series = opened({ seriesMax: 140, pointsPerSeriesMax: 10, historyMs: 60_000 });
  record(series, services('a', 10));
  await series.clock.advance(150_000);
  record(series, services('b', 1));
  expect(latest(series)).not.toContain('deployment_replica_count b0 production 2');
  await series.clock.advance(1);
  record(series);
  record(series, services('b', 1));
  expect(latest(series)).toContain('deployment_replica_count b0 production 2');
});

test('a node counts while it has a sample of the last five minutes', async () => {
  const series = opened();
  series.fill('node_cpu_usage', { node_id: 'a' }, [1]);
  series.fill('node_memory_usage', { node_id: 'a' }, [1]);
  series.fill('node_cpu_usage', { node_id: 'b' }, [1]);
  series.fill('node_cpu_seconds_total', { instance: 'c' }, [1], 'counter');
  series.fill('other_node_usage', { node_id: 'd' }, [1]);
  record(series);
  expect(latest(series)).toContain('system_total_nodes 2');
  await series.clock.advance(300_000);
  series.fill('node_cpu_usage', { node_id: 'b' }, [1]);
  record(series);
  expect(latest(series)).toContain('system_total_nodes 2');
  await series.clock.advance(1);
  record(series);
  expect(latest(series)).toContain('system_total_nodes 1');
});
