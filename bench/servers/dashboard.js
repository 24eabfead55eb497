/** The demo's dashboard as a process of its own: strict about every byte that it is told. */
import { startDashboard } from '../../src/demo/dashboard.ts';
import { nowMs } from '../process.js';

const { secret, tls, faultyEvery = 0, cycle = 0 } = JSON.parse(process.argv[2]);
const dashboard = await startDashboard({ secret, keep: 500, ...(tls && { tls }) });
const tally = { told: 0, refused: 0, reasons: [], cyclesMs: [] };

/** Called with every report, once it is judged. */
function count({ reasons }) {
  tally.told++;
  if (reasons.length > 0) {
    tally.refused++;
    tally.reasons = reasons;
  }
  if (cycle > 0 && tally.told % cycle === 0) tally.cyclesMs.push(nowMs());
  if (faultyEvery > 0 && tally.told % faultyEvery === 0) dashboard.fail('status-503', { times: 1 });
  listen();
}

function listen() {
  const next = tally.told + 1;
  void dashboard.waitFor(({ number }) => number === next).then(count, () => undefined);
}

listen();
process.on('message', () => process.send(tally));
process.on('disconnect', () => process.exit());
process.send({ url: dashboard.url });
