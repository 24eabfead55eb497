/** What the reporter holds resident over 5,000 polls, a tenth of which it tells over TLS. */
import { setTimeout as sleep } from 'node:timers/promises';
import { configuration, secret } from '../configuration.js';
import { memoryMib } from '../process.js';
import { amount, limitRow, median } from '../table.js';

const polls = 5_000;
const rounds = 2;

/** The flags that make the reporter smallest: docs/performance.md. */
export const smallFlags = [
  '--max-semi-space-size=1',
  '--optimize-for-size',
  '--no-opt',
  '--no-sparkplug',
  '--single-threaded',
  // What is alive is about 11 MiB with 1,000 targets; without a limit twice as much piles up.
  '--max-old-space-size=24',
];

const launches = {
  one: { targets: 1, interval: '2ms', flags: [] },
  hundred: { targets: 100, interval: '150ms', flags: [] },
  thousand: { targets: 1_000, interval: '1500ms', flags: [] },
  smallHundred: { targets: 100, interval: '150ms', flags: smallFlags },
  smallThousand: { targets: 1_000, interval: '1500ms', flags: smallFlags },
};

export async function memoryFigure(workshop) {
  const program = workshop.program('quick');
  const seen = Object.fromEntries(Object.keys(launches).map((name) => [name, { steady: [], peak: [] }]));
  const empty = [];
  for (let round = 0; round < rounds; round++) {
    const dashboard = await workshop.startPeer('dashboard', { secret, tls: workshop.tls });
    const idle = workshop.start(['-e', 'setInterval(() => {}, 1e6)']);
    const measured = Object.keys(launches).map(async (name) => {
      const { steady, peak } = await measureOne(workshop, program, dashboard, name);
      seen[name].steady.push(steady);
      seen[name].peak.push(peak);
    });
    await Promise.all(measured);
    empty.push(memoryMib(idle.pid).now);
    const { told, refused, reasons } = await dashboard.tally();
    if (refused > 0 || told === 0) throw new Error(`told ${told}, refused ${refused}: ${reasons.join(', ')}`);
    await Promise.all([idle.stop(), dashboard.stop()]);
  }
  return rowsOf(seen, `empty node ${amount(median(empty), 'MiB')}`);
}

function rowsOf(seen, empty) {
  const steady = (name) => median(seen[name].steady);
  const peak = (name) => median(seen[name].peak);
  const slopeKib = ((steady('thousand') - steady('hundred')) * 1024) / 900;
  return [
    limitRow('memory, 1 target', steady('one'), 60, 'MiB', empty),
    limitRow('memory, 100 targets', steady('hundred'), 60, 'MiB', empty),
    limitRow('memory, 1,000 targets', steady('thousand'), 60, 'MiB', empty),
    limitRow('peak, 1 target', peak('one'), 80, 'MiB'),
    limitRow('peak, 1,000 targets', peak('thousand'), 80, 'MiB'),
    limitRow('memory a target, 100 to 1,000', slopeKib, 4, 'KiB'),
    limitRow('small launch, 100 targets', steady('smallHundred'), 50, 'MiB', empty),
    limitRow('small launch, 1,000 targets', steady('smallThousand'), 50, 'MiB', empty),
    limitRow('small launch, peak, 1,000 targets', peak('smallThousand'), 80, 'MiB'),
  ];
}

/** Steady: the median of the second half of the polls. */
async function measureOne(workshop, program, dashboard, name) {
  const { targets, interval, flags } = launches[name];
  const convertor = await workshop.startPeer('convertor', { degradedEvery: 10 });
  const text = configuration({ convertor, dashboard, caFile: workshop.caFile, targets, interval });
  const daemon = workshop.start([...flags, program, '--config', workshop.file(`memory-${name}.yaml`, text)]);
  await convertor.until(({ answered }) => answered >= polls / 2);
  const samples = [];
  for (let answered = 0; answered < polls; await sleep(100)) {
    ({ answered } = await convertor.tally());
    samples.push(memoryMib(daemon.pid).now);
  }
  const { peak } = memoryMib(daemon.pid);
  await Promise.all([daemon.stop(), convertor.stop()]);
  return { steady: median(samples), peak };
}
