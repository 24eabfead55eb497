/**
 * What recording costs, in the instruments alone and with all that the pages keep, and what `/metrics`
 * takes: nanoseconds and milliseconds, as JSON.
 *
 * In a process of its own, with the flags that the daemon sets for itself.
 */
import { keepHeapSmall } from '../../src/cli/heap.ts';
import { systemClock } from '../../src/model/clock.ts';
import { Failure } from '../../src/model/failure.ts';
import { targetKey } from '../../src/model/target.ts';
import { Work } from '../../src/telemetry/instruments-work.ts';
import { openTelemetry } from '../../src/telemetry/telemetry.ts';
import { serviceName } from '../configuration.js';
import { median } from '../table.js';

const { rounds, count, sizes, isCompiled } = JSON.parse(process.argv[2]);
if (!isCompiled) keepHeapSmall();

const one = () => 1;
const host = {
  version: '0.0.0',
  runtime: process.version,
  residentBytes: one,
  cpuSeconds: one,
  openFiles: one,
};
const dashboards = [{ name: 'default', kind: 'incidents', mode: 'send' }];

function targetOf(_none, index) {
  const service = serviceName(index);
  const environment = 'production';
  const key = targetKey(service, environment);
  return { key, service, environment, component: service, attributes: {}, ids: {}, flags: [] };
}

/** A page is made again only after a while: between two of them that while passes at once. */
let passedMs = 0;
const clock = { ...systemClock, monotonic: () => systemClock.monotonic() + passedMs };

function open(size) {
  const targets = Array.from({ length: size }, targetOf);
  const telemetry = openTelemetry({
    clock,
    host,
    inFlight: () => new Map([['default', 1]]),
    reports: true,
  });
  telemetry.configure({ pollIntervalMs: 60_000, targets, dashboards });
  return { telemetry, targets };
}

function readingOf(target, index) {
  return { target, status: index % 4, timeMs: Date.now(), evidence: { triggered: [] } };
}

function actionOf(target, index) {
  const incident = { id: 'x', dashboard: 'default', members: [target], sinceMs: 1 };
  const reading = readingOf(target, index);
  return { type: 'repeat', incident, status: 1, reading, idempotencyKey: 'x' };
}

const { telemetry, targets } = open(1_000);
const instruments = new Work();
instruments.configure({ pollIntervalMs: 60_000, targets, dashboards });
const readings = targets.map(readingOf);
const actions = targets.map(actionOf);
const failure = new Failure('dashboard', 'failed', 'answered 503', { httpStatus: 503 });
const events = {
  asked: (witness, i) => witness.asked(targets[i], i / 10, undefined),
  read: (witness, i) => witness.read(readings[i]),
  attempted: (witness, i) => witness.attempted(actions[i], i / 10, undefined, false),
  refused: (witness, i) => witness.attempted(actions[i], i / 10, failure, true),
  delivered: (witness, i) => witness.delivered(actions[i], 'sent', undefined),
};
const taken = { instruments: {}, whole: {}, pages: {} };
for (const [name, event] of Object.entries(events)) {
  taken.instruments[name] = eventNs(event, instruments);
  taken.whole[name] = eventNs(event, telemetry.witness);
}
for (const size of sizes) taken.pages[size] = await pageMs(size);
console.log(JSON.stringify(taken));

function eventNs(event, witness) {
  const rows = [];
  for (let round = 0; round <= rounds; round++) {
    const startedMs = performance.now();
    for (let index = 0; index < count; index++) event(witness, index % 1_000);
    // The first round only warms up.
    if (round > 0) rows.push(((performance.now() - startedMs) * 1e6) / count);
  }
  return median(rows);
}

async function pageMs(size) {
  const world = open(size);
  for (const reading of world.targets.map(readingOf)) world.telemetry.witness.read(reading);
  const route = world.telemetry.routes.get('/metrics');
  const rows = [];
  for (let round = 0; round <= 20; round++) {
    passedMs += 60_000;
    const startedMs = performance.now();
    await route({ path: '/metrics', accept: '' });
    if (round > 0) rows.push(performance.now() - startedMs);
  }
  return median(rows);
}
