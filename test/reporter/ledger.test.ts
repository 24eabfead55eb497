/** What the reporter remembers, and what of it is put on the shelf. */
import { expect, test } from 'vitest';
import { limits } from '../../src/model/limits.ts';
import type { Policy } from '../../src/model/policy.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import {
  doubting,
  type Intended,
  mayRepeat,
  newStanding,
  type Standing,
} from '../../src/reporter/standing.ts';
import { everyPoll, targetOf } from './cast.ts';

const policy: Policy = { ...everyPoll, send: 'on_change' };
const api = targetOf('api');
const incident = { id: 'i', dashboard: 'default', members: [api], sinceMs: 0 };
const action = {
  type: 'open',
  incident,
  status: 1,
  timeMs: 0,
  reading: { target: api, status: 1, timeMs: 0, evidence: { triggered: [] } },
  idempotencyKey: 'key',
} as const;

function setUp(standing: Partial<Standing> = {}) {
  const shelf = new Map<string, string>();
  const puts: string[] = [];
  const put = (key: string, value: object | undefined) => {
    puts.push(key);
    if (value) shelf.set(key, JSON.stringify(value));
    else shelf.delete(key);
  };
  const ledger = new Ledger({ put });
  ledger.set(policy, api.key, { ...newStanding, incident, ...standing });
  const restart = () =>
    new Ledger({ put }, new Map([...shelf].map(([key, text]) => [key, JSON.parse(text)])));
  return { ledger, shelf, puts, restart, get: () => ledger.get(policy, api.key) };
}

test('what was handed over and not answered is in doubt after a restart', () => {
  const { ledger, restart } = setUp();
  ledger.intend(policy, action);
  const restored = restart().get(policy, api.key);
  expect(restored.intended).toEqual([]);
  expect(restored.doubts).toEqual([{ key: 'key', type: 'open', status: 1 }]);
});

test('a doubt is on the shelf at once', () => {
  const { ledger, restart } = setUp();
  ledger.doubt(policy, action);
  expect(restart().get(policy, api.key).doubts).toHaveLength(1);
});

test('what changes nothing is not written again', () => {
  const { ledger, puts, get } = setUp();
  ledger.acknowledge(policy, action, 5);
  const before = puts.length;
  const above = { firstMs: 0, newestMs: 60_000, readings: 2 };
  ledger.set(policy, api.key, { ...get(), above });
  ledger.set(policy, api.key, { ...get(), above: { ...above, newestMs: 120_000, readings: 3 } });
  expect(puts.length - before).toBe(1);
});

test('where every poll is told, a repeat is not written', () => {
  const shelved: unknown[] = [];
  const ledger = new Ledger({ put: (_key, value) => shelved.push(value) });
  ledger.set(everyPoll, api.key, { ...newStanding, incident });
  ledger.intend(everyPoll, action);
  ledger.acknowledge(everyPoll, action, 5);
  const before = shelved.length;
  for (let atMs = 10; atMs < 20; atMs++) {
    const repeat = { ...action, type: 'repeat', idempotencyKey: String(atMs) } as const;
    ledger.intend(everyPoll, repeat);
    ledger.acknowledge(everyPoll, repeat, atMs);
  }
  expect(shelved.length).toBe(before);
  ledger.intend(everyPoll, { ...action, type: 'close', idempotencyKey: 'close' });
  expect(shelved.at(-1)).toMatchObject({ intended: [{ type: 'close' }] });
});

test('what is under way and what waits behind it are in doubt after a restart', () => {
  const { ledger, get, restart } = setUp();
  ledger.intend(policy, action);
  ledger.intend(policy, action);
  ledger.intend(policy, { ...action, status: 2, idempotencyKey: 'newer' });
  expect(
    restart()
      .get(policy, api.key)
      .doubts.map(({ key }) => key),
  ).toEqual(['key', 'newer']);
  ledger.retain(policy, api.key, [action]);
  expect(get().intended.map(({ key }) => key)).toEqual(['key']);
  ledger.retain(policy, api.key, []);
  expect(restart().get(policy, api.key).doubts).toEqual([]);
});

