/** What is told about the window: shaped as seed 000 documents it, whoever pushes whatever. */
import { expect, test } from 'vitest';
import { none } from '../../../src/collector/window/names.ts';
import { limits } from '../../../src/model/limits.ts';
import { stage } from './stage.ts';

/** So many times each value, in this order. */
function column<T>(...counts: readonly (readonly [T, number])[]): readonly T[] {
  return counts.flatMap(([value, count]) => Array.from({ length: count }, () => value));
}

test('150 metrics are told as the seed shows them', async () => {
  // Half an hour old is not too old here: the seed shows what its cleanup has not seen yet.
  const { push, text, routes } = stage({ historyMs: 3_600_000 }, Date.parse('2026-02-04T17:30:15Z'));
  const services = column(['frontend-api', 100], ['decoy-frontend-1', 30], ['decoy-frontend-2', 20]);
  const ips = column(['192.168.1.100', 50], ['192.168.1.101', 100]);
  const paths = column(['/api/products', 80], ['/api/cart', 40], ['/api/checkout', 30]);
  const statuses = column([200, 140], [400, 5], [500, 5]);
  for (const [i, service] of services.entries()) {
    push({
      service,
      ip: ips[i] ?? '',
      path: paths[i] ?? '',
      statusCode: statuses[i] ?? 0,
      latencyMs: i % 2 === 0 ? 52.2 : 52.4,
      timeMs: Date.parse('2026-02-04T17:00:00Z') + Math.floor((1_800_000 * i) / 149),
    });
  }
  expect(await text('/api/stats')).toBe(
    `${JSON.stringify({
      total_requests: 150,
      requests_by_service: { 'frontend-api': 100, 'decoy-frontend-1': 30, 'decoy-frontend-2': 20 },
      requests_by_ip: { '192.168.1.101': 100, '192.168.1.100': 50 },
      requests_by_path: { '/api/products': 80, '/api/cart': 40, '/api/checkout': 30 },
      average_latency_ms: 52.3,
      status_code_counts: { 200: 140, 400: 5, 500: 5 },
      unique_ips: 2,
      time_range: '2026-02-04T17:00:00Z to 2026-02-04T17:30:00Z (30m0s)',
      last_updated: '2026-02-04T17:30:15Z',
    })}\n`,
  );
  const page = await routes.get('/api/stats')?.({ path: '/api/stats', query: '', accept: '' });
  expect([page?.status, page?.type]).toEqual([200, 'application/json']);
});

test('two services are told as the seed shows them', async () => {
  const { push, text } = stage();
  const paths = column(['/api/products', 50], ['/api/cart', 30], ['/api/checkout', 20]);
  for (const [i, path] of paths.entries()) {
    push({ service: 'frontend-api', path, ip: `192.168.1.10${i % 2}`, latencyMs: 48 + (i % 2) });
  }
  for (let i = 0; i < 30; i++) {
    push({ service: 'decoy-frontend-1', path: '/api/products', ip: '192.168.1.101', latencyMs: 1_055.2 });
  }
  expect(await text('/api/services')).toBe(
    `${JSON.stringify({
      'frontend-api': {
        total_requests: 100,
        unique_ips: 2,
        avg_latency: 48.5,
        paths: { '/api/products': 50, '/api/cart': 30, '/api/checkout': 20 },
      },
      'decoy-frontend-1': {
        total_requests: 30,
        unique_ips: 1,
        avg_latency: 1_055.2,
        paths: { '/api/products': 30 },
      },
    })}\n`,
  );
});

test('an average has six digits behind the point at most', async () => {
  const { push, stats } = stage();
  for (const latencyMs of [1, 1, 2]) push({ service: 'api', latencyMs });
  expect((await stats()).average_latency_ms).toBe(1.333333);
});

test('what has no address, path, status or latency is a request all the same', async () => {
  const { push, stats, services } = stage();
  push({ service: 'api' });
  expect(await stats()).toMatchObject({
    total_requests: 1,
    requests_by_ip: {},
    requests_by_path: {},
    average_latency_ms: 0,
    status_code_counts: {},
    unique_ips: 0,
  });
  expect(await services()).toEqual({ api: { total_requests: 1, unique_ips: 0, avg_latency: 0, paths: {} } });
});

for (const name of ['__proto__', 'constructor', 'toString', '"', '\\', '</script>', '\u2028', '日本']) {
  test(`${JSON.stringify(name)} is a name like any other`, async () => {
    const { push, stats, services } = stage();
    push({ service: name, path: name, ip: name });
    const { requests_by_service: byService, requests_by_ip: byIp, requests_by_path: byPath } = await stats();
    for (const counts of [byService, byIp, byPath]) expect(Object.entries(counts)).toEqual([[name, 1]]);
    const [[service, page]] = Object.entries<{ paths: object }>(await services()) as [
      [string, { paths: object }],
    ];
    expect([service, Object.entries(page.paths)]).toEqual([name, [[name, 1]]]);
    expect(Object.getPrototypeOf({})).toBe(Object.prototype);
  });
}

