/** What is withdrawn, replaced or overtaken while it waits or is under way: nothing of it is lost, nothing is sent. */
import { expect, test } from 'vitest';
import type { Answer, Dashboard } from '../../src/model/dashboard.ts';
import { Failure } from '../../src/model/failure.ts';
import type { Action, ActionType } from '../../src/model/incident.ts';
import type { Policy } from '../../src/model/policy.ts';
import type { AlarmStatus } from '../../src/model/status.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { newStanding } from '../../src/reporter/standing.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, plainDashboard, silent, targetOf } from './cast.ts';

type End = (result: Answer | Failure) => void;

/** Each attempt waits until the test ends it. */
function setUp(retries = 3) {
  const clock = new FakeClock();
  const policy: Policy = { ...everyPoll, send: 'on_change', retries };
  const ledger = new Ledger({ put: () => undefined });
  const attempts: { readonly key: string; readonly end: End }[] = [];
  const outcomes: string[] = [];
  const attempt = (key: string) =>
    new Promise<Answer>((resolve, reject) => {
      attempts.push({
        key,
        end: (result) => (result instanceof Failure ? reject(result) : resolve(result)),
      });
    });
  const separate: Dashboard = {
    ...plainDashboard,
    tellsTogether: false,
    tell: ({ action }) => attempt(action.idempotencyKey),
  };
  const shared: Dashboard = {
    ...plainDashboard,
    tellsTogether: true,
    tellAll: async (tellings, settle) => {
      for (const telling of tellings) settle(telling, await attempt(telling.action.idempotencyKey));
    },
    find: async () => {
      await attempt('look');
      return { ours: [], unowned: [] };
    },
  };
  const open = (dashboard: Dashboard) =>
    new Deliveries({
      dashboard,
      policy,
      ledger,
      journal: {
        ...silent,
        delivered: ({ idempotencyKey: key }, outcome) => void outcomes.push(`${key} ${outcome}`),
      },
      clock,
      chance: () => 0,
      maxDataAgeMs: 600_000,
    });
  const target = targetOf('api');
  const incident = { id: 'i', dashboard: 'default', members: [target], sinceMs: 0 };
  const actionOf = (key: string, type: ActionType, status: AlarmStatus): Action => ({
    type,
    incident,
    status,
    timeMs: clock.now(),
    reading: { target, status, timeMs: clock.now(), evidence: { triggered: [] } },
    idempotencyKey: key,
  });
  ledger.set(policy, target.key, { ...newStanding, incident });
  return {
    clock,
    policy,
    ledger,
    attempts,
    outcomes,
    target,
    separate,
    shared,
    open,
    actionOf,
    standing: () => ledger.get(policy, target.key),
    /** As a cycle does. */
    give: async (deliveries: Deliveries, action: Action) => {
      ledger.intend(policy, action);
      deliveries.offer([action]);
      await clock.advance(0);
    },
  };
}

const refused = new Failure('dashboard', 'failed', 'no');
const sent: Answer = { outcome: 'sent' };

test('what is withdrawn while another is under way leaves the intent of that one', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  await on.give(deliveries, on.actionOf('two', 'change', 2));
  expect(on.standing().intended.map(({ key }) => key)).toEqual(['one', 'two']);
  deliveries.withdraw(on.target);
  expect(on.standing().intended.map(({ key }) => key)).toEqual(['one']);
  on.attempts[0]?.end(sent);
  await on.clock.advance(0);
  expect(on.standing()).toMatchObject({ told: { status: 1 }, intended: [] });
});

test('what is replaced before its turn leaves no intent', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  await on.give(deliveries, on.actionOf('two', 'change', 2));
  await on.give(deliveries, on.actionOf('three', 'change', 3));
  expect(on.standing().intended.map(({ key }) => key)).toEqual(['one', 'three']);
});