test('a trouble stays with its beginning until something is acknowledged', () => {
  const { ledger, get } = setUp();
  ledger.giveUp(policy, action, { reason: 'failed', text: 'one', sinceMs: 1 });
  ledger.giveUp(policy, action, { reason: 'failed', text: 'two', sinceMs: 2 });
  expect(get().trouble).toEqual({ reason: 'failed', text: 'one', sinceMs: 1 });
  ledger.giveUp(policy, action, undefined);
  expect(get().trouble?.sinceMs).toBe(1);
  ledger.giveUp(policy, action, { reason: 'timeout', text: 'three', sinceMs: 3 });
  expect(get().trouble?.sinceMs).toBe(3);
  ledger.acknowledge(policy, action, 4);
  expect(get().trouble).toBeUndefined();
});

test('only so many open incidents are remembered of what is gone, the ones that went last', () => {
  const ledger = new Ledger({ put: () => undefined });
  const told = { status: 1, atMs: 0 } as const;
  for (let at = 0; at <= limits.leftMax; at++) {
    ledger.set(policy, `t${at}`, { ...newStanding, incident, told, leftMs: at + 1 });
  }
  expect(ledger.keepOnly([policy], [], 20_000)).toEqual([]);
  expect(ledger.get(policy, 't0')).toBe(newStanding);
  expect(ledger.get(policy, 't1').told).toBe(told);
});

test('a dashboard that is not told about a target any more hears nothing of it beside others', () => {
  const { ledger } = setUp({ told: { status: 1, atMs: 0 }, reference: 'p8x' });
  expect(ledger.told(policy, [api])).toEqual([{ target: api, status: 1, reference: 'p8x' }]);
  ledger.keepOnly([policy], [], 1);
  expect(ledger.told(policy, [api])).toEqual([]);
});

test('what was only recorded is not left open when it is gone', () => {
  const ledger = new Ledger({ put: () => undefined });
  const recorded: Policy = { ...policy, mode: 'record' };
  ledger.set(recorded, api.key, { ...newStanding, incident, told: { status: 1, atMs: 0 } });
  expect(ledger.keepOnly([policy], [], 1)).toEqual([]);
  expect(ledger.get(recorded, api.key)).toBe(newStanding);
});

test('what was only recorded ends with the mode, and a later record begins anew', () => {
  const { ledger, shelf } = setUp();
  const recorded: Policy = { ...policy, mode: 'record' };
  ledger.set(recorded, api.key, { ...newStanding, incident, told: { status: 1, atMs: 0 } });
  ledger.keepOnly([recorded], [api], 1);
  expect(ledger.get(recorded, api.key).told?.status).toBe(1);
  ledger.keepOnly([policy], [api], 1);
  expect(ledger.get(recorded, api.key)).toBe(newStanding);
  expect(ledger.get(policy, api.key).incident).toBe(incident);
  expect(shelf.size).toBe(1);
});

test.each([
  ['open_after', { openAfter: { readings: 4 } }, 'above', false, 4],
  ['close_after', { closeAfter: { readings: 4 } }, 'below', true, 4],
  ['a duration', { openAfter: { durationMs: 300_000 } }, 'above', false, 1],
  ['nothing more', {}, 'above', true, 1],
] as const)(
  'each reading of a row is written until it is long enough: %s',
  (_, given, side, isOpen, count) => {
    const { ledger, puts, restart } = setUp();
    const waiting = { ...policy, ...given };
    const before = { ...newStanding, incident: isOpen ? incident : undefined };
    const rowOf = (readings: number) => ({ firstMs: 9, newestMs: 9 + readings, readings });
    const written = puts.length;
    for (let readings = 1; readings <= 10; readings++) {
      ledger.set(waiting, api.key, { ...before, [side]: rowOf(readings) });
    }
    expect(puts.length - written).toBe(count);
    expect(restart().get(waiting, api.key)[side]?.readings).toBe(count);
  },
);

