/** `/stats`, word for word, and how the series are doing. */
import { expect, test } from 'vitest';
import { documented } from '../documented.ts';
import { opened } from './opened.ts';

test('the sample of the document', async () => {
  const series = opened();
  const values = Array.from({ length: 240 }, () => 1);
  for (const name of ['betanet_latency', 'deployment_latency', 'node_memory_usage', 'node_cpu_usage']) {
    series.fill(name, {}, values);
  }
  const page = await series.get('/stats');
  expect([page.status, page.type]).toEqual([200, 'application/json; charset=utf-8']);
  expect(JSON.stringify(JSON.parse(page.text), null, 2)).toBe(`{
  "buffer_stats": {
    "node_cpu_usage": 240,
    "node_memory_usage": 240,
    "deployment_latency": 240,
    "betanet_latency": 240
  },
  "registered_metrics": [
    ${documented.map((name) => `"${name}"`).join(',\n    ')}
  ],
  "total_metrics": 15
}`);
});

test('from the start the documented metrics are registered, and no buffer has points', async () => {
  expect(JSON.parse((await opened().get('/stats')).text)).toEqual({
    buffer_stats: {},
    registered_metrics: documented,
    total_metrics: 15,
  });
});

test('others follow in the order of first sight, with the points of all their series', async () => {
  const series = opened();
  series.fill('z', { a: '1' }, [1, 2]);
  series.fill('__proto__', {}, [1]);
  series.fill('z', { a: '2' }, [1]);
  const { text } = await series.get('/stats');
  expect(text).toContain('"buffer_stats":{"z":3,"__proto__":1}');
  expect(text).toContain('"system_active_deployments","z","__proto__"],"total_metrics":17}');
});

test('our own instruments are there from the start', () => {
  const series = opened();
  expect(series.families().map(({ name, type }) => `${name} ${type}`)).toEqual([
    'cloudmon_collector_series gauge',
    'cloudmon_collector_series_points gauge',
    'cloudmon_collector_samples_recorded_total counter',
    'cloudmon_collector_samples_refused_total counter',
    'cloudmon_collector_aggregation_duration_seconds histogram',
  ]);
  expect(series.families()[3]?.samples.map(({ labels }) => labels['reason'])).toEqual([
    'too_old',
    'series_full',
    'points_full',
    'name',
    'labels',
    'type',
    'invalid',
    'late',
  ]);
  expect(series.counted()).toEqual([]);
});

test('what is forgotten is counted no more', async () => {
  const series = opened();
  series.fill('a', {}, [1, 2]);
  expect(series.counted()).toEqual(['cloudmon_collector_series: 1', 'cloudmon_collector_series_points: 2']);
  await series.clock.advance(86_400_001);
  series.forget();
  expect(series.counted()).toEqual([]);
});
