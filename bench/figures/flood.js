/** Ten times the rate for a minute, every name new: what a collector and the reporter beside it take. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { freePort, listening } from '../collectors.js';
import { configuration, secret } from '../configuration.js';
import { memoryMib } from '../process.js';
import { limitRow } from '../table.js';

const seconds = 60;
const rate = 20_000;

export async function floodFigure(workshop) {
  const convertor = await workshop.startPeer('convertor', { degradedEvery: 10 });
  const dashboard = await workshop.startPeer('dashboard', { secret, tls: workshop.tls });
  const port = await freePort();
  const text = configuration({
    convertor,
    dashboard,
    caFile: workshop.caFile,
    targets: 1,
    interval: '1s',
  });
  const file = workshop.file('flood.yaml', `${text}server: {port: ${port}}\ncollector: {}\n`);
  const daemon = workshop.start([workshop.program(), '--config', file]);
  await listening(port, daemon);
  const from = (await convertor.tally()).answered;
  const startedMs = performance.now();
  const pushed = await push({
    port,
    seconds,
    connections: 24,
    addresses: ['127.0.2.1'],
    batch: 2_000,
    perSecond: 10 * rate,
  });
  const polls = (await convertor.tally()).answered - from;
  const expected = Math.floor((performance.now() - startedMs) / 1_000);
  const stats = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  const counted = Number(/^cloudmon_collector_metrics_ingested_total (\d+)$/m.exec(stats)?.[1]);
  const { peak } = memoryMib(daemon.pid);
  await Promise.all([daemon.stop(), convertor.stop(), dashboard.stop()]);
  const taken = `${pushed.accepted} of ${pushed.asked * 2_000} taken, ${counted} counted`;
  return [
    limitRow('memory at its peak, with a reporter, ten times the rate for a minute', peak, 128, 'MiB', taken),
    limitRow('polls of the reporter that were missed meanwhile', Math.max(0, expected - polls), 1, 'of 60'),
    limitRow('a refusal, 99 of 100', pushed.refusedP99Ms, 100, 'ms', 'batches of 2,000, 24 at once'),
  ];
}

async function push(settings) {
  const child = fork('test/process/pushers.js', { env: {}, execArgv: [] });
  child.send(settings);
  const [pushed] = await once(child, 'message');
  return pushed;
}
