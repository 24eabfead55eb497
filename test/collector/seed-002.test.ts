/** What seed 002 documents: the pages, the samples of its answers, the cases of its integration script. */
import { expect, test } from 'vitest';
import { documented } from './documented.ts';
import { type Stage, stage } from './stage.ts';

type Labels = Readonly<Record<string, string>>;

/** Records the values a second apart, the last one now. */
async function record(on: Stage, name: string, labels: Labels, values: readonly number[]): Promise<void> {
  const nowMs = on.clock.now();
  const samples = values.map((value, index) => ({
    name,
    labels,
    value,
    timestamp: new Date(nowMs - (values.length - 1 - index) * 1_000).toISOString(),
  }));
  expect((await on.post('/api/samples', samples)).json()).toEqual({
    success: true,
    message: 'Samples recorded',
    ingested: values.length,
  });
}

test('/stats shows the fifteen metrics from the start, and no buffer', async () => {
  const on = await stage();
  expect((await on.get('/stats')).json()).toEqual({
    buffer_stats: {},
    registered_metrics: documented,
    total_metrics: 15,
  });
});

test('/stats answers as documented', async () => {
  const on = await stage();
  const values = Array.from({ length: 240 }, (_none, index) => index);
  for (const name of ['node_cpu_usage', 'node_memory_usage', 'deployment_latency', 'betanet_latency']) {
    await record(on, name, name.startsWith('node') ? { node_id: 'node-1' } : {}, values);
  }
  expect(JSON.stringify((await on.get('/stats')).json(), null, 2)).toBe(`{
  "buffer_stats": {
    "node_cpu_usage": 240,
    "node_memory_usage": 240,
    "deployment_latency": 240,
    "betanet_latency": 240
  },
  "registered_metrics": [
    "node_cpu_usage",
    "node_memory_usage",
    "node_disk_usage",
    "node_network_io",
    "deployment_replica_count",
    "deployment_request_rate",
    "deployment_error_rate",
    "deployment_latency",
    "betanet_packets_processed",
    "betanet_packets_dropped",
    "betanet_latency",
    "betanet_connections",
    "system_uptime",
    "system_total_nodes",
    "system_active_deployments"
  ],
  "total_metrics": 15
}`);
});

function column(value: number, count: number): readonly number[] {
  return Array.from({ length: count }, () => value);
}

/** 101 sorted values: the documented rule takes those at 50, 95 and 99. */
const cpu = [30.2, ...column(40, 49), 44.1, ...column(50, 44), 65.2, ...column(66, 3), 68.1, 68.9];
const latency = [...column(1.7, 95), 89.5, ...column(90, 3), 120.3, 121];

test('/metrics/aggregated has the documented lines', async () => {
  const on = await stage();
  expect([cpu.length, latency.length]).toEqual([101, 101]);
  await record(on, 'node_cpu_usage', { node_id: 'node-1' }, cpu);
  await record(on, 'deployment_latency', { deployment_id: 'deployment-1' }, latency);
  const { text, headers, status } = await on.get('/metrics/aggregated');
  expect(status).toBe(200);
  expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  expect(lines).toContain('node_cpu_usage{node_id="node-1",stat="min"} 30.2');
  expect(lines).toContain('node_cpu_usage{node_id="node-1",stat="max"} 68.9');
  expect(lines).toContain('node_cpu_usage{node_id="node-1",stat="p50"} 44.1');
  expect(lines).toContain('node_cpu_usage{node_id="node-1",stat="p95"} 65.2');
  expect(lines).toContain('node_cpu_usage{node_id="node-1",stat="p99"} 68.1');
  expect(lines).toContain('deployment_latency{deployment_id="deployment-1",stat="p95"} 89.5');
  expect(lines).toContain('deployment_latency{deployment_id="deployment-1",stat="p99"} 120.3');
  const stats = lines.map((line) => /stat="(\w+)"/.exec(line)?.[1]);
  expect(stats).toEqual([...all, ...all]);
});

const all = ['avg', 'min', 'max', 'sum', 'p50', 'p95', 'p99'];

test('an average that is documented comes out as documented', async () => {
  const on = await stage();
  await record(on, 'node_cpu_usage', { node_id: 'node-1' }, [30.2, 37.4, 68.9]);
  await record(on, 'deployment_latency', { deployment_id: 'deployment-1' }, [45, 45.4]);
  const { text } = await on.get('/metrics/aggregated');
  expect(text).toContain('\nnode_cpu_usage{node_id="node-1",stat="avg"} 45.5\n');
  expect(text).toContain('\ndeployment_latency{deployment_id="deployment-1",stat="avg"} 45.2\n');
});