test('a thousand addresses, paths and services are listed, the rest is other', async () => {
  const { push, stats, services } = stage();
  for (let i = 0; i < 1_003; i++) {
    for (let again = i < 1_000 ? 0 : 1; again < 2; again++) {
      push({ service: `s${i}`, path: `/${i}`, ip: `10.0.0.${i}`, latencyMs: i });
    }
  }
  push({ service: 'other', path: 'other', ip: 'other', latencyMs: 9 });
  const page = await stats();
  for (const key of ['requests_by_service', 'requests_by_ip', 'requests_by_path']) {
    const entries = Object.entries<number>(page[key]);
    expect(entries.length, key).toBe(1_001);
    expect(page[key].other, key).toBe(4);
    expect(entries[0], key).toEqual(['other', 4]);
  }
  expect(page.unique_ips).toBe(1_004);
  const { other } = await services();
  expect(other).toEqual({
    total_requests: 4,
    unique_ips: 4,
    avg_latency: (1_000 + 1_001 + 1_002 + 9) / 4,
    paths: { '/1000': 1, '/1001': 1, '/1002': 1, other: 1 },
  });
});

test('the paths of a service that are not listed are its other', async () => {
  const { push, services } = stage();
  for (let i = 0; i < 1_500; i++) push({ service: 'api', path: `/${i}` });
  push({ service: 'api', path: '/7' });
  const { api } = await services();
  expect([Object.keys(api.paths).length, api.paths['/7'], api.paths.other]).toEqual([1_001, 2, 500]);
});

test('services with many paths each list fewer, so that the page stays readable', async () => {
  const { push, services } = stage();
  for (let service = 0; service < 100; service++) {
    for (let path = 0; path < 400; path++) push({ service: `s${service}`, path: `/${path}` });
  }
  const page: Record<string, { paths: Record<string, number> }> = await services();
  const listed = Object.values(page).map(({ paths }) => Object.keys(paths).length - 1);
  expect(listed).toEqual(Array(100).fill(limits.pathsShown / 100));
  expect(page['s7']?.paths['other']).toBe(400 - limits.pathsShown / 100);
});

test('more pairs than are counted are other, and go as they came', async () => {
  const { clock, window, push, services } = stage({ historyMs: 60_000 });
  const emptyBytes = window.byteLength;
  const side = 600;
  for (let i = 0; i < side * side; i++) {
    const service = window.services.take(`s${Math.floor(i / side)}`);
    const path = window.paths.take(`/${i % side}`);
    const ip = window.ips.take(`10.0.0.${i % side}`);
    window.add(clock.now(), Number.NaN, 0, service, path, ip, none, none, none);
  }
  expect(window.totals.pathsOfServices.count).toBe(limits.pathPairsMax);
  expect(window.totals.ipsOfServices.count).toBe(limits.ipPairsMax);
  const requests = Object.values<{ paths: Record<string, number> }>(await services()).map(({ paths }) =>
    Object.values(paths).reduce((sum, count) => sum + count, 0),
  );
  expect(requests).toEqual(Array(side).fill(side));
  await clock.advance(60_001);
  push({ service: 's599', path: '/599', ip: '10.0.0.599' });
  expect(await window.expire()).toBe(side * side);
  await clock.advance(limits.dearPageMs);
  push({ service: 's599', path: '/599', ip: '10.0.0.599' });
  push({ service: 's599', path: '/599', ip: '10.0.0.599' });
  expect((await services())['s599']).toMatchObject({ unique_ips: 1, paths: { '/599': 2, other: 1 } });
  await clock.advance(60_001);
  await window.expire();
  window.intervals();
  expect(window.byteLength).toBe(emptyBytes);
}, 60_000);

test('what was pushed is told at once', async () => {
  const { push, stats } = stage();
  push({ service: 'api' });
  expect((await stats()).total_requests).toBe(1);
  push({ service: 'api' });
  expect((await stats()).total_requests).toBe(2);
});

test('but a page that is dear is the same for a moment, the same bytes for everybody', async () => {
  const { clock, push, routes } = stage();
  for (let i = 0; i <= limits.freshPageNamesMax; i++) push({ service: 'api', ip: `10.0.0.${i}` });
  const ask = () => routes.get('/api/stats')?.({ path: '/api/stats', query: '', accept: '' });
  const page = await ask();
  push({ service: 'api' });
  expect((await ask())?.body).toBe(page?.body);
  await clock.advance(limits.dearPageMs);
  expect((await ask())?.body).not.toBe(page?.body);
});

test('those that ask while it is made are told the same', async () => {
  const { push, routes } = stage();
  push({ service: 'api' });
  const ask = () => routes.get('/api/services')?.({ path: '/api/services', query: '', accept: '' });
  const [one, two] = await Promise.all([ask(), ask()]);
  expect(one).toBe(two);
});

test('addresses are shown as hashes where nobody may read them', async () => {
  const { push, text, stats } = stage({ hashIps: true });
  for (const ip of ['192.168.1.100', '192.168.1.100', '192.168.1.101']) push({ service: 'api', ip });
  expect(await text('/api/stats')).not.toContain('192.168');
  const { requests_by_ip: byIp, unique_ips: unique } = await stats();
  expect([Object.values(byIp), unique]).toEqual([[2, 1], 2]);
  for (const name of Object.keys(byIp)) expect(name).toMatch(/^[0-9a-f]{12}$/);
});
