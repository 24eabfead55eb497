/** The pages of a collector, as a real Prometheus scrapes them and as promtool and Python's parser read them. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { file, freePort, start, temporaryFolder } from '../process/program.ts';
import { startPrometheus, until } from './prometheus.ts';

/** Names as people have them; whatever is no name is refused before it gets here. */
const services = [
  'shop',
  '<script>alert(1)</script>',
  'with "quotes"',
  'back\\slash\\',
  '{le="+Inf"} 1',
  '# EOF',
  '😀 émoji 日本語 עברית',
  'constructor',
  'x'.repeat(200),
];

type Family = {
  readonly name: string;
  readonly type: string;
  readonly samples: readonly {
    readonly name: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly value: number;
  }[];
};

test('a real Prometheus scrapes both pages without complaint', { timeout: 120_000 }, async () => {
  const { url, target } = await collector();
  const prometheus = await startPrometheus([
    { job_name: 'collector_realtime', honor_labels: true, static_configs: [{ targets: [target] }] },
    {
      job_name: 'collector_aggregated',
      honor_labels: true,
      metrics_path: '/metrics/aggregated',
      static_configs: [{ targets: [target] }],
    },
  ]);
  const scraped = await prometheus.scraped();
  expect(scraped.map(({ health, lastError }) => [health, lastError])).toEqual([
    ['up', ''],
    ['up', ''],
  ]);
  const names = async (query: string, label: string) =>
    new Set((await prometheus.query(query)).map(({ metric }) => metric[label]));
  // Each page has its own time.
  const queries = ['deployment_latency{stat="p95"}', 'deployment_request_rate{stat=""}'];
  for (const query of queries) {
    await until(async () => (await names(query, 'deployment_id')).size > 0 || undefined);
    expect(await names(query, 'deployment_id')).toEqual(new Set(services));
  }
  expect((await prometheus.query('avg(node_memory_usage{stat="avg"})')).length).toBe(1);
  expect((await prometheus.query('max(node_memory_usage{stat="max"})')).length).toBe(1);
  expect((await prometheus.query('node_uname_info{stat=""}')).length).toBe(1);
  const ingested = 'cloudmon_collector_metrics_ingested_total';
  expect(Number((await prometheus.query(ingested))[0]?.value[1])).toBe(services.length);
  expect((await fetch(`${url}/health`)).status).toBe(200);
});

test('promtool and the Python parser accept both pages', { timeout: 60_000 }, async () => {
  const { url } = await collector();
  const folder = temporaryFolder();
  for (const path of ['/metrics', '/metrics/aggregated', '/metrics/aggregated?by=environment']) {
    const text = await (await fetch(url + path)).text();
    const checked = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    // What a node exporter calls its metrics is its own affair; ours are without a fault.
    const faults = (checked.stdout + checked.stderr).split('\n').filter((line) => ours.test(line));
    expect(faults, path).toEqual([]);
    expect(checked.stderr, path).not.toMatch(/error while linting|parsing/i);
    const read = execFileSync('/usr/bin/python3', [
      join('test', 'real', 'exposition.py'),
      file(text, 'page.txt', folder),
    ]);
    const [families = []] = JSON.parse(read.toString()) as Family[][];
    // It takes `_total` off the names of counters.
    const names = families.map(({ name, type }) => `${name} ${type === 'counter'}`);
    expect(new Set(names).size, path).toBe(families.length);
    const series = families.flatMap(({ samples }) =>
      samples.map(({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort()])),
    );
    expect(new Set(series).size, path).toBe(series.length);
    const ids = families
      .filter(({ name }) => name === 'deployment_latency')
      .flatMap(({ samples }) => samples.map(({ labels }) => labels['deployment_id']));
    if (!path.includes('by=')) expect(new Set(ids), path).toEqual(new Set(services));
  }
});

const ours =
  /^(cloudmon_|deployment_|system_|node_(cpu|memory|disk)_usage|node_network_io|betanet_|up |scrape_)/;

/** With a node exporter as its source, and a metric of every service summed up. */
async function collector(): Promise<{ readonly url: string; readonly target: string }> {
  const [port, exporter] = [await freePort(), await freePort()];
  const child = spawn('prometheus-node-exporter', [`--web.listen-address=127.0.0.1:${exporter}`], {
    stdio: 'ignore',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const sources = [
    { type: 'node' },
    { type: 'prometheus', url: `http://127.0.0.1:${exporter}/metrics`, labels: { job: 'node' } },
  ];
  const config = { server: { port }, collector: { collect_interval: '1s', sources } };
  const program = start(['collect', '-c', file(JSON.stringify(config))]);
  const url = String((await program.waitForLog('Collector is listening'))['url']);
  const metrics = services.map((service) => ({ service, status_code: 200, latency_ms: 12 }));
  const headers = { 'content-type': 'application/json' };
  const { status } = await fetch(`${url}/api/ingest`, {
    method: 'POST',
    headers,
    body: JSON.stringify(metrics),
  });
  expect(status).toBe(200);
  await until(async () => {
    const page = await (await fetch(`${url}/metrics`)).text();
    return (/^deployment_latency\{/m.test(page) && /^node_uname_info\{/m.test(page)) || undefined;
  });
  return { url, target: `127.0.0.1:${port}` };
}
