/** 100,000 polls without a rest, a twentieth degraded, a twentieth failing, a twentieth of the reports refused. */
import { setTimeout as sleep } from 'node:timers/promises';
import { configuration, secret } from '../configuration.js';
import { memoryMib, openFiles } from '../process.js';
import { limitRow, median } from '../table.js';

const polls = 100_000;
const warmPolls = 20_000;
const limitMs = 75_000;

export async function soakFigure(workshop) {
  const convertor = await workshop.startPeer('convertor', { degradedEvery: 20, faultyEvery: 20 });
  const dashboard = await workshop.startPeer('dashboard', { secret, tls: workshop.tls, faultyEvery: 20 });
  const { caFile } = workshop;
  const text = configuration({ convertor, dashboard, caFile, targets: 500, interval: '1ms', retries: 0 });
  const config = workshop.file('soak.yaml', text);
  const daemon = workshop.start([workshop.program('quick'), '--config', config]);

  const startedMs = performance.now();
  const samples = [];
  for (let answered = 0; answered < polls && performance.now() - startedMs < limitMs; await sleep(200)) {
    ({ asked: answered } = await convertor.tally());
    samples.push({ polls: answered, mib: memoryMib(daemon.pid).now, files: openFiles(daemon.pid) });
  }
  const { told, refused } = await dashboard.tally();
  const { peak } = memoryMib(daemon.pid);
  const code = await daemon.stop();
  await Promise.all([convertor.stop(), dashboard.stop()]);

  const warm = samples.filter((sample) => sample.polls >= warmPolls);
  const done = samples.at(-1).polls;
  const scale = `${done} polls, ${told} told, ${refused} refused as unfit`;
  const half = (from, to) => median(warm.slice(from, to).map(({ files }) => files));
  const middle = warm.length >> 1;
  return [
    limitRow('soak: growth for 100,000 polls', slope(warm) * 100_000, 1, 'MiB', scale),
    limitRow('soak: peak', peak, 80, 'MiB'),
    limitRow('soak: growth of open files', half(middle) - half(0, middle), 2, 'files'),
    limitRow(
      'soak: characters on stderr',
      daemon.printed.stderr.length,
      0,
      'characters',
      `exit code ${code}`,
    ),
  ];
}

/** Least squares: MiB a poll. */
function slope(samples) {
  const mean = (of) => samples.reduce((sum, sample) => sum + of(sample), 0) / samples.length;
  const pollsMean = mean((sample) => sample.polls);
  const mibMean = mean((sample) => sample.mib);
  const covariance = mean((sample) => (sample.polls - pollsMean) * (sample.mib - mibMean));
  return covariance / mean((sample) => (sample.polls - pollsMean) ** 2);
}
