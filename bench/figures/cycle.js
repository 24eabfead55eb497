/** How long a cycle over 1,000 targets takes that answer after 20 ms; a tenth is degraded and told. */
import { configuration, secret } from '../configuration.js';
import { limitRow, median, ratioRow } from '../table.js';

const targets = 1_000;
const rounds = 3;
const delayMs = 20;

export async function cycleFigure(workshop) {
  const program = workshop.program();
  const seconds = { first: [], slow: [], slowTold: [], fast: [], fastTold: [], bare: [] };
  for (let round = 0; round < rounds; round++) {
    const slow = await ours(workshop, program, 16, 2, 2);
    const fast = await ours(workshop, program, 50, 1, 3);
    const bare = await floor(workshop, 50, 1, 3);
    seconds.first.push(slow.polled[0]);
    seconds.slow.push(...slow.polled.slice(1));
    seconds.slowTold.push(...slow.told.slice(1));
    seconds.fast.push(...fast.polled.slice(1));
    seconds.fastTold.push(...fast.told.slice(1));
    bare.shift();
    seconds.bare.push(...bare);
  }
  const of = Object.fromEntries(Object.entries(seconds).map(([name, values]) => [name, median(values)]));
  const peer = 'sleeping `node:http`, 50 at once';
  const sixteen = (targets / 16) * (delayMs / 1000);
  return [
    limitRow('first cycle, 1,000 targets, 16 at once', of.first, 3, 's', `sleep alone ${sixteen} s`),
    limitRow('cycle, 1,000 targets, 16 at once', of.slow, 3, 's', `sleep alone ${sixteen} s`),
    limitRow('the same, until the last of 100 is told', of.slowTold, 3, 's'),
    ratioRow('cycle, 1,000 targets, 50 at once', of.fast, of.bare, 's', peer, 1.25),
    ratioRow('the same, until the last of 100 is told', of.fastTold, of.bare, 's', peer),
  ];
}

/** Seconds of each cycle: until everything was polled, and until everything was told. */
async function ours(workshop, program, concurrency, interval, cycles) {
  const convertor = await workshop.startPeer('convertor', { delayMs, degradedEvery: 10, cycle: targets });
  const dashboard = await workshop.startPeer('dashboard', { secret, cycle: targets / 10 });
  const text = configuration({ convertor, dashboard, targets, interval, concurrency });
  const daemon = workshop.start([program, '--config', workshop.file('cycle.yaml', text)]);
  const { cyclesMs, refused, reasons } = await dashboard.until(({ cyclesMs }) => cyclesMs.length >= cycles);
  if (refused > 0) throw new Error(`the dashboard refused ${refused} reports: ${reasons.join(', ')}`);
  const polled = await convertor.tally();
  await Promise.all([daemon.stop(), convertor.stop(), dashboard.stop()]);
  return {
    polled: whole(polled.cycles, cycles),
    told: polled.cycles.slice(0, cycles).map(({ startMs }, index) => (cyclesMs[index] - startMs) / 1000),
  };
}

async function floor(workshop, concurrency, interval, cycles) {
  const convertor = await workshop.startPeer('convertor', { delayMs, cycle: targets });
  const options = { url: convertor.url, client: 'http', targets, concurrency, intervalMs: interval * 1000 };
  const bare = workshop.startTool('poll', options);
  const polled = await convertor.until(({ answered }) => answered >= cycles * targets);
  await Promise.all([bare.stop(), convertor.stop()]);
  return whole(polled.cycles, cycles);
}

function whole(all, cycles) {
  return all.slice(0, cycles).map(({ startMs, endMs }) => (endMs - startMs) / 1000);
}
