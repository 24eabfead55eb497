/** What it costs to take metrics: one a request, and in batches, against Debian's servers in the same run. */
import { setTimeout as sleep } from 'node:timers/promises';
import { startOurs, startPushgateway, startVictoria } from '../collectors.js';
import { cpuMs } from '../process.js';
import { median, ratioRow } from '../table.js';

const rounds = 5;

const single = { requests: 30_000, metricsEach: 1, connections: 16 };
const batches = { requests: 400, metricsEach: 1_000, connections: 2 };

const ways = {
  ours: { path: '/api/ingest', type: 'application/json', batchType: 'application/x-ndjson' },
  victoria: { path: '/api/v1/import', type: 'application/json', batchType: 'application/json' },
  pushgateway: { path: '/metrics/job/bench/instance', type: 'text/plain' },
};

export async function ingestFigure(workshop) {
  const servers = {
    ours: await startOurs(workshop),
    victoria: await startVictoria(),
    pushgateway: await startPushgateway(),
  };
  const bare = await workshop.startPeer('bare', {});
  servers.bare = { ...bare, port: Number(new URL(bare.url).port) };
  ways.bare = { ...ways.ours, form: 'ours' };
  const one = await inTurns(workshop, servers, ['ours', 'bare', 'victoria', 'pushgateway'], single);
  const many = await inTurns(workshop, servers, ['ours', 'victoria'], batches);
  await Promise.all(Object.values(servers).map((server) => server.stop()));
  const peer = { victoria: 'VictoriaMetrics', pushgateway: 'pushgateway', bare: 'bare `node:http`' };
  const cpu = (measured, other, figure, goal) =>
    ratioRow(figure, measured.ours.cpuUs, measured[other].cpuUs, 'µs', peer[other], goal);
  return [
    cpu(one, 'victoria', 'CPU of one metric a request', 1),
    cpu(one, 'pushgateway', 'the same', 0.06),
    cpu(one, 'bare', 'the same'),
    cpu(many, 'victoria', 'CPU of one metric in batches of 1,000', 0.5),
    ratioRow(
      'time of one metric in batches of 1,000',
      many.ours.us,
      many.victoria.us,
      'µs',
      peer.victoria,
      0.5,
    ),
  ];
}

/** Each server in each round, so that what the machine does meanwhile concerns all of them. */
async function inTurns(workshop, servers, names, load) {
  const seen = Object.fromEntries(names.map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of names) seen[name].push(await measure(workshop, servers[name], name, load));
  }
  const medians = (measured) => ({
    cpuUs: median(measured.map(({ cpuUs }) => cpuUs)),
    us: median(measured.map(({ us }) => us)),
  });
  return Object.fromEntries(names.map((name) => [name, medians(seen[name])]));
}

async function measure(workshop, { pid, port }, name, load) {
  const { path, type, batchType, form = name } = ways[name];
  const kind = load.metricsEach > 1 ? batchType : type;
  const before = cpuMs(pid);
  const tool = workshop.startTool('load', { ...load, port, path, type: kind, form });
  const code = await tool.ended;
  if (code !== 0) throw new Error(tool.printed.stderr);
  // What the server does afterwards on account of it.
  await sleep(200);
  const { seconds, metrics, statuses } = JSON.parse(tool.printed.stdout);
  const refused = Object.keys(statuses).filter((status) => !status.startsWith('2'));
  if (refused.length > 0) throw new Error(`${name} answered ${JSON.stringify(statuses)}`);
  return { cpuUs: ((cpuMs(pid) - before) * 1_000) / metrics, us: (seconds * 1e6) / metrics };
}
