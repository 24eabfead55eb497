/** What queries and health cost: the same samples in Debian's Prometheus and VictoriaMetrics, in the same run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startOurs, startPrometheus, startVictoria } from '../collectors.js';
import { cpuMs, memoryMib } from '../process.js';
import { factRow, median, ratioRow } from '../table.js';

const rounds = 5;
const queriesEach = 10;
const stepSeconds = 15;
const seriesCount = 1_000;
const pointsEach = 260;
const query = 'sum by (job) (rate(requests_total[5m]))';

export async function queriesFigure(workshop) {
  const last = Math.floor(Date.now() / 1000 / stepSeconds) * stepSeconds - 60;
  const all = Array.from({ length: seriesCount }, (_, index) => seriesOf(index, last));
  const servers = {
    ours: await startOurs(workshop),
    prometheus: await startPrometheus(openMetrics(all)),
    victoria: await startVictoria(),
  };
  await Promise.all([pushOurs(servers.ours.port, all), pushVictoria(servers.victoria.port, all)]);
  const range = `start=${last - 239 * stepSeconds}&end=${last}&step=${stepSeconds}`;
  const path = `/api/v1/query_range?query=${encodeURIComponent(query)}&${range}`;
  const seen = { ours: [], prometheus: [], victoria: [] };
  for (let round = 0; round < rounds; round++) {
    for (const [name, server] of Object.entries(servers)) seen[name].push(await measure(server, path));
  }
  const { now } = memoryMib(servers.ours.pid);
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  const of = (name, what) => median(seen[name].map((each) => each[what]));
  const peers = { prometheus: 'Prometheus', victoria: 'VictoriaMetrics' };
  return [
    ...Object.entries(peers).flatMap(([name, peer]) => [
      ratioRow(
        'CPU of a rate over 1,000 series, 240 steps',
        of('ours', 'cpuMs'),
        of(name, 'cpuMs'),
        'ms',
        peer,
      ),
      ratioRow('time of the same', of('ours', 'ms'), of(name, 'ms'), 'ms', peer),
    ]),
    factRow('memory of the collector with these 260,000 points', now, 'MiB'),
    ...(await healthRows(workshop)),
  ];
}

/** A counter that rises by another number each time, and was reset once. */
function seriesOf(index, last) {
  const times = Array.from({ length: pointsEach }, (_, at) => last - (pointsEach - 1 - at) * stepSeconds);
  const values = times.map((_, at) => ((at + (index % 200)) % 200) * (1 + (index % 7)));
  return { labels: { job: `job-${index % 20}`, instance: `instance-${index}` }, times, values };
}

function openMetrics(all) {
  const lines = all.flatMap(({ labels, times, values }) =>
    times.map(
      (time, at) =>
        `requests_total{job="${labels.job}",instance="${labels.instance}"} ${values[at]} ${time}\n`,
    ),
  );
  return `# TYPE requests counter\n${lines.join('')}# EOF\n`;
}

async function pushOurs(port, all) {
  for (let at = 0; at < all.length; at += 100) {
    const samples = all.slice(at, at + 100).flatMap(({ labels, times, values }) =>
      times.map((time, place) => ({
        name: 'requests_total',
        labels,
        value: values[place],
        timestamp: new Date(time * 1000).toISOString(),
        type: 'counter',
      })),
    );
    await post(port, '/api/samples', 'application/x-ndjson', lined(samples));
  }
}

async function pushVictoria(port, all) {
  const lines = all.map(({ labels, times, values }) => ({
    metric: { __name__: 'requests_total', ...labels },
    values,
    timestamps: times.map((time) => time * 1000),
  }));
  await post(port, '/api/v1/import', 'application/json', lined(lines));
  // What was just imported is searched a moment later.
  await sleep(2_000);
}

function lined(values) {
  return values.map((value) => JSON.stringify(value)).join('\n');
}

async function post(port, path, type, body) {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body,
  });
  if (!answer.ok)
    throw new Error(`${path} answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
}

async function measure({ pid, port }, path) {
  const before = cpuMs(pid);
  const startedMs = performance.now();
  for (let count = 0; count < queriesEach; count++) {
    // VictoriaMetrics would answer the same question from memory.
    const answer = await fetch(`http://127.0.0.1:${port}${path}&nocache=1`);
    const { data } = await answer.json();
    if (data?.result.length !== 20) throw new Error(`${port} has ${data?.result.length} of 20 series`);
  }
  const ms = (performance.now() - startedMs) / queriesEach;
  return { ms, cpuMs: (cpuMs(pid) - before) / queriesEach };
}

const targets = 1_200;
const pollSeconds = 5;
const cycles = 6;

/** A reporter that asks the collector of its own process about 1,200 targets with two flags each. */
async function healthRows(workshop) {
  const services = Array.from({ length: targets }, (_, index) => `service-${index}`);
  const flags = ['errors', 'latency'];
  const config = {
    environments: [{ name: 'production' }],
    metric_templates: Object.fromEntries(
      flags.map((name) => [name, { query: `${name}{service="$service"}`, op: 'gt', threshold: 0.5 }]),
    ),
    flag_metrics: services.flatMap((service) =>
      flags.map((name) => ({ name, service, template: { name }, environments: [{ name: 'production' }] })),
    ),
    health_metrics: Object.fromEntries(
      services.map((service) => [
        service,
        {
          service,
          component_name: service,
          category: 'bench',
          metrics: flags.map((name) => `${service}.${name}`),
          expressions: [{ expression: `${service}.errors || ${service}.latency`, weight: 1 }],
        },
      ]),
    ),
    status_dashboard: { kind: 'console', mode: 'paused' },
    reporter: { poll_interval: pollSeconds },
  };
  const ours = await startOurs(workshop, {}, workshop.program(), config);
  const timestamp = new Date(Date.now() - 20_000).toISOString();
  const samples = services.flatMap((service) =>
    flags.map((name) => ({ name, labels: { service }, value: 0, timestamp })),
  );
  await post(ours.port, '/api/samples', 'application/x-ndjson', lined(samples));
  await sleep(2 * pollSeconds * 1000);
  const before = cpuMs(ours.pid);
  await sleep(cycles * pollSeconds * 1000);
  const takenMs = (cpuMs(ours.pid) - before) / cycles;
  const { peak } = memoryMib(ours.pid);
  await ours.stop();
  return [
    factRow('CPU of a cycle over 1,200 targets with two flags, asked in memory', takenMs, 'ms'),
    factRow('memory of that process at its peak', peak, 'MiB'),
  ];
}
