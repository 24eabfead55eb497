/** What a collector, alone or beside a reporter, answers for machines: metrics, health, probes, paths. */
import { expect, test } from 'vitest';
import type { Family } from '../../src/exposition/family.ts';
import { collectorStage, node } from './collector-stage.ts';
import { parsePage } from './page-parser.ts';
import { reading, stage, targetOf } from './stage.ts';

const api = targetOf('api');

const own: Family = {
  name: 'cloudmon_collector_window_metrics',
  type: 'gauge',
  help: 'Metrics in the window.',
  samples: [{ name: 'cloudmon_collector_window_metrics', labels: {}, value: 3 }],
};

function gauge(name: string, value: number, labels = {}): Family {
  return { name, type: 'gauge', help: '', samples: [{ name, labels, value }] };
}

const namesAt = async (ask: (path: string) => Promise<{ body: string }>) =>
  parsePage((await ask('/metrics')).body, 'text').map(({ name }) => name);

test('a collector alone exposes nothing about polls and dashboards, so that no alert about cycles fires', async () => {
  const { ask } = collectorStage({}, { families: [own] });
  expect((await namesAt(ask)).sort()).toEqual([
    'cloudmon_collector_window_metrics',
    'cloudmon_reporter_build_info',
    'cloudmon_reporter_config_last_reload_success_timestamp_seconds',
    'cloudmon_reporter_config_last_reload_successful',
    'cloudmon_reporter_health_status',
    'cloudmon_reporter_uptime_seconds',
    'process_cpu_seconds_total',
    'process_open_fds',
    'process_resident_memory_bytes',
    'process_start_time_seconds',
  ]);
});

test('beside a reporter its instruments are added to those of the reporter', async () => {
  const [alone, both] = [stage([api]), collectorStage({}, { families: [own] }, [api])];
  expect(await namesAt(both.ask)).toEqual([...(await namesAt(alone.ask)), own.name]);
});

test('the newest samples stand only where the collector listens, beside all else', async () => {
  const on = collectorStage(
    {},
    { families: [own], printable: [gauge('node_cpu_usage', 45.5, { node_id: 'n' })] },
  );
  expect(await namesAt(on.ask)).not.toContain('node_cpu_usage');
  expect(await namesAt(on.askServer)).toEqual([...(await namesAt(on.ask)), 'node_cpu_usage']);
});

test('where the collector listens it is always text 0.0.4: names from elsewhere need not fit OpenMetrics', async () => {
  const openMetrics = 'application/openmetrics-text; version=1.0.0';
  const counter: Family = { ...gauge('odd', 1), type: 'counter' };
  const { askServer, ask } = collectorStage({}, { printable: [counter] });
  const page = await askServer('/metrics', openMetrics);
  expect(page.type).toBe('text/plain; version=0.0.4; charset=utf-8');
  expect(page.body).toContain('# TYPE odd counter\nodd 1\n');
  expect((await ask('/metrics', openMetrics)).type).toContain('openmetrics');
});

test('a name that clashes with one of ours is left out', async () => {
  const { askServer } = collectorStage({}, { printable: [gauge('process_open_fds', 9), gauge('free', 1)] });
  const { body } = await askServer('/metrics');
  expect(body.match(/^process_open_fds .*$/gm)).toEqual(['process_open_fds 20']);
  expect(body).toContain('free 1');
});

test('what JSON has no number for is a text in it, as in Prometheus', async () => {
  const printable = [
    gauge('nan', Number.NaN),
    gauge('above', Number.POSITIVE_INFINITY),
    gauge('below', Number.NEGATIVE_INFINITY),
    gauge('tiny', 1e-9),
  ];
  const { askServer } = collectorStage({}, { printable });
  const { metrics } = JSON.parse((await askServer('/metrics/json')).body);
  const values = metrics.slice(-4).map(({ samples }: { samples: { value: unknown }[] }) => samples[0]?.value);
  expect(values).toEqual(['NaN', '+Inf', '-Inf', 1e-9]);
  expect((await askServer('/metrics')).body).toMatch(
    /\nnan NaN\n[\s\S]*\nabove \+Inf\n[\s\S]*\nbelow -Inf\n/,
  );
});

const healthAt = async (ask: (path: string) => Promise<{ status: number; body: string }>) => {
  const { status, body } = await ask('/health');
  return { code: status, ...JSON.parse(body) };
};

