/** One cycle over many targets: order, concurrency, a convertor that is gone. */
import { expect, test } from 'vitest';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Action } from '../../src/model/incident.ts';
import type { Reading } from '../../src/model/reading.ts';
import type { Target } from '../../src/model/target.ts';
import { Absence } from '../../src/reporter/absence.ts';
import { Breaker } from '../../src/reporter/breaker.ts';
import { type CycleParts, runCycle } from '../../src/reporter/cycle.ts';
import type { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { startLoop } from '../../src/reporter/loop.ts';
import { UnderMaintenance } from '../../src/reporter/under-maintenance.ts';
import { FakeClock } from '../fake-clock.ts';
import { closing, everyPoll, silent, targetOf } from './cast.ts';

type World = {
  readonly parts: CycleParts;
  readonly clock: FakeClock;
  readonly asked: string[];
  readings: Reading[];
};

/** A convertor that answers after `answerMs`, or hangs for 10 s for the services that `hangs` names. */
function world(names: readonly string[], hangs: (service: string) => boolean, answerMs = 20): World {
  const clock = new FakeClock();
  const asked: string[] = [];
  const made: World = {
    clock,
    asked,
    readings: [],
    parts: {
      settings: {
        id: 'reporter',
        pollIntervalMs: 60_000,
        concurrency: 16,
        targets: names.map((name) => targetOf(name)),
        stateDir: 'auto',
      },
      readHealth: async (target) => {
        asked.push(target.service);
        const isHung = hangs(target.service);
        await new Promise<void>((resolve) => clock.after(isHung ? 10_000 : answerMs, resolve));
        if (isHung) throw new Failure('convertor', 'timeout', 'no answer');
        return { target, status: 0, timeMs: clock.now(), evidence: { triggered: [] } };
      },
      breaker: new Breaker(clock),
      absence: new Absence(clock),
      ledger: new Ledger({ put: () => undefined }),
      dashboards: () => [],
      maintenance: () => openMaintenance([]),
      underMaintenance: new UnderMaintenance(),
      settleIntents: (decide) => decide(),
      journal: { ...silent, cycleDone: (_ms, readings) => (made.readings = [...readings]) },
      clock,
    },
  };
  return made;
}

/** Runs one cycle and returns how long it took. */
async function cycle({ parts, clock }: World): Promise<number> {
  const startedMs = clock.monotonic();
  let endedMs = Number.NaN;
  const running = runCycle(parts, new AbortController().signal).then(() => {
    endedMs = clock.monotonic();
  });
  while (Number.isNaN(endedMs)) await clock.advance(10);
  await running;
  return endedMs - startedMs;
}

const names = (count: number, prefix = 's') => Array.from({ length: count }, (_, at) => `${prefix}${at}`);

test('a thousand targets answered after 20 ms take a sixteenth of the time of one after the other', async () => {
  const made = world(names(1000), () => false);
  expect(await cycle(made)).toBeLessThanOrEqual(1_300);
  expect(made.readings).toHaveLength(1000);
  expect(new Set(made.asked).size).toBe(1000);
});

test('a convertor that swallows everything costs one time-out and a probe, then a probe a cycle', async () => {
  const made = world(names(300), () => true);
  expect(await cycle(made)).toBe(20_000);
  expect(made.asked.length).toBeLessThanOrEqual(19);
  expect(made.readings).toHaveLength(300);
  made.asked.length = 0;
  expect(await cycle(made)).toBe(10_000);
  expect(made.asked).toHaveLength(1);
});

test('when the probe is answered all targets are asked in the same cycle', async () => {
  let isGone = true;
  const made = world(names(100), () => isGone);
  await cycle(made);
  isGone = false;
  made.asked.length = 0;
  await cycle(made);
  expect(new Set(made.asked).size).toBe(100);
  expect(made.readings.every((reading) => reading.status === 0)).toBe(true);
});

test('services that hang do not starve those behind them, whatever their number', async () => {
  const made = world([...names(40, 'hung'), ...names(60)], (service) => service.startsWith('hung'));
  for (let turn = 0; turn < 4; turn++) await cycle(made);
  const healthy = () => made.readings.filter((reading) => reading.status === 0);
  expect(healthy()).toHaveLength(60);
  await cycle(made);
  expect(healthy()).toHaveLength(60);
});

test('silence about a target with `absent` becomes its status after the time that it names', async () => {
  const made = world(['api'], () => true);
  const target = targetOf('api', { afterMs: 15 * 60_000, status: 2 });
  const parts = { ...made.parts, settings: { ...made.parts.settings, targets: [target] } };
  const status = async () => {
    await cycle({ ...made, parts });
    return made.readings[0]?.status;
  };
  expect(await status()).toBeUndefined();
  await made.clock.advance(14 * 60_000);
  expect(await status()).toBeUndefined();
  await made.clock.advance(60_000);
  expect(await status()).toBe(2);
});

test('silence counts from when a target was heard of, with or without `absent`', async () => {
  let isGone = false;
  const made = world(['api'], () => isGone);
  const status = async (absent?: Target['absent']) => {
    const settings = { ...made.parts.settings, targets: [targetOf('api', absent)] };
    await cycle({ ...made, parts: { ...made.parts, settings } });
    return made.readings[0]?.status;
  };
  const absent = { afterMs: 15 * 60_000, status: 2 } as const;
  expect(await status(absent)).toBe(0);
  await made.clock.advance(60 * 60_000);
  expect(await status()).toBe(0);
  isGone = true;
  expect(await status(absent)).toBeUndefined();
});

/** Starts of cycles in seconds, when each cycle takes as long as `takesMs` says. */
async function beats(takesMs: readonly number[], intervalMs: number, untilMs: number) {
  const made = world(['api'], () => false);
  const { clock } = made;
  const starts: number[] = [];
  let skipped = 0;
  const loop = startLoop({
    ...made.parts,
    settings: { ...made.parts.settings, pollIntervalMs: intervalMs },
    journal: { ...silent, cyclesSkipped: (count) => (skipped += count) },
    readHealth: async (target) => {
      starts.push(clock.monotonic() / 1000);
      await new Promise<void>((resolve) => clock.after(takesMs[starts.length - 1] ?? 0, resolve));
      return { target, status: 0, timeMs: clock.now(), evidence: { triggered: [] } };
    },
  });
  await clock.advance(untilMs);
  await Promise.all([loop.stop(), clock.advance(0)]);
  return { starts, skipped };
}

test('the first cycle starts at once, the others start to start', async () => {
  expect(await beats([5_000, 9_999, 0], 10_000, 35_000)).toEqual({ starts: [0, 10, 20, 30], skipped: 0 });
});

test('a cycle that is late is skipped, never doubled', async () => {
  expect(await beats([25_000, 0], 10_000, 45_000)).toEqual({ starts: [0, 30, 40], skipped: 2 });
});

test('a reload that shortens the interval moves the next beat', async () => {
  const made = world(['api'], () => false);
  const loop = startLoop({ ...made.parts, settings: { ...made.parts.settings, pollIntervalMs: 86_400_000 } });
  await made.clock.advance(1_000);
  const taken = loop.replace({ ...made.parts, settings: { ...made.parts.settings, pollIntervalMs: 5_000 } });
  await made.clock.advance(4_000);
  await taken;
  expect(made.asked).toHaveLength(2);
  await Promise.all([loop.stop(), made.clock.advance(20)]);
});

/** Deliveries that only write down what they are given. */
function scribe(name: string, given: string[], settled: () => boolean): Deliveries {
  return {
    parts: { policy: { ...everyPoll, name }, dashboard: { abilities: closing } },
    look: () => undefined,
    accepts: () => true,
    release: () => undefined,
    withdraw: () => undefined,
    offer: (actions: readonly Action[]) => {
      expect(settled()).toBe(true);
      given.push(...actions.map(({ reading }) => `${name} ${reading.target.service}`));
    },
  } as unknown as Deliveries;
}

/** One that is found out `afterMs` later; the next cycle begins after a minute. */
async function late(afterMs: number) {
  const { parts, clock } = world(['api'], () => false);
  const given: string[] = [];
  let settles = 0;
  let isSettled = false;
  const open = (name: string) => scribe(name, given, () => isSettled);
  const loop = startLoop({
    ...parts,
    readHealth: async (target) => ({ target, status: 1, timeMs: clock.now(), evidence: { triggered: [] } }),
    dashboards: () => [
      (use) => void clock.after(afterMs, () => use(open('late'))),
      (use) => use(open('one')),
      (use) => use(open('two')),
    ],
    settleIntents: async (decide) => {
      await decide();
      settles++;
      isSettled = false;
      await new Promise<void>((resolve) => clock.after(100, resolve));
      isSettled = true;
    },
  });
  await clock.advance(59_000);
  const firstCycle = [...given];
  await clock.advance(1_500);
  await Promise.all([loop.stop(), clock.advance(0)]);
  const { incident } = parts.ledger.get({ ...everyPoll, name: 'late' }, targetOf('api').key);
  return { firstCycle, both: given, settles, isDecided: incident !== undefined };
}

test('a dashboard that is found out late is told with the readings of the cycle, and nobody waits for it', async () => {
  const { firstCycle, settles } = await late(30_000);
  expect(firstCycle).toEqual(['one api', 'two api', 'late api']);
  // Those that are known share one write.
  expect(settles).toBe(3);
});

test('one that is found out when the next cycle has begun is not told of the old readings', async () => {
  const { both, isDecided } = await late(60_300);
  expect(both).toEqual(['one api', 'two api', 'one api', 'two api']);
  expect(isDecided).toBe(false);
});

test('one whose intents are on disk when the next cycle has begun is left to that', async () => {
  const { both, isDecided } = await late(59_950);
  expect(both).toEqual(['one api', 'two api', 'one api', 'two api']);
  expect(isDecided).toBe(true);
});
