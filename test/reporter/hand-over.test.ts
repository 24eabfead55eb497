/** A reload, a hold or a removal between a decision and its answer: nothing is forgotten, nothing is told twice. */
import { expect, test } from 'vitest';
import { openMaintenance } from '../../src/maintenance/windows.ts';
import type { Abilities, Answer } from '../../src/model/dashboard.ts';
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
import { closing, everyPoll, plainDashboard, silent, targetOf } from './cast.ts';

const pollMs = 1_000;
const onChange: Policy = { ...everyPoll, send: 'on_change', retries: 0 };
const forgetting: Abilities = { ...closing, forgets: true };
const sent: Answer = { outcome: 'sent' };

/** One target, a dashboard that answers after `answerMs`, and a disk that takes what `whileSettling` takes. */
function setUp(policy: Policy, abilities: Abilities = closing) {
  const clock = new FakeClock();
  const ledger = new Ledger({ put: () => undefined });
  const target = targetOf('api');
  const told: string[] = [];
  let answerMs = 0;
  let answer: () => Answer = () => sent;
  let whileSettling = async (): Promise<void> => undefined;
  const open = (before?: Deliveries) =>
    new Deliveries(
      {
        dashboard: {
          ...plainDashboard,
          abilities,
          tellsTogether: false,
          tell: async ({ action }) => {
            told.push(`${action.type} ${clock.monotonic() / pollMs}`);
            if (answerMs > 0) await new Promise<void>((resolve) => void clock.after(answerMs, resolve));
            return answer();
          },
        },
        policy,
        ledger,
        journal: silent,
        clock,
        chance: () => 0,
        maxDataAgeMs: 600_000,
      },
      before,
    );
  let deliveries = open();
  const stop = new AbortController();

  async function cycle(status: Status | undefined): Promise<void> {
    const parts = {
      settings: { id: 'r', pollIntervalMs: pollMs, concurrency: 1, targets: [target], stateDir: 'auto' },
      readHealth: async () => {
        if (status === undefined) throw new Failure('convertor', 'stale', 'none');
        return { target, status, timeMs: clock.now(), evidence: { triggered: [] } };
      },
      breaker: new Breaker(clock),
      absence: new Absence(clock),
      ledger,
      dashboards: () => [(use: (found: Deliveries) => void) => use(deliveries)],
      maintenance: () => openMaintenance([]),
      underMaintenance: new UnderMaintenance(),
      settleIntents: async (decide: () => Promise<void>) => {
        await decide();
        const task = whileSettling;
        whileSettling = async () => undefined;
        await task();
      },
      journal: silent,
      clock,
    };
    await runCycle(parts, stop.signal);
    await clock.advance(pollMs);
  }

  return {
    clock,
    told,
    stop,
    cycle,
    cycles: async (count: number, status: Status | undefined) => {
      for (let at = 0; at < count; at++) await cycle(status);
    },
    reload: () => {
      const old = deliveries;
      deliveries = open(old);
      void old.handOver(new AbortController().signal);
    },
    standing: () => ledger.get(policy, target.key),
    answers: (afterMs: number, what: () => Answer = () => sent) => {
      answerMs = afterMs;
      answer = what;
    },
    whileSettling: (task: () => Promise<void> | void) => {
      whileSettling = async () => task();
    },
  };
}

const peace = () => {
  throw new Failure('dashboard', 'rate_limited', 'peace', { retryAfterMs: 3_600_000 });
};

test('an opening that is answered after a reload and a first healthy reading is closed', async () => {
  const on = setUp({ ...onChange, closeAfter: { readings: 2 } });
  on.answers(3_500);
  await on.cycle(2);
  on.reload();
  await on.cycles(20, 0);
  expect(on.told.map((each) => each.split(' ')[0])).toEqual(['open', 'close']);
  expect(on.standing().incident).toBeUndefined();
});

test('what a reload takes away while its intent is written leaves none, and reminders go on', async () => {
  const on = setUp(everyPoll, forgetting);
  await on.cycle(2);
  on.whileSettling(on.reload);
  await on.cycle(2);
  expect(on.standing().intended).toEqual([]);
  await on.cycles(3, undefined);
  expect(on.told).toEqual(['open 0', 'repeat 2', 'repeat 3', 'repeat 4']);
});

test('what a hold refuses that began while the intent was written leaves none', async () => {
  const on = setUp(onChange);
  on.answers(1_500, peace);
  await on.cycle(1);
  on.whileSettling(() => on.clock.advance(pollMs));
  await on.cycle(2);
  expect(on.told).toEqual(['open 0']);
  expect(on.standing().intended).toEqual([]);
});

test('what is given up while its intent is written again is sent by a later cycle, which writes it first', async () => {
  const on = setUp(onChange);
  on.answers(1_500, () => {
    throw new Failure('dashboard', 'failed', 'no');
  });
  await on.cycle(2);
  on.whileSettling(() => on.clock.advance(pollMs));
  await on.cycle(2);
  expect(on.told).toEqual(['open 0']);
  expect(on.standing().intended).toEqual([]);
  await on.cycle(2);
  expect(on.told).toEqual(['open 0', 'open 3']);
});

test('what was decided by a cycle that is over leaves no intent', async () => {
  const on = setUp(onChange);
  on.whileSettling(() => on.stop.abort());
  await on.cycle(2);
  expect(on.told).toEqual([]);
  expect(on.standing().intended).toEqual([]);
});

test('a dashboard that asked to be left alone is left alone after a withdrawal', async () => {
  const on = setUp({ ...onChange, closeAfter: { readings: 5 } });
  on.answers(2_500, peace);
  await on.cycle(1);
  await on.cycle(0);
  await on.cycles(10, 2);
  expect(on.told).toEqual(['open 0']);
});

test('a dashboard that asked to be left alone is left alone after a reload, too', async () => {
  const on = setUp(onChange);
  on.answers(0, peace);
  await on.cycle(2);
  on.reload();
  await on.cycles(3, 2);
  on.reload();
  await on.cycles(3, 2);
  expect(on.told).toEqual(['open 0']);
});

test('a dashboard that asks to be left alone during a reload is left alone', async () => {
  const on = setUp(onChange);
  on.answers(2_500, peace);
  await on.cycle(1);
  on.reload();
  await on.cycles(10, 2);
  expect(on.told).toEqual(['open 0']);
  expect(on.standing().intended).toEqual([]);
});
