/**
 * Lets a reporter decide about many targets for several dashboards, with a state and a history on the disk and
 * dashboards that take everything at once, and prints milliseconds of CPU as JSON: of each cycle from its last
 * reading on, and of the longest piece in which nothing else had its turn.
 *
 * In a process of its own, with the flags that the daemon sets for itself. The CPU is that of the process, so what
 * the machine does besides counts as little as it can.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { openKeeping } from '../../src/app/keeping.ts';
import { keepHeapSmall } from '../../src/cli/heap.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import { systemClock as clock } from '../../src/model/clock.ts';
import { toAll } from '../../src/model/hearing.ts';
import { targetKey } from '../../src/model/target.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { openTelemetry } from '../../src/telemetry/telemetry.ts';
import { serviceName } from '../configuration.js';

const { services, environments, dashboards, steps } = JSON.parse(process.argv[2]);
keepHeapSmall();

const directory = mkdtempSync(join(tmpdir(), 'cloudmon-reporter-deciding-'));
const targets = Array.from({ length: services * environments }, (_none, index) => {
  const service = serviceName(Math.floor(index / environments));
  const environment = `environment-${index % environments}`;
  const key = targetKey(service, environment);
  return { key, service, environment, component: service, attributes: {}, ids: {}, flags: [] };
});
const facts = Array.from({ length: dashboards }, (_none, index) => {
  return { name: `page${index}`, kind: 'statuspage', mode: 'send' };
});
/** Nobody logs here: the history and the telemetry alone hear of the work. */
const silent = Object.fromEntries(
  [
    ['polling', 'asked', 'read', 'attempted', 'attemptFailed', 'delivered', 'recorded', 'noted', 'found'],
    ['maintenanceBegan', 'maintenanceOver', 'cycleDone', 'cyclesSkipped'],
    ['stateDropped', 'stateFailed', 'stateRecovered', 'historyFailed', 'historyWorks', 'historyFull'],
  ]
    .flat()
    .map((event) => [event, () => undefined]),
);

const one = () => 1;
const host = { version: '0', runtime: '0', residentBytes: one, cpuSeconds: one, openFiles: one };
const telemetry = openTelemetry({ clock, host, inFlight: () => new Map(), reports: true });
telemetry.configure({ pollIntervalMs: 60_000, targets, dashboards: facts });
const keeps = { find: async () => directory, isRehearsal: false };
const keeping = await openKeeping('', { keeps, clock, journal: silent });
keeping.configured(targets);
const journal = toAll(silent, [telemetry.witness, ...keeping.listeners]);
const ledger = new Ledger(keeping.shelf, keeping.kept);
const told = facts.map(deliveriesTo);

/** What each target is said to be, and since when; the same time again is no new reading. */
const said = { status: 0, timeMs: 0 };
const windows = await openMaintenance([]);
const parts = {
  settings: { id: 'reporter', pollIntervalMs: 60_000, concurrency: 16, targets, stateDir: directory },
  readHealth: async (target) => ({ target, ...said, evidence: { triggered: [] } }),
  breaker: new Breaker(clock),
  absence: new Absence(clock),
  ledger,
  dashboards: () => told.map((deliveries) => (use) => use(deliveries)),
  // It is asked for when everything is read and nothing is decided.
  maintenance: async () => {
    await nextTurn();
    begin();
    return windows;
  },
  underMaintenance: new UnderMaintenance(),
  settleIntents: keeping.settleIntents,
  journal,
  clock,
};

let begunAtMs = 0;
let lastTurnMs = 0;
let longestMs = 0;
let isMeasuring = true;
setImmediate(count);

const taken = {};
for (const { name, status, isNew } of steps) {
  said.status = status;
  if (isNew) said.timeMs = Date.now();
  await runCycle(parts, new AbortController().signal);
  const cycleMs = cpuMs() - begunAtMs;
  await nextTurn();
  const pieceMs = longestMs;
  await Promise.all(told.map((deliveries) => deliveries.idle()));
  await sleep(50);
  taken[name] = { cycleMs, pieceMs, withDeliveriesMs: cpuMs() - begunAtMs, anyPieceMs: longestMs };
}
isMeasuring = false;
await Promise.all(told.map((deliveries) => deliveries.drain(AbortSignal.abort())));
await keeping.stop();
rmSync(directory, { recursive: true });
console.log(JSON.stringify(taken));

function deliveriesTo({ name, kind }) {
  const policy = {
    ...{ name, mode: 'send', send: 'on_change', repeatIntervalMs: 0, retries: 3, adopt: 'ours' },
    ...{ openAfter: { readings: 1 }, closeAfter: { readings: 1 } },
    match: { services: ['*'], environments: ['*'], minStatus: 1 },
  };
  const dashboard = {
    ...{ name, kind, tellsTogether: false, stop: () => undefined },
    abilities: { closes: true, lowers: true, attachesEvidence: false, forgets: false },
    preview: () => ({ target: '', body: '' }),
    renewSecrets: async () => false,
    tell: async () => {
      await nextTurn();
      return { outcome: 'sent' };
    },
  };
  return new Deliveries({
    ...{ dashboard, policy, ledger, journal, clock },
    ...{ chance: () => 0.5, maxDataAgeMs: 600_000 },
  });
}

/** User and system time of all threads. */
function cpuMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function begin() {
  begunAtMs = cpuMs();
  lastTurnMs = begunAtMs;
  longestMs = 0;
}

/** Has a turn whenever everything else has one. */
function count() {
  const nowMs = cpuMs();
  longestMs = Math.max(longestMs, nowMs - lastTurnMs);
  lastTurnMs = nowMs;
  if (isMeasuring) setImmediate(count);
}
