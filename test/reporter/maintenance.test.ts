/** What dashboards are told about a target that is under maintenance: nothing, until it is over. */
import { expect, test } from 'vitest';
import type { Maintenance } from '../../src/maintenance/settings.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { Telling } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { Status } from '../../src/model/status.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { FakeClock } from '../fake-clock.ts';
import { closing, everyPoll, silent, targetOf } from './cast.ts';

const minuteMs = 60_000;
const onChange: Policy = { ...everyPoll, send: 'on_change' };

/** A reporter whose dashboard closes, and takes all but what `refuses` names; a cycle is a minute. */
function stage(policy: Policy, refuses: (service: string) => boolean = () => false) {
  const clock = new FakeClock();
  const startMs = clock.now();
  const happened: string[] = [];
  const say = (what: string) => happened.push(`${Math.floor((clock.now() - startMs) / minuteMs)} ${what}`);
  let statuses: Readonly<Record<string, Status | undefined>> = {};
  let windows = openMaintenance([]);
  const ledger = new Ledger({ put: () => undefined });
  const journal = {
    ...silent,
    recorded: ({ type, reading }: { type: string; reading: { target: { service: string } } }) =>
      say(`would ${type} ${reading.target.service}`),
    maintenanceBegan: ({ service }: { service: string }) => say(`begun ${service}`),
    maintenanceOver: ({ service }: { service: string }) => say(`over ${service}`),
  };
  const dashboard = {
    name: 'default',
    kind: 'fake',
    abilities: closing,
    tellsTogether: false as const,
    preview: () => [],
    tell: async ({ action: { type, status, reading } }: Telling) => {
      const { service } = reading.target;
      say(`${type} ${service} ${status}`);
      if (refuses(service)) throw new Failure('dashboard', 'failed', 'no');
      return { outcome: 'sent' as const };
    },
    renewSecrets: async () => false,
    stop: () => undefined,
  };
  const parts = { dashboard, policy, ledger, journal, clock, chance: () => 0, maxDataAgeMs: 600_000 };
  const deliveries = new Deliveries(parts);
  const cycle = {
    settings: {
      id: 'reporter',
      pollIntervalMs: minuteMs,
      concurrency: 1,
      targets: ['api', 'web'].map((name) => targetOf(name)),
      stateDir: 'auto',
    },
    readHealth: async (target: ReturnType<typeof targetOf>) => {
      const status = statuses[target.service];
      if (status === undefined) throw new Failure('convertor', 'failed', 'no answer');
      return { target, status, timeMs: clock.now(), evidence: { triggered: [] } };
    },
    breaker: new Breaker(clock),
    absence: new Absence(clock),
    ledger,
    dashboards: () => [(use: (one: Deliveries) => void) => use(deliveries)],
    maintenance: () => windows,
    underMaintenance: new UnderMaintenance(),
    settleIntents: (decide: () => Promise<void>) => decide(),
    journal,
    clock,
  };
  return {
    happened,
    /** A window of `api`, in minutes. */
    plan: (fromMinute: number, toMinute: number) => {
      const entry: Maintenance = {
        services: ['api'],
        environments: ['*'],
        fromMs: startMs + fromMinute * minuteMs,
        toMs: startMs + toMinute * minuteMs,
      };
      windows = openMaintenance([entry]);
    },
    cancel: () => {
      windows = openMaintenance([]);
    },
    /** One cycle, and the rest of its minute. */
    cycle: async (read: typeof statuses) => {
      statuses = read;
      void runCycle(cycle, new AbortController().signal);
      await clock.advance(minuteMs);
    },
  };
}

test('what begins under maintenance and goes on is told when it is over', async () => {
  const { plan, cycle, happened } = stage(onChange);
  plan(1, 3);
  await cycle({ api: 0, web: 0 });
  await cycle({ api: 2, web: 2 });
  await cycle({ api: 3, web: 2 });
  await cycle({ api: 3, web: 2 });
  expect(happened).toEqual(['1 begun api', '1 open web 2', '3 over api', '3 open api 3']);
});

test('what begins and ends within it is told to nobody', async () => {
  const { plan, cycle, happened } = stage(onChange);
  plan(0, 2);
  await cycle({ api: 3, web: 0 });
  await cycle({ api: 0, web: 0 });
  await cycle({ api: 0, web: 0 });
  expect(happened).toEqual(['0 begun api', '2 over api']);
});

