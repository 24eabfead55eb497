/** What 1,000 warm polls cost in CPU, user and system, in the polling process alone. */
import { readFileSync } from 'node:fs';
import { configuration } from '../configuration.js';
import { cpuMs } from '../process.js';
import { median, ratioRow } from '../table.js';

const targets = 1_000;
const intervalMs = 400;
const warmPolls = 3_000;
const measuredPolls = 2_500;
const rounds = 3;

/** What the reporter sets for itself. */
const ownFlags = readFileSync('src/cli/heap.ts', 'utf8').match(/(?<=')--[a-z-]+(=\d+)?(?=')/g);

export async function cpuFigure(workshop) {
  const shipped = workshop.program('quick');
  const compiled = workshop.program('quick', 'compiled');
  const start = {
    ours: (convertor) => daemon(workshop, shipped, convertor, 'warn'),
    logging: (convertor) => daemon(workshop, shipped, convertor, 'info'),
    compiled: (convertor) => daemon(workshop, compiled, convertor, 'warn'),
    got: (convertor) => peer(workshop, 'got', convertor),
    bare: (convertor) => peer(workshop, 'http', convertor),
    bareAlike: (convertor) => peer(workshop, 'http', convertor, ownFlags),
  };
  const taken = Object.fromEntries(Object.keys(start).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const name of Object.keys(start)) taken[name].push(await measureOne(workshop, start[name]));
  }
  const ms = Object.fromEntries(Object.entries(taken).map(([name, values]) => [name, median(values)]));
  return [
    ratioRow('CPU, 1,000 warm polls, without log', ms.ours, ms.got, 'ms', 'got', 0.35),
    ratioRow('the same', ms.ours, ms.bare, 'ms', 'bare `node:http`'),
    ratioRow('the same', ms.ours, ms.bareAlike, 'ms', 'bare `node:http`, with our flags'),
    ratioRow('the same, with the log at info', ms.logging, ms.got, 'ms', 'got'),
    ratioRow('the same, optimising compiler on', ms.compiled, ms.got, 'ms', 'got'),
    ratioRow('the same, optimising compiler on', ms.compiled, ms.bare, 'ms', 'bare `node:http`'),
  ];
}

async function measureOne(workshop, start) {
  const convertor = await workshop.startPeer('convertor', {});
  const polling = start(convertor);
  const before = await convertor.until(({ answered }) => answered >= warmPolls);
  const beforeMs = cpuMs(polling.pid);
  const after = await convertor.until(({ answered }) => answered >= before.answered + measuredPolls);
  const takenMs = cpuMs(polling.pid) - beforeMs;
  await Promise.all([polling.stop(), convertor.stop()]);
  return (takenMs * 1000) / (after.answered - before.answered);
}

function daemon(workshop, program, convertor, level) {
  const text = configuration({ convertor, dashboard: convertor, targets, interval: `${intervalMs}ms` });
  return workshop.start([program, '--config', workshop.file('cpu.yaml', text), '--log-level', level]);
}

function peer(workshop, client, { url }, flags = []) {
  return workshop.startTool('poll', { url, client, targets, intervalMs, concurrency: 16 }, flags);
}