test.each(['5m', '15m', '1h', '6h', '24h'])('a window of %s takes what lies in it', async (window) => {
  const on = await stage();
  const windowMs = { '5m': 300_000, '15m': 900_000, '1h': 3_600_000, '6h': 21_600_000, '24h': 86_400_000 };
  const startMs = on.clock.now() - (windowMs[window as keyof typeof windowMs] ?? 0);
  const at = (ms: number, value: number) => ({
    name: 'queue_length',
    labels: { queue: 'mail' },
    value,
    timestamp: new Date(ms).toISOString(),
  });
  const inside = [at(startMs + 1_000, 1), at(on.clock.now(), 3)];
  const outside = window === '24h' ? [] : [at(startMs - 1_000, 100)];
  expect((await on.post('/api/samples', [...outside, ...inside])).status).toBe(200);
  const { text } = await on.get(`/metrics/aggregated?window=${window}`);
  expect(text).toContain('queue_length{queue="mail",stat="sum"} 4\n');
});

test('a window of ten minutes, as its example has it', async () => {
  const on = await stage();
  await record(on, 'my_metric', {}, [1, 2, 3]);
  expect((await on.get('/metrics/aggregated?window=600')).text).toContain('my_metric{stat="avg"} 2\n');
});

test('what is grouped by a label is one line a value, and filters hold', async () => {
  const on = await stage();
  await record(on, 'node_cpu_usage', { node_id: 'a', zone: 'x' }, [10, 20]);
  await record(on, 'node_cpu_usage', { node_id: 'b', zone: 'x' }, [30]);
  await record(on, 'node_cpu_usage', { node_id: 'c', zone: 'y' }, [50]);
  const { text } = await on.get('/metrics/aggregated?by=zone');
  expect(text).toContain('node_cpu_usage{zone="x",stat="avg"} 20\n');
  expect(text).toContain('node_cpu_usage{zone="y",stat="max"} 50\n');
  expect(text).not.toContain('node_id');
  const filtered = await on.get('/metrics/aggregated?label=zone:x&label=node_id:b');
  expect(filtered.text.match(/stat="avg"/g)).toHaveLength(1);
  expect(filtered.text).toContain('node_cpu_usage{node_id="b",zone="x",stat="avg"} 30\n');
});

test('a counter has its rate, resets and all', async () => {
  const on = await stage();
  const samples = [5, 15, 3, 13].map((value, index) => ({
    name: 'packets_total',
    type: 'counter',
    labels: {},
    value,
    timestamp: new Date(on.clock.now() - (3 - index) * 10_000).toISOString(),
  }));
  expect((await on.post('/api/samples', samples)).status).toBe(200);
  // 10, then 3 after the reset, then 10, in 30 seconds.
  const rate = /packets_total\{stat="rate"\} (\S+)/.exec((await on.get('/metrics/aggregated')).text)?.[1];
  expect(Number(rate)).toBeCloseTo(23 / 30, 12);
});

test('the cases of the integration script hold', async () => {
  const on = await stage({ sources: [{ type: 'node' }] });
  expect((await on.get('/health')).status).toBe(200);
  expect((await on.get('/stats')).status).toBe(200);
  expect((await on.get('/metrics')).status).toBe(200);
  await on.post('/api/ingest', [{ service: 'api', latency_ms: 5, status_code: 200 }, { service: 'api' }]);
  // The collection is real work of the file system, which no clock of ours moves.
  for (;;) {
    await on.clock.advance(15_000);
    const { buffer_stats: found } = (await on.get('/stats')).json() as { buffer_stats: object };
    if (Object.keys(found).includes('node_cpu_usage')) break;
  }
  const { buffer_stats: buffers } = (await on.get('/stats')).json() as {
    buffer_stats: Record<string, number>;
  };
  expect(Object.keys(buffers)).toEqual(
    expect.arrayContaining([
      'node_cpu_usage',
      'node_memory_usage',
      'node_disk_usage',
      'deployment_request_rate',
      'deployment_latency',
      'system_uptime',
      'system_total_nodes',
      'system_active_deployments',
    ]),
  );
  const { text } = await on.get('/metrics/aggregated?window=1h');
  expect(text).toMatch(/^node_cpu_usage\{node_id="node-1",stat="avg"\} [\d.]+$/m);
  expect(text).toMatch(/^deployment_latency\{deployment_id="api",environment="production",stat="avg"\} 5$/m);
});
