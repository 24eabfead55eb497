/** One target that a dashboard cannot take keeps none of the others from being told, whatever is done first. */
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { oneByOne } from '../../src/dashboards/one-by-one.ts';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { SharedDashboard, Telling } from '../../src/model/dashboard.ts';
import { Failure, type FailureReason } from '../../src/model/failure.ts';
import type { Status } from '../../src/model/status.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, plainDashboard, silent, targetOf } from './cast.ts';

type Statuses = Readonly<Record<string, Status>>;

/** A dashboard that closes first, and fails at these. */
function setUp(services: readonly string[]) {
  const clock = new FakeClock();
  const targets = services.map((service) => targetOf(service));
  const failing = new Map<string, FailureReason>();
  const open = new Set<string>();
  const attempts: string[] = [];
  const tell = ({ action: { type, reading } }: Telling) => {
    const { service } = reading.target;
    attempts.push(service);
    const reason = failing.get(service);
    if (reason) throw new Failure('dashboard', reason, 'no');
    if (type === 'close') open.delete(service);
    else open.add(service);
  };
  const dashboard: SharedDashboard = {
    ...plainDashboard,
    tellsTogether: true,
    find: async () => ({ ours: [], unowned: [] }),
    tellAll: async (tellings, settle) => {
      const parts = [...tellings]
        .sort((a, b) => Number(b.action.type === 'close') - Number(a.action.type === 'close'))
        .map((telling) => ({
          tellings: [telling],
          tell: async (settleOne: typeof settle) => {
            tell(telling);
            settleOne(telling, { outcome: 'sent' });
          },
        }));
      await oneByOne(parts, settle);
    },
  };
  const ledger = new Ledger({ put: () => undefined });
  const policy = { ...everyPoll, send: 'on_change' } as const;
  const parts = { dashboard, policy, ledger, journal: silent, clock, chance: () => 0, maxDataAgeMs: 600_000 };
  const deliveries = new Deliveries(parts);
  const cycle = async (statuses: Statuses) => {
    await runCycle(
      {
        settings: { id: 'reporter', pollIntervalMs: 60_000, concurrency: 1, targets, stateDir: 'auto' },
        readHealth: async (target) => {
          const status = statuses[target.service] ?? 0;
          return { target, status, timeMs: clock.now(), evidence: { triggered: [] } };
        },
        breaker: new Breaker(clock),
        absence: new Absence(clock),
        ledger,
        dashboards: () => [(use) => use(deliveries)],
        maintenance: () => openMaintenance([]),
        underMaintenance: new UnderMaintenance(),
        settleIntents: (decide) => decide(),
        journal: silent,
        clock,
      },
      new AbortController().signal,
    );
    const idle = deliveries.idle().then(() => true);
    while (!(await Promise.race([idle, turn(false)]))) {
      if (clock.waiting.length > 0) await clock.advance(Math.min(...clock.waiting));
    }
    await clock.advance(60_000 - (clock.monotonic() % 60_000));
  };
  return { failing, open, attempts, cycle };
}

const reasons: readonly FailureReason[] = ['timeout', 'failed'];

for (const reason of reasons) {
  test(`${reason}: what cannot be opened keeps no other from being opened, in the same cycle`, async () => {
    const on = setUp(['a', 'b', 'c']);
    on.failing.set('a', reason);
    await on.cycle({ a: 1, b: 1, c: 1 });
    expect([...on.open].sort()).toEqual(['b', 'c']);
  });

  test(`${reason}: of many two keep failing, and all others are told`, async () => {
    const services = Array.from({ length: 40 }, (_, index) => `s${index}`);
    const on = setUp(services);
    on.failing.set('s0', reason).set('s1', reason);
    await on.cycle(Object.fromEntries(services.map((service) => [service, 1])));
    expect(on.open.size).toBe(38);
  });

  test(`${reason}: what cannot be closed keeps nothing from being opened, which is told later`, async () => {
    const on = setUp(['a', 'b']);
    await on.cycle({ a: 1 });
    on.failing.set('a', reason);
    await on.cycle({ a: 0, b: 3 });
    expect([...on.open]).toEqual(['a', 'b']);
    on.failing.delete('a');
    await on.cycle({ a: 0, b: 3 });
    expect([...on.open]).toEqual(['b']);
  });

  test(`${reason}: what fails is tried again in each cycle, after the others`, async () => {
    const on = setUp(['a', 'b', 'c']);
    on.failing.set('a', reason);
    await on.cycle({ a: 1 });
    on.attempts.length = 0;
    await on.cycle({ a: 1, b: 1, c: 1 });
    expect(on.attempts).toEqual(['b', 'c', 'a', 'a', 'a', 'a']);
  });
}

test('a dashboard that is away makes nobody a suspect', async () => {
  const on = setUp(['a', 'b']);
  on.failing.set('a', 'unreachable').set('b', 'unreachable');
  await on.cycle({ a: 1, b: 1 });
  expect(on.attempts).toEqual(['a', 'a', 'a', 'a']);
});
