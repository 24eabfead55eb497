/** Every request and answer that seed 000 documents, word for word where it says which. */
import { expect, test } from 'vitest';
import { type Stage, stage } from './stage.ts';

const noon = Date.parse('2026-02-04T17:00:00Z');

/** The example of the documentation, without its comments. */
const example = `{
  "timestamp": "2026-02-04T17:00:00Z",
  "service": "frontend-api",
  "method": "GET",
  "path": "/api/products",
  "source_ip": "192.168.1.100",
  "status_code": 200,
  "latency_ms": 45,
  "custom": {
    "user_agent": "curl/7.68.0"
  }
}`;

type Row = {
  readonly service: string;
  readonly path: string;
  readonly source_ip: string;
  readonly status_code: number;
  readonly latency_ms: number;
  readonly timestamp: string;
};

/** So many times each value, in this order. */
function column<T>(counts: readonly (readonly [T, number])[]): readonly T[] {
  return counts.flatMap(([value, count]) => Array.from({ length: count }, () => value));
}

function rows(columns: { readonly [Key in keyof Row]: readonly Row[Key][] }): readonly Row[] {
  return columns.service.map((service, index) => ({
    service,
    path: columns.path[index] ?? '',
    source_ip: columns.source_ip[index] ?? '',
    status_code: columns.status_code[index] ?? 0,
    latency_ms: columns.latency_ms[index] ?? 0,
    timestamp: columns.timestamp[index] ?? '',
  }));
}

async function push(on: Stage, metrics: readonly object[]): Promise<void> {
  const answer = await on.post('/api/ingest', metrics);
  expect(answer.json()).toEqual({ success: true, message: 'Metrics ingested', ingested: metrics.length });
}

test('the example of a metric is taken', async () => {
  const on = await stage({}, noon);
  const { status, text, headers } = await on.post('/api/ingest', example);
  expect(status).toBe(200);
  expect(text.trim()).toBe('{"success":true,"message":"Metric ingested"}');
  expect(headers['content-type']).toMatch(/^application\/json/);
});

test('its log line says what the documentation says', async () => {
  const on = await stage({}, noon);
  await on.post('/api/ingest', example);
  const line = on.lines().find(({ msg }) => String(msg).startsWith('[INGEST]'));
  expect(line).toMatchObject({
    level: 'debug',
    msg: '[INGEST] frontend-api from 192.168.1.100 - GET /api/products (status: 200, latency: 45ms)',
    service: 'frontend-api',
    source_ip: '192.168.1.100',
    status_code: 200,
    latency_ms: 45,
  });
});

test('/api/stats answers as documented', async () => {
  const on = await stage({ history: '1h' }, noon + 1_815_000);
  await push(
    on,
    rows({
      service: column([
        ['frontend-api', 100],
        ['decoy-frontend-1', 30],
        ['decoy-frontend-2', 20],
      ]),
      source_ip: column([
        ['192.168.1.100', 50],
        ['192.168.1.101', 100],
      ]),
      path: column([
        ['/api/products', 80],
        ['/api/cart', 40],
        ['/api/checkout', 30],
      ]),
      status_code: column([
        [200, 140],
        [400, 5],
        [500, 5],
      ]),
      latency_ms: column([
        [52, 105],
        [53, 45],
      ]),
      timestamp: column([
        ['2026-02-04T17:00:00Z', 1],
        ['2026-02-04T17:15:00Z', 148],
        ['2026-02-04T17:30:00Z', 1],
      ]),
    }),
  );
  const { text } = await on.get('/api/stats');
  // The seed's addresses stand in the order of their sizes in reverse; ours are the largest first.
  expect(JSON.stringify(JSON.parse(text), null, 2)).toBe(`{
  "total_requests": 150,
  "requests_by_service": {
    "frontend-api": 100,
    "decoy-frontend-1": 30,
    "decoy-frontend-2": 20
  },
  "requests_by_ip": {
    "192.168.1.101": 100,
    "192.168.1.100": 50
  },
  "requests_by_path": {
    "/api/products": 80,
    "/api/cart": 40,
    "/api/checkout": 30
  },
  "average_latency_ms": 52.3,
  "status_code_counts": {
    "200": 140,
    "400": 5,
    "500": 5
  },
  "unique_ips": 2,
  "time_range": "2026-02-04T17:00:00Z to 2026-02-04T17:30:00Z (30m0s)",
  "last_updated": "2026-02-04T17:30:15Z"
}`);
});

test('/api/services answers as documented', async () => {
  const on = await stage({}, noon);
  const api = column([
    ['/api/products', 50],
    ['/api/cart', 30],
    ['/api/checkout', 20],
  ]).map((path, index) => ({
    service: 'frontend-api',
    path,
    source_ip: index % 2 === 0 ? '192.168.1.100' : '192.168.1.101',
    latency_ms: index % 2 === 0 ? 48 : 49,
  }));
  const decoy = Array.from({ length: 30 }, (_none, index) => ({
    service: 'decoy-frontend-1',
    path: '/api/products',
    source_ip: '192.168.1.101',
    latency_ms: index < 6 ? 1056 : 1055,
  }));
  await push(on, [...api, ...decoy]);
  expect(JSON.stringify((await on.get('/api/services')).json(), null, 2)).toBe(`{
  "frontend-api": {
    "total_requests": 100,
    "unique_ips": 2,
    "avg_latency": 48.5,
    "paths": {
      "/api/products": 50,
      "/api/cart": 30,
      "/api/checkout": 20
    }
  },
  "decoy-frontend-1": {
    "total_requests": 30,
    "unique_ips": 1,
    "avg_latency": 1055.2,
    "paths": {
      "/api/products": 30
    }
  }
}`);
});

