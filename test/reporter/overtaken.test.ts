/** What waits for its turn is asked again when that has come: nothing goes out that is over, overtaken or too old. */
import { expect, test } from 'vitest';
import { oneByOne } from '../../src/dashboards/one-by-one.ts';
import { Budgets } from '../../src/http/rate.ts';
import { type Answer, type Dashboard, overtaken, type Telling } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Action, ActionType } from '../../src/model/incident.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { AlarmStatus } from '../../src/model/status.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { newStanding } from '../../src/reporter/standing.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, plainDashboard, silent, targetOf } from './cast.ts';

const sent: Answer = { outcome: 'sent' };
const minuteMs = 60_000;

/** A dashboard with a budget of one request in two minutes. */
function setUp(tellsTogether: boolean) {
  const clock = new FakeClock();
  const rate = new Budgets(clock).of('key', { requests: 1, perMs: 2 * minuteMs });
  const policy: Policy = { ...everyPoll, send: 'on_change', retries: 0 };
  const ledger = new Ledger({ put: () => undefined });
  const told: string[] = [];
  const outcomes: string[] = [];
  async function send({ action, isWanted }: Telling, signal: AbortSignal): Promise<Answer> {
    await rate.take(signal, isWanted);
    if (!isWanted()) throw overtaken();
    told.push(`${clock.monotonic() / minuteMs} ${action.idempotencyKey}`);
    return sent;
  }
  const dashboard: Dashboard = tellsTogether
    ? {
        ...plainDashboard,
        tellsTogether,
        tellAll: (tellings, settle, signal) =>
          oneByOne(
            tellings.map((telling) => ({
              tellings: [telling],
              tell: async (settleOne) => settleOne(telling, await send(telling, signal)),
            })),
            settle,
          ),
        find: async () => ({ ours: [], unowned: [] }),
      }
    : { ...plainDashboard, tellsTogether, tell: send };
  const deliveries = new Deliveries({
    dashboard,
    policy,
    ledger,
    journal: {
      ...silent,
      delivered: ({ idempotencyKey: key }, outcome, failure) =>
        void outcomes.push([key, outcome, failure?.reason].filter(Boolean).join(' ')),
    },
    clock,
    chance: () => 0,
    maxDataAgeMs: 10 * minuteMs,
  });
  const actionOf = (service: string, type: ActionType, status: AlarmStatus): Action => {
    const target = targetOf(service);
    const incident = { id: service, dashboard: 'default', members: [target], sinceMs: 0 };
    const standing = ledger.get(policy, target.key);
    ledger.set(policy, target.key, { ...newStanding, ...standing, incident });
    return {
      type,
      incident,
      status,
      timeMs: 0,
      reading: { target, status, timeMs: clock.now(), evidence: { triggered: [] } },
      idempotencyKey: `${service} ${type} ${status}`,
    };
  };
  return {
    told,
    outcomes,
    withdraw: (service: string) => deliveries.withdraw(targetOf(service)),
    intents: (service: string) => ledger.get(policy, targetOf(service).key).intended,
    /** As a cycle does. */
    give: (...actions: [service: string, type: ActionType, status: AlarmStatus][]) => {
      const made = actions.map((each) => actionOf(...each));
      for (const action of made) ledger.intend(policy, action);
      deliveries.offer(made);
      return clock.advance(0);
    },
    minutes: (count: number) => clock.advance(count * minuteMs),
  };
}

for (const tellsTogether of [false, true]) {
  const how = tellsTogether ? 'together' : 'apart';

  test(`what is withdrawn while it waits for its turn takes none, told ${how}`, async () => {
    const on = setUp(tellsTogether);
    await on.give(['a', 'open', 2], ['b', 'open', 2], ['c', 'open', 2]);
    on.withdraw('b');
    await on.minutes(5);
    expect(on.told).toEqual(['0 a open 2', '2 c open 2']);
    expect(on.outcomes).toEqual(['a open 2 sent', 'b open 2 superseded stopped', 'c open 2 sent']);
    expect(on.intents('b')).toEqual([]);
  });

  test(`an opening whose target recovers while it waits is not sent, nor is its close, told ${how}`, async () => {
    const on = setUp(tellsTogether);
    await on.give(['a', 'open', 2], ['b', 'open', 2], ['c', 'open', 2]);
    await on.give(['b', 'close', 2]);
    await on.minutes(9);
    expect(on.told).toEqual(['0 a open 2', '2 c open 2']);
    expect(on.outcomes).toContain('b open 2 superseded stopped');
    expect(on.outcomes).toContain('b close 2 superseded stopped');
    expect(on.intents('b')).toEqual([]);
  });

  test(`what only changes its degree while it waits keeps its turn, told ${how}`, async () => {
    const on = setUp(tellsTogether);
    await on.give(['a', 'open', 2], ['b', 'open', 1]);
    await on.give(['b', 'change', 2]);
    await on.minutes(5);
    expect(on.told).toEqual(['0 a open 2', '2 b open 1', '4 b change 2']);
  });

  test(`what has become too old while it waits for its turn is not sent, told ${how}`, async () => {
    const on = setUp(tellsTogether);
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'] as const;
    await on.give(...names.map((name) => [name, 'open', 2] as ['a', 'open', 2]));
    await on.minutes(20);
    expect(on.told.map((each) => each.split(' ')[1])).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    expect(on.outcomes.slice(6)).toEqual(['g open 2 superseded stale', 'h open 2 superseded stale']);
  });

  test(`what each cycle reads anew is not too old, told ${how}`, async () => {
    const on = setUp(tellsTogether);
    const all = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name) => [name, 'open', 2] as ['a', 'open', 2]);
    await on.give(...all);
    await on.minutes(9);
    await on.give(...all.slice(5));
    await on.minutes(11);
    expect(on.told).toHaveLength(8);
  });
}

test('a request that is stopped on its way is no message that nobody wants', async () => {
  const failure = new Failure('dashboard', 'stopped', 'stopped', { isAmbiguous: true });
  let isWanted = true;
  const telling = { isWanted: () => isWanted } as Telling;
  const tell = async () => {
    isWanted = false;
    throw failure;
  };
  await expect(oneByOne([{ tellings: [telling], tell }], () => undefined)).rejects.toBe(failure);
});