test('what was open stays open, and is changed or closed when it is over', async () => {
  const { plan, cycle, cancel, happened } = stage(onChange);
  await cycle({ api: 1, web: 1 });
  plan(1, 3);
  await cycle({ api: 0, web: 0 });
  await cycle({ api: 3, web: 0 });
  await cycle({ api: 2, web: 0 });
  plan(4, 60);
  await cycle({ api: 0, web: 0 });
  cancel();
  await cycle({ api: 0, web: 0 });
  expect(happened).toEqual([
    '0 open api 1',
    '0 open web 1',
    '1 begun api',
    '1 close web 1',
    '3 over api',
    '3 change api 2',
    '4 begun api',
    '5 over api',
    '5 close api 2',
  ]);
});

test('where every poll is told, none is until it is over', async () => {
  const { plan, cycle, happened } = stage(everyPoll);
  await cycle({ api: 1, web: 0 });
  plan(1, 3);
  await cycle({ api: 1, web: 0 });
  await cycle({ api: undefined, web: 0 });
  await cycle({ api: 1, web: 0 });
  expect(happened).toEqual(['0 open api 1', '1 begun api', '3 over api', '3 repeat api 1']);
});

test('a delivery that is tried again and again ends', async () => {
  const forever = { ...onChange, retries: 10 };
  const { plan, cycle, happened } = stage(forever, (service) => service === 'api');
  const attempts = () => happened.filter((what) => what.includes('open api')).length;
  await cycle({ api: 1, web: 0 });
  expect(attempts()).toBe(6);
  plan(1, 10);
  // Also where nothing is known about the target by now.
  await cycle({ api: undefined, web: 0 });
  await cycle({ api: 1, web: 0 });
  expect(attempts()).toBe(6);
});

test('a dashboard in mode record writes down nothing about it either', async () => {
  const { plan, cycle, happened } = stage({ ...onChange, mode: 'record' });
  plan(0, 1);
  await cycle({ api: 1, web: 1 });
  await cycle({ api: 1, web: 1 });
  expect(happened).toEqual(['0 begun api', '0 would open web', '1 over api', '1 would open api']);
});

test('readings within it count neither for opening nor for closing, and it ends a row', async () => {
  const { plan, cycle, happened } = stage({ ...onChange, openAfter: { readings: 2 } });
  await cycle({ api: 1, web: 0 });
  plan(1, 3);
  await cycle({ api: 1, web: 0 });
  await cycle({ api: 0, web: 0 });
  await cycle({ api: 1, web: 0 });
  expect(happened).toEqual(['1 begun api', '3 over api']);
  await cycle({ api: 1, web: 0 });
  expect(happened.slice(2)).toEqual(['4 open api 1']);
});

test('a bad reading before it and one after it are no outage that lasted', async () => {
  const lasting = { ...onChange, openAfter: { durationMs: 5 * minuteMs } };
  const { plan, cycle, happened } = stage(lasting);
  await cycle({ api: 2, web: 2 });
  plan(1, 7);
  for (let minute = 1; minute < 7; minute++) await cycle({ api: 0, web: 0 });
  for (let minute = 7; minute < 12; minute++) await cycle({ api: 2, web: 0 });
  expect(happened).toEqual(['1 begun api', '7 over api']);
  await cycle({ api: 2, web: 0 });
  expect(happened.slice(2)).toEqual(['12 open api 2']);
});

test('a good reading before it and one after it are no recovery that lasted', async () => {
  const lasting = { ...onChange, closeAfter: { durationMs: 5 * minuteMs } };
  const { plan, cycle, happened } = stage(lasting);
  await cycle({ api: 2, web: 0 });
  await cycle({ api: 0, web: 0 });
  plan(2, 7);
  for (let minute = 2; minute < 7; minute++) await cycle({ api: 2, web: 0 });
  for (let minute = 7; minute < 12; minute++) await cycle({ api: 0, web: 0 });
  expect(happened).toEqual(['0 open api 2', '2 begun api', '7 over api']);
  await cycle({ api: 0, web: 0 });
  expect(happened.slice(3)).toEqual(['12 close api 2']);
});
