/** A cycle over many targets decides in parts, between which everything else has its turn. */
import { expect, test } from 'vitest';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { Dashboard, Telling } from '../../src/model/dashboard.ts';
import { limits } from '../../src/model/limits.ts';
import type { Policy } from '../../src/model/policy.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { runCycle } from '../../src/reporter/cycle.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, plainDashboard, silent, targetOf } from './cast.ts';

const targets = Array.from({ length: 5 * limits.targetsAtOnce }, (_, at) => targetOf(`s${at}`));

/** Each look at it takes as long as a slice: there is a pause after every part. */
class SlowClock extends FakeClock {
  #spentMs = 0;
  override readonly monotonic = (): number => {
    this.#spentMs += limits.cycleSliceMs;
    return this.#spentMs;
  };
}

/** What happened, in order; `turn` is called whenever something else has its turn. */
function world(clock: FakeClock, turn: (count: number) => void = () => undefined) {
  const seen: string[] = [];
  let turns = 0;
  const ledger = new Ledger({ put: () => undefined });
  const parts = { ledger, journal: silent, clock, chance: () => 0, maxDataAgeMs: 600_000 };
  const open = (name: string, own: object) => {
    const policy: Policy = { ...everyPoll, name, send: 'on_change' };
    const common = { ...plainDashboard, name };
    return new Deliveries({ ...parts, policy, dashboard: { ...common, ...own } as unknown as Dashboard });
  };
  const together = open('together', {
    tellsTogether: true,
    find: async () => ({ ours: [], unowned: [] }),
    tellAll: async (tellings: readonly Telling[], settle: (telling: Telling, answer: object) => void) => {
      seen.push(`together ${tellings.length}`);
      for (const telling of tellings) settle(telling, { outcome: 'sent' });
    },
  });
  const apart = open('apart', {
    tellsTogether: false,
    tell: async ({ action }: Telling) => {
      seen.push(action.reading.target.service);
      return { outcome: 'sent' };
    },
  });
  const all = [together, apart];
  const cycle = (stop: AbortSignal) =>
    runCycle(
      {
        settings: { id: 'reporter', pollIntervalMs: 60_000, concurrency: 1, targets, stateDir: 'auto' },
        readHealth: async (target) => ({
          target,
          status: 1,
          timeMs: clock.now(),
          evidence: { triggered: [] },
        }),
        breaker: new Breaker(clock),
        absence: new Absence(clock),
        ledger,
        dashboards: () => all.map((deliveries) => (use) => use(deliveries)),
        maintenance: () => openMaintenance([]),
        underMaintenance: new UnderMaintenance(),
        settleIntents: async (decide) => {
          await decide();
          seen.push('settled');
        },
        journal: silent,
        clock: {
          now: clock.now,
          monotonic: clock.monotonic,
          after: clock.after,
          soon: (task) =>
            clock.soon(() => {
              turn(++turns);
              task();
            }),
        },
      },
      stop,
    );
  const standings = () =>
    all.flatMap(({ parts: { policy } }) => targets.map(({ key }) => ledger.get(policy, key)));
  return {
    seen,
    cycle,
    standings,
    turns: () => turns,
    idle: () => Promise.all(all.map((one) => one.idle())),
    reload: () => void all.map((one) => one.handOver(AbortSignal.abort())),
  };
}

const never = new AbortController().signal;

test('what one slice is enough for is decided and handed over in one turn', async () => {
  const { cycle, turns } = world(new FakeClock());
  await cycle(never);
  expect(turns()).toBe(0);
});

test('everything else has its turn after each part, and all is settled once before anything is sent', async () => {
  const { cycle, turns, seen, idle } = world(new SlowClock());
  await cycle(never);
  await idle();
  // Five looks at the maintenance, five parts and one word for the one, five parts handed to the other.
  expect(turns()).toBeGreaterThanOrEqual(20);
  expect(seen.slice(0, 2)).toEqual(['settled', `together ${targets.length}`]);
  expect(seen.slice(2)).toEqual(targets.map(({ service }) => service));
});

test('a stop between any two parts leaves nothing intended that is not sent', async () => {
  const whole = world(new SlowClock());
  await whole.cycle(never);
  for (let stopAt = 1; stopAt <= whole.turns(); stopAt++) {
    const stop = new AbortController();
    const { cycle, standings, idle, seen } = world(new SlowClock(), (count) => {
      if (count === stopAt) stop.abort();
    });
    await cycle(stop.signal);
    await idle();
    const left = standings().filter(({ told, intended }) => told === undefined && intended.length > 0);
    expect(left, `stopped after part ${stopAt}`).toEqual([]);
    const told = standings().filter(({ told: taken }) => taken !== undefined).length;
    const sent = seen.filter((what) => what.startsWith('s') && what !== 'settled').length;
    expect(told).toBe(sent + (seen.some((what) => what.startsWith('together')) ? targets.length : 0));
  }
});

test('a reload between any two parts leaves nothing intended that is not sent', async () => {
  for (let reloadAt = 1; reloadAt <= 20; reloadAt++) {
    const { cycle, standings, idle, reload } = world(new SlowClock(), (count) => {
      if (count === reloadAt) reload();
    });
    await cycle(never);
    await idle();
    const left = standings().filter(({ told, intended }) => told === undefined && intended.length > 0);
    expect(left, `reloaded after part ${reloadAt}`).toEqual([]);
  }
});
