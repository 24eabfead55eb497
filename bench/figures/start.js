/** From the start of the process to its first request, against the least that node can do. */
import { configuration } from '../configuration.js';
import { median, ratioRow } from '../table.js';
import { smallFlags } from './memory.js';

const rounds = 11;

export async function startFigure(workshop) {
  const convertor = await workshop.startPeer('convertor', {});
  const program = workshop.program();
  const text = configuration({ convertor, dashboard: convertor, targets: 1, interval: 60 });
  const config = workshop.file('start.yaml', text);
  const start = {
    ours: () => workshop.start([program, '--config', config]),
    small: () => workshop.start([...smallFlags, program, '--config', config]),
    bare: () => workshop.startTool('first', { url: convertor.url }),
  };
  const taken = { ours: [], small: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(start)) taken[name].push(await measureOne(convertor, start[name]));
  }
  await convertor.stop();
  const [ours, small, bare] = [taken.ours, taken.small, taken.bare].map(median);
  return [
    ratioRow('start to first poll', ours, bare, 'ms', 'bare request', 1.6),
    ratioRow('the same, small launch', small, bare, 'ms', 'bare request'),
  ];
}

async function measureOne(convertor, start) {
  const before = await convertor.tally();
  const started = start();
  const { newestMs } = await convertor.until(({ asked }) => asked > before.asked);
  await started.stop();
  return newestMs - started.startedMs;
}
