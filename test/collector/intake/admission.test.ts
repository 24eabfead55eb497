import { expect, test } from 'vitest';
import { openAdmission } from '../../../src/collector/intake/admission.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';

const address = '192.0.2.1';

function opened(rate: number) {
  const clock = new FakeClock();
  const settings = { rate };
  const admission = openAdmission(() => settings, clock);
  /** Seconds to wait for, or nothing. */
  const wait = (from = address): number | undefined => {
    const page = admission.admit(from);
    return page && Number(page.headers?.['retry-after']);
  };
  return {
    ...admission,
    clock,
    settings,
    wait,
    /** So many at once, where they are let in. */
    bring: (count: number, from = address): number | undefined => {
      const seconds = wait(from);
      if (seconds === undefined) admission.settle(from, count);
      return seconds;
    },
  };
}

test('whoever is above the rate hears how long to wait', () => {
  const { admit, bring } = opened(10);
  bring(10);
  expect(admit(address)).toEqual({
    status: 429,
    type: 'application/json; charset=utf-8',
    body: '{"success":false,"message":"more than 10 a second came from this address"}\n',
    headers: { 'retry-after': '1' },
  });
});

test('everybody is refused while the collector drains', () => {
  const { admit, drain } = opened(10);
  drain();
  expect(admit(address)).toEqual({
    status: 503,
    type: 'application/json; charset=utf-8',
    body: '{"success":false,"message":"the collector is about to stop"}\n',
    headers: { 'retry-after': '1' },
  });
});

test('a second’s worth may come at once', () => {
  const { bring } = opened(10);
  expect([bring(9), bring(1), bring(1)]).toEqual([undefined, undefined, 1]);
});

test('also of those whose bodies are still on their way', async () => {
  const { wait, settle, clock } = opened(10);
  const waits = Array.from({ length: 32 }, () => wait());
  expect(waits.filter((seconds) => seconds === undefined)).toHaveLength(10);
  expect(new Set(waits.slice(10))).toEqual(new Set([1]));
  for (let i = 0; i < 10; i++) settle(address, 3);
  expect(wait()).toBe(3);
  await clock.advance(2_100);
  expect(wait()).toBeUndefined();
});

test('what breaks off is charged for one', async () => {
  const { bring, wait, clock } = opened(10);
  for (let i = 0; i < 10; i++) wait();
  expect(bring(1)).toBe(1);
  await clock.advance(1_000);
  expect([bring(10), bring(1)]).toEqual([undefined, 1]);
});

test('a batch above the rate is taken once, and then waited for', async () => {
  const { bring, wait, clock } = opened(10);
  bring(95);
  expect(wait()).toBe(9);
  await clock.advance(8_500);
  expect(wait()).toBe(1);
  await clock.advance(100);
  expect(wait()).toBeUndefined();
});

test('who waits as long as was said is let in', async () => {
  for (const rate of [1, 3, 7, 20_000]) {
    for (const count of [1, 2, 10, 999, 600_000]) {
      const { bring, wait, clock } = opened(rate);
      bring(count);
      const seconds = wait();
      if (seconds === undefined) continue;
      await clock.advance(seconds * 1000);
      expect(wait()).toBeUndefined();
    }
  }
});

test('nobody saves up more than a second’s worth', async () => {
  const { bring, wait, clock } = opened(10);
  bring(1);
  await clock.advance(3_600_000);
  bring(10);
  expect(wait()).toBe(1);
});

test('one address does not wait for another', () => {
  const { bring, wait } = opened(10);
  bring(1_000);
  expect(wait('192.0.2.2')).toBeUndefined();
});

test('a new rate holds at once', () => {
  const { bring, wait, settings } = opened(10);
  bring(110);
  expect(wait()).toBe(11);
  settings.rate = 101;
  expect(wait()).toBe(1);
});

test('the rate is kept over a minute however much is tried', async () => {
  const { bring, clock } = opened(100);
  let taken = 0;
  for (let i = 0; i < 60; i++) {
    for (let tries = 0; tries < 1_000; tries++) {
      if (bring(1) === undefined) taken++;
    }
    await clock.advance(1_000);
  }
  expect(taken).toBe(6_000);
});

test('who was quiet for longest is forgotten, nobody else', () => {
  const { bring, wait } = opened(10);
  const name = (i: number) => `address ${i}`;
  for (let i = 0; i < limits.ratedAddressesMax; i++) bring(100, name(i));
  // The first asks again, so the second is the one.
  expect(wait(name(0))).toBe(10);
  bring(100, 'a new one');
  expect(wait(name(0))).toBe(10);
  expect(wait(name(2))).toBe(10);
  expect(wait(name(limits.ratedAddressesMax - 1))).toBe(10);
  expect(wait('a new one')).toBe(10);
  expect(wait(name(1))).toBeUndefined();
});

test('a million addresses are kept in bounds', () => {
  const { bring, wait } = opened(10);
  for (let i = 0; i < 1_000_000; i++) bring(100, `address ${i}`);
  expect(wait('address 999999')).toBe(10);
  expect(wait(`address ${1_000_000 - limits.ratedAddressesMax + 1}`)).toBe(10);
  expect(wait('address 0')).toBeUndefined();
});