test('what is withdrawn before its turn leaves no intent', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  for (let at = 0; at < 16; at++) {
    const target = targetOf(`s${at}`);
    const busy = on.actionOf(`s${at}`, 'open', 1);
    on.ledger.set(on.policy, target.key, { ...newStanding, incident: { ...busy.incident, id: target.key } });
    await on.give(deliveries, {
      ...busy,
      incident: { ...busy.incident, id: target.key, members: [target] },
      reading: { ...busy.reading, target },
    });
  }
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  expect(on.attempts).toHaveLength(16);
  deliveries.withdraw(on.target);
  expect(on.standing().intended).toEqual([]);
  await on.give(deliveries, on.actionOf('two', 'open', 2));
  const over = new AbortController();
  over.abort();
  void deliveries.drain(over.signal);
  expect(on.standing().intended).toEqual([]);
});

test('what failed after it was withdrawn is no trouble', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  deliveries.withdraw(on.target);
  on.attempts[0]?.end(refused);
  await on.clock.advance(60_000);
  expect(on.outcomes).toEqual(['one superseded']);
  expect(on.standing()).toMatchObject({ trouble: undefined, intended: [] });
});

test('what nobody delivers is no intent', () => {
  const on = setUp();
  on.ledger.intend(on.policy, on.actionOf('one', 'open', 1));
  on.open(on.separate).withdraw(on.target);
  expect(on.standing().intended).toEqual([]);
});

test('what came while the last attempt failed is left to the next cycle, without an intent', async () => {
  const on = setUp(0);
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  await on.give(deliveries, on.actionOf('two', 'open', 2));
  on.attempts[0]?.end(refused);
  await on.clock.advance(60_000);
  expect(on.attempts).toHaveLength(1);
  expect(on.standing().intended).toEqual([]);
});

test('the end of what nobody heard of is not sent', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('open', 'open', 1));
  await on.give(deliveries, on.actionOf('close', 'close', 1));
  on.attempts[0]?.end(refused);
  await on.clock.advance(60_000);
  expect(on.attempts.map(({ key }) => key)).toEqual(['open']);
  expect(on.outcomes).toEqual(['close superseded']);
  expect(on.standing().incident).toBeUndefined();
});

test('the end of what may have arrived is sent', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('open', 'open', 1));
  await on.give(deliveries, on.actionOf('close', 'close', 1));
  on.attempts[0]?.end(new Failure('dashboard', 'timeout', 'no', { isAmbiguous: true }));
  await on.clock.advance(2_000);
  on.attempts[1]?.end(sent);
  await on.clock.advance(0);
  expect(on.attempts.map(({ key }) => key)).toEqual(['open', 'close']);
  expect(on.standing().incident).toBeUndefined();
});

test('what belongs to an incident that is gone is not sent', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  on.attempts[0]?.end(refused);
  await on.clock.advance(0);
  on.ledger.set(on.policy, on.target.key, newStanding);
  await on.clock.advance(60_000);
  expect(on.attempts).toHaveLength(1);
  expect(on.outcomes).toEqual(['one superseded']);
});

test('what was acknowledged meanwhile is not sent', async () => {
  const on = setUp();
  const deliveries = on.open(on.separate);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  on.attempts[0]?.end(refused);
  await on.clock.advance(0);
  on.ledger.acknowledge(on.policy, on.actionOf('other', 'open', 1), 0);
  await on.clock.advance(60_000);
  expect(on.attempts).toHaveLength(1);
});

test('a dashboard is looked at when nothing is being told, and told when it was looked at', async () => {
  const on = setUp();
  const deliveries = on.open(on.shared);
  await on.give(deliveries, on.actionOf('one', 'open', 1));
  deliveries.look([on.target]);
  await on.clock.advance(0);
  expect(on.attempts.map(({ key }) => key)).toEqual(['one']);
  on.attempts[0]?.end(sent);
  await on.clock.advance(0);
  expect(on.attempts.map(({ key }) => key)).toEqual(['one', 'look']);
  await on.give(deliveries, on.actionOf('two', 'change', 2));
  expect(on.attempts).toHaveLength(2);
  on.attempts[1]?.end(sent);
  await on.clock.advance(0);
  expect(on.attempts.map(({ key }) => key)).toEqual(['one', 'look', 'two']);
});
