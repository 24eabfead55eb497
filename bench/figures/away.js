/**
 * 24 scaled hours with one of three dashboards dead: a cycle each 100 ms stands for one a minute. What the
 * others have to wait for their reports, and what grows.
 */
import { once } from 'node:events';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceName } from '../configuration.js';
import { memoryMib } from '../process.js';
import { limitRow, median } from '../table.js';

const targets = 60;
const cycles = 1_440;
const cycleMs = 100;
/** A service is otherwise once in so many cycles. */
const changeEvery = 30;

export async function awayFigure(workshop) {
  const world = await openWorld();
  const config = workshop.file('away.yaml', configuration(world, 'STATE'));
  const state = join(dirname(config), 'away-state');
  mkdirSync(state);
  workshop.file('away.yaml', configuration(world, state));
  const daemon = workshop.start([workshop.program('quick'), '--config', config, '--log-level', 'error']);
  const samples = [];
  for (let second = 0; second < (cycles * cycleMs) / 1_000; second++) {
    await sleep(1_000);
    samples.push({ mib: memoryMib(daemon.pid).now, stateBytes: bytesOf(state, /^state$/) });
  }
  const historyBytes = bytesOf(state, /^history/);
  const code = await daemon.stop();
  world.close();
  const waits = world.waits.sort((one, two) => one - two);
  const quarter = samples.length >> 2;
  const mib = (from, to) => median(samples.slice(from, to).map((sample) => sample.mib));
  const scale = `${world.asked()} polls, ${waits.length} reports to the others, exit code ${code}`;
  return [
    limitRow('away: wait of the others, p99', waits[Math.floor(waits.length * 0.99)], 1_000, 'ms', scale),
    limitRow('away: longest wait of the others', waits.at(-1), 1_000, 'ms'),
    limitRow(
      'away: growth of memory, last quarter over second',
      mib(3 * quarter) - mib(quarter, 2 * quarter),
      4,
      'MiB',
    ),
    limitRow(
      'away: largest state',
      Math.max(...samples.map((sample) => sample.stateBytes)) / 1_048_576,
      1,
      'MiB',
    ),
    limitRow('away: history of 24 hours', historyBytes / 1_048_576, 16, 'MiB'),
  ];
}

/** A convertor whose services change by themselves, two dashboards that answer at once, and one that never does. */
async function openWorld() {
  const statuses = new Map();
  const waits = [];
  let asked = 0;
  const convertor = await listen((request, response) => {
    const query = new URL(request.url, 'http://convertor').searchParams;
    const service = query.get('service');
    if (service === null) return response.writeHead(404).end();
    const known = statuses.get(service) ?? { status: 0, sinceMs: 0 };
    const isNew = Math.random() < 1 / changeEvery;
    const now = isNew
      ? { status: (known.status + 1 + Math.floor(Math.random() * 2)) % 3, sinceMs: performance.now() }
      : known;
    statuses.set(service, now);
    asked++;
    const point = [Math.floor(Date.now() / 1_000), now.status];
    response.end(JSON.stringify({ name: service, environment: query.get('environment'), metrics: [point] }));
  });
  const quick = () =>
    listen((request, response) => {
      const chunks = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        const { service } = JSON.parse(Buffer.concat(chunks));
        waits.push(performance.now() - statuses.get(service).sinceMs);
        response.writeHead(201).end('{}');
      });
    });
  const servers = [convertor, await quick(), await quick(), await listen(() => undefined)];
  return {
    waits,
    asked: () => asked,
    urls: servers.map(({ url }) => url),
    close: () => {
      for (const { server } of servers) server.closeAllConnections();
      for (const { server } of servers) server.close();
    },
  };
}

async function listen(answer) {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { server, url: `http://127.0.0.1:${server.address().port}` };
}

function configuration({ urls: [convertor, one, two, dead] }, state) {
  const webhook = (url) =>
    `{kind: webhook, url: ${url}, body: '{"service":"{{service}}","status":"{{status}}"}', close_body: '{"service":"{{service}}"}'}`;
  const services = Array.from({ length: targets }, (_none, index) => `    - {name: ${serviceName(index)}}`);
  return [
    `convertor: {url: ${convertor}, path: /v1/health}`,
    'dashboards:',
    ...[one, two, dead].map((url, index) => `  page${index}: ${webhook(url)}`),
    'reporter:',
    `  poll_interval: ${cycleMs}ms`,
    `  state_dir: ${state}`,
    '  services:',
    ...services,
  ].join('\n');
}

function bytesOf(folder, pattern) {
  return readdirSync(folder)
    .filter((name) => pattern.test(name))
    .reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
}