test('an end that the dashboard puts off leaves the incident open, and status says why', () => {
  const { ledger, get, puts, restart } = setUp({ told: { status: 1, atMs: 0 }, reference: 'p8x' });
  const close = { ...action, type: 'close', idempotencyKey: 'close' } as const;
  const end = () => {
    ledger.intend(policy, close);
    ledger.acknowledge(policy, close, 5, { outcome: 'suppressed', note: 'others are down' });
  };
  end();
  expect(restart().get(policy, api.key)).toMatchObject({ reference: 'p8x', suppressed: 'others are down' });
  expect(get()).toMatchObject({ told: { status: 1, atMs: 0 }, intended: [], trouble: undefined });
  ledger.acknowledge(policy, close, 6, { outcome: 'sent' });
  expect(get()).toEqual(newStanding);
  expect(puts.length).toBeLessThan(10);
});

test('an end that is put off keeps what may be open there', () => {
  const { ledger, get } = setUp();
  ledger.doubt(policy, action);
  const close = { ...action, type: 'close', idempotencyKey: 'close' } as const;
  ledger.acknowledge(policy, close, 5, { outcome: 'suppressed', note: 'others are down' });
  expect(get().doubts).toHaveLength(1);
});

test('a notice is shown again after it was taken away, and once as long as it is the same', () => {
  const { ledger, shelf, puts } = setUp();
  const window = { fromMs: 0, toMs: 60_000, reason: 'upgrade' };
  const key = JSON.stringify(['held', api.key]);
  const before = puts.length;
  for (let turn = 0; turn < 3; turn++) ledger.notices.held(api, window);
  expect(shelf.get(key)).toBe(
    '{"service":"api","environment":"production","untilMs":60000,"reason":"upgrade"}',
  );
  ledger.notices.held(api, undefined);
  ledger.notices.held(api, undefined);
  expect(shelf.has(key)).toBe(false);
  ledger.notices.held(api, window);
  expect(shelf.has(key)).toBe(true);
  expect(puts.length - before).toBe(3);
  ledger.keepOnly([policy], [], 0);
  expect(shelf.has(key)).toBe(false);
});

const open = (key: string, status: Intended['status']): Intended => ({ key, type: 'open', status });
const close: Intended = { key: 'c', type: 'close', status: 1 };

test.each([
  ['nothing was in doubt', [], undefined, open('a', 1), false],
  ['the same message was', [open('a', 1)], undefined, open('a', 1), true],
  ['another one was, which said the same', [open('a', 1)], undefined, open('b', 1), true],
  ['another one was, which said something else', [open('a', 1)], undefined, open('b', 2), false],
  ['an older one said the same', [open('a', 1), open('b', 2)], undefined, open('c', 1), true],
  ['a close was, and it says what was told before', [close], 1, open('d', 1), true],
  ['an open was that may not have come, and it closes', [open('a', 1)], undefined, close, true],
  ['a raise was, and it closes', [open('a', 2)], 1, close, false],
] as const)('whether a message may repeat another: %s', (_, doubts, status, message, expected) => {
  const standing = doubts.reduce<Standing>(doubting, {
    ...newStanding,
    ...(status && { told: { status, atMs: 0 } }),
  });
  expect(mayRepeat(standing, message, 'on_change')).toBe(expected);
});

test('where every poll is told, only the same message may repeat itself', () => {
  const standing = doubting(newStanding, open('a', 1));
  expect(mayRepeat(standing, open('b', 1), 'every_poll')).toBe(false);
  expect(mayRepeat(standing, open('a', 1), 'every_poll')).toBe(true);
});