test('GET /health is as documented, word for word, and has reasons', async () => {
  const { askServer } = collectorStage({ metrics: 150 });
  const { status, body } = await askServer('/health');
  expect([status, body]).toEqual([
    200,
    '{"status":"healthy","service":"reporter","metric_count":150,"history_duration":"30m0s","reasons":[]}\n',
  ]);
});

const failing = { reason: 'source_failing', detail: 'source node does not answer' };
const told = { reason: 'source_failing', message: 'source node does not answer' };

test.each([
  ['degraded', 200],
  ['unhealthy', 503],
] as const)('a collector that is %s answers %i and says why', async (status, code) => {
  const { askServer } = collectorStage({ health: { status, reasons: [failing] } });
  expect(await healthAt(askServer)).toMatchObject({ code, status, reasons: [told] });
});

test('a refused configuration degrades a collector', async () => {
  const on = collectorStage();
  on.refuseReload();
  for (const ask of [on.ask, on.askServer]) {
    const { code, status, reasons } = await healthAt(ask);
    expect([code, status, reasons.length, reasons[0].reason]).toEqual([
      200,
      'degraded',
      1,
      'configuration_broken',
    ]);
  }
});

test('the telemetry of a collector alone tells how the collector is', async () => {
  const on = collectorStage({ health: { status: 'unhealthy', reasons: [failing] } });
  expect(await healthAt(on.ask)).toEqual({
    code: 503,
    status: 'unhealthy',
    timestamp: '2026-01-20T12:00:00Z',
    uptime_seconds: 0,
    version: '1.2.3',
    reasons: [told],
  });
  expect((await on.ask('/metrics')).body).toContain('cloudmon_reporter_health_status 0\n');
});

test('of a reporter with a collector the worse decides, and each listener tells of its own', async () => {
  const on = collectorStage({ health: { status: 'degraded', reasons: [failing] } }, {}, [api]);
  on.witness.cycleDone(10, [reading(api, 0)]);
  expect(await healthAt(on.ask)).toMatchObject({ status: 'degraded', reasons: [told] });
  await on.clock.advance(181_000);
  const both = await healthAt(on.ask);
  expect([both.code, both.reasons.map(({ reason }: { reason: string }) => reason)]).toEqual([
    503,
    ['cycle_late', 'source_failing'],
  ]);
  expect(await healthAt(on.askServer)).toMatchObject({ code: 200, reasons: [told] });
});

test('what both say is said once', async () => {
  const on = collectorStage({}, {}, [api]);
  on.witness.cycleDone(10, [reading(api, 0)]);
  on.refuseReload();
  expect((await healthAt(on.ask)).reasons).toHaveLength(1);
});

test('a collector alone is alive as long as it answers, and ready unless it drains', async () => {
  const on = collectorStage();
  on.configure([], [], 0);
  await on.clock.advance(3_600_000);
  const ask = async (path: string) => [(await on.askServer(path)).status, (await on.ask(path)).status];
  expect([await ask('/-/healthy'), await ask('/-/ready')]).toEqual([
    [200, 200],
    [200, 200],
  ]);
  on.drain();
  expect([await ask('/-/healthy'), await ask('/-/ready')]).toEqual([
    [200, 200],
    [503, 503],
  ]);
});

test('beside a reporter the probes speak of the loop on both listeners', async () => {
  const on = collectorStage({}, {}, [api]);
  expect((await on.askServer('/-/ready')).status).toBe(503);
  on.witness.cycleDone(10, []);
  expect((await on.askServer('/-/ready')).status).toBe(200);
  await on.clock.advance(600_000);
  expect((await on.askServer('/-/healthy')).status).toBe(503);
});

test('without a collector there is nothing for its listener', () => {
  expect(stage([api]).serverRoutes().size).toBe(0);
});

test('paths about targets are there only where there are targets', () => {
  const [alone, both] = [collectorStage(), collectorStage({}, {}, [api])];
  for (const path of ['/api/targets', '/badge/*']) {
    expect([alone.routes, alone.server].some((routes) => routes.has(path))).toBe(false);
    expect([both.routes, both.server].every((routes) => routes.has(path))).toBe(true);
  }
});

test('health is told without looking at the services', async () => {
  const services = new Proxy([], {
    get: (_, key) => (key === 'length' ? 0 : expect.unreachable('somebody looked')),
  });
  const on = collectorStage();
  on.say({ services, sources: [node] });
  expect((await healthAt(on.askServer)).status).toBe('healthy');
});
