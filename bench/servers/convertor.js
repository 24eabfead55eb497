/**
 * The demo's convertor as a process of its own, which counts instead of remembering.
 *
 * Of the requests, every `degradedEvery`th hears of a degradation and every `faultyEvery`th gets a fault.
 */
import { convertorFaults } from '../../src/demo/convertor-faults.ts';
import { reply } from '../../src/demo/reply.ts';
import { startServer } from '../../src/demo/server.ts';
import { stateReply } from '../../src/demo/target-state.ts';
import { nowMs } from '../process.js';

const { delayMs, degradedEvery = 0, faultyEvery = 0, cycle = 0 } = JSON.parse(process.argv[2]);
const faults = ['status-500', 'reset-before', 'not-json', 'status-503', 'truncated'];
const tally = { asked: 0, answered: 0, newestMs: 0, cycles: [] };

const server = await startServer({}, (exchange, seen) => {
  tally.newestMs = nowMs();
  const number = tally.asked++;
  if (cycle > 0 && number % cycle === 0) tally.cycles.push({ startMs: tally.newestMs });
  exchange.response.once('finish', () => {
    tally.answered++;
    if (cycle > 0 && tally.answered % cycle === 0) tally.cycles.at(-1).endMs = nowMs();
  });
  reply(exchange, answerTo(seen, number));
});
process.on('message', () => process.send(tally));
process.on('disconnect', () => process.exit());
process.send({ url: server.url });

function answerTo({ query, path, rawUrl }, number) {
  const { service, environment } = query;
  if (faultyEvery > 0 && number % faultyEvery === 7) {
    const fault = convertorFaults[faults[Math.floor(number / faultyEvery) % faults.length]];
    return fault.reply({ service, environment, nowMs: Date.now(), trapUrl: server.url, rawUrl });
  }
  const status = degradedEvery > 0 && number % degradedEvery === 0 ? 1 : 0;
  return stateReply({ service, environment }, { status, ...(delayMs && { delayMs }) }, path, Date.now());
}