test('/health answers as documented, and why', async () => {
  const on = await stage({}, noon);
  await push(
    on,
    Array.from({ length: 150 }, () => ({ service: 'frontend-api' })),
  );
  const { status, text } = await on.get('/health');
  expect(status).toBe(200);
  expect(JSON.parse(text)).toEqual({
    status: 'healthy',
    service: 'reporter',
    metric_count: 150,
    history_duration: '30m0s',
    reasons: [],
  });
  expect(Object.keys(JSON.parse(text)).slice(0, 4)).toEqual([
    'status',
    'service',
    'metric_count',
    'history_duration',
  ]);
});

test('the metric of the manual test is taken and counted', async () => {
  const on = await stage();
  const metric = {
    service: 'test-service',
    method: 'GET',
    path: '/test',
    source_ip: '127.0.0.1',
    status_code: 200,
    latency_ms: 10,
  };
  expect((await on.post('/api/ingest', metric)).json()).toEqual({
    success: true,
    message: 'Metric ingested',
  });
  expect((await on.get('/api/services')).json()).toEqual({
    'test-service': { total_requests: 1, unique_ips: 1, avg_latency: 10, paths: { '/test': 1 } },
  });
});

test('a thousand metrics at once are all there', async () => {
  const on = await stage();
  const metrics = Array.from({ length: 1_000 }, (_none, index) => ({
    service: 'load-test',
    method: 'GET',
    path: '/api/test',
    source_ip: `192.168.1.${(index + 1) % 256}`,
    status_code: 200,
    latency_ms: (index * 37) % 100,
  }));
  for (let first = 0; first < metrics.length; first += 25) {
    const answers = metrics.slice(first, first + 25).map((metric) => on.post('/api/ingest', metric));
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
  }
  expect((await on.get('/api/stats')).json()).toMatchObject({
    total_requests: 1_000,
    requests_by_service: { 'load-test': 1_000 },
    unique_ips: 256,
    average_latency_ms: 49.5,
  });
});

test('the cleanup is told in the words of the documentation', async () => {
  const on = await stage({}, noon);
  await push(
    on,
    Array.from({ length: 50 }, () => ({ service: 'a' })),
  );
  await on.clock.advance(1_500_000);
  await push(
    on,
    Array.from({ length: 100 }, () => ({ service: 'a' })),
  );
  await on.clock.advance(600_000);
  const lines = on.lines().filter(({ msg }) => String(msg).startsWith('[CLEANUP]'));
  expect(lines).toContainEqual(
    expect.objectContaining({
      level: 'info',
      msg: '[CLEANUP] Removed 50 old metrics, retained 100',
      removed: 50,
      retained: 100,
    }),
  );
});

test('ten a second for half an hour are exact, and half an hour later nothing is left', async () => {
  const on = await stage({}, noon);
  let latencySum = 0;
  for (let second = 0; second < 1_800; second++) {
    const metrics = Array.from({ length: 10 }, (_none, n) => {
      const index = second * 10 + n;
      const latency = ((index * 31) % 1_000) / 10;
      latencySum += latency * 10;
      return {
        service: `service-${index % 3}`,
        path: `/p${index % 7}`,
        source_ip: `10.0.${(index % 500) >> 8}.${(index % 500) & 255}`,
        status_code: index % 100 === 0 ? 503 : 200,
        latency_ms: latency,
      };
    });
    await push(on, metrics);
    await on.clock.advance(1_000);
  }
  const stats = (await on.get('/api/stats')).json() as Record<string, unknown>;
  expect(stats).toMatchObject({
    total_requests: 18_000,
    requests_by_service: { 'service-0': 6_000, 'service-1': 6_000, 'service-2': 6_000 },
    unique_ips: 500,
    average_latency_ms: Number((Math.round(latencySum) / 10 / 18_000).toFixed(6)),
    status_code_counts: { 200: 17_820, 503: 180 },
    time_range: '2026-02-04T17:00:00Z to 2026-02-04T17:29:59Z (29m59s)',
  });
  await on.clock.advance(1_800_000);
  expect((await on.get('/api/stats')).json()).toEqual({
    total_requests: 0,
    requests_by_service: {},
    requests_by_ip: {},
    requests_by_path: {},
    average_latency_ms: 0,
    status_code_counts: {},
    unique_ips: 0,
    time_range: 'no metrics',
    last_updated: '2026-02-04T18:00:00Z',
  });
  expect((await on.get('/api/services')).json()).toEqual({});
}, 60_000);
