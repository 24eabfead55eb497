/** What the telemetry costs: a record, a page, and the memory of having it on and being scraped. */
import { once } from 'node:events';
import { get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../collectors.js';
import { configuration, secret } from '../configuration.js';
import { memoryMib } from '../process.js';
import { amount, limitRow, median, ratioRow } from '../table.js';

const polls = 5_000;
const rounds = 4;
const sizes = [100, 1_000, 4_000];

export async function telemetryFigure(workshop) {
  const small = await record(workshop, false);
  const compiled = await record(workshop, true);
  const rows = Object.entries(small.instruments).map(([name, ns]) => {
    const whole = amount(small.whole[name] / 1_000, 'µs');
    return limitRow(`record: ${name}`, ns / 1_000, 0.5, 'µs', `with what the pages keep ${whole}`);
  });
  const page = (size, goal) =>
    limitRow(
      `/metrics, ${size} targets`,
      small.pages[size],
      goal,
      'ms',
      `with the optimising compiler ${amount(compiled.pages[size], 'ms')}`,
    );
  return [...rows, page(100, 5), page(1_000, 5), page(4_000, 20), ...(await memory(workshop))];
}

async function record(workshop, isCompiled) {
  const tool = workshop.startTool('record', { rounds: 7, count: 100_000, sizes, isCompiled });
  const code = await tool.ended;
  if (code !== 0) throw new Error(tool.printed.stderr);
  return JSON.parse(tool.printed.stdout);
}

/** In pairs, because resident memory differs from run to run by more than a little. */
async function memory(workshop) {
  const program = workshop.program('quick');
  const added = [];
  const seen = { off: [], on: [] };
  const taken = { page: [], probe: [] };
  for (let round = 0; round < rounds; round++) {
    const [off, on] = await Promise.all([
      measureOne(workshop, program, 'off', round),
      measureOne(workshop, program, 'on', round),
    ]);
    seen.off.push(off.mib);
    seen.on.push(on.mib);
    added.push(on.mib - off.mib);
    taken.page.push(...on.taken.page);
    taken.probe.push(...on.taken.probe);
  }
  const without = `without ${amount(median(seen.off), 'MiB')}`;
  return [
    limitRow('memory that it adds, 1,000 targets, scraped and looked at', median(added), 6, 'MiB', without),
    ratioRow(
      'a scrape of 1,000 targets while it polls 700 a second',
      median(taken.page),
      median(taken.probe),
      'ms',
      'its liveness probe',
    ),
  ];
}

async function measureOne(workshop, program, name, round) {
  const convertor = await workshop.startPeer('convertor', { degradedEvery: 10 });
  const dashboard = await workshop.startPeer('dashboard', { secret, tls: workshop.tls });
  const port = name === 'on' ? await freePort() : 0;
  const text = configuration({
    convertor,
    dashboard,
    caFile: workshop.caFile,
    targets: 1_000,
    interval: '1500ms',
  });
  const file = workshop.file(`telemetry-${name}-${round}.yaml`, `${text}telemetry: {port: ${port}}\n`);
  const daemon = workshop.start([program, '--config', file]);
  await convertor.until(({ answered }) => answered >= polls / 2);
  const samples = [];
  const taken = { page: [], probe: [] };
  for (let answered = 0; answered < polls; await sleep(100)) {
    ({ answered } = await convertor.tally());
    samples.push(memoryMib(daemon.pid).now);
    if (port === 0) continue;
    taken.page.push(await ask(port, '/metrics'));
    // As a browser does that has the page open.
    if (samples.length % 50 === 0) await ask(port, '/debug/metrics');
    taken.probe.push(await ask(port, '/-/healthy'));
  }
  await Promise.all([daemon.stop(), convertor.stop(), dashboard.stop()]);
  return { mib: median(samples), taken };
}

/** Milliseconds until the whole page is here. */
async function ask(port, path) {
  const startedMs = performance.now();
  const request = get({ host: '127.0.0.1', port, path, agent: false });
  const [answer] = await once(request, 'response');
  if (answer.statusCode !== 200) throw new Error(`${path} answered ${answer.statusCode}`);
  await answer.resume().toArray();
  return performance.now() - startedMs;
}
