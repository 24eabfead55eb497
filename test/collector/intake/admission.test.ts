import { expect, test } from 'vitest';
import { openAdmission } from '../../../src/collector/intake/admission.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';

const address = '192.0.2.1';

function opened(rate: number) {
  const clock = new FakeClock();
  const settings = { rate };
  const admission = openAdmission(() => settings, clock);
  return {
    ...admission,
    clock,
    settings,
    /** Seconds to wait for, or nothing. */
    wait: (from = address): number | undefined => {
      const page = admission.refuse(from);
      return page && Number(page.headers?.['retry-after']);
    },
  };
}

test('whoever is above the rate hears how long to wait', () => {
  const { refuse, charge } = opened(10);
  charge(address, 10);
  expect(refuse(address)).toEqual({
    status: 429,
    type: 'application/json; charset=utf-8',
    body: '{"success":false,"message":"more than 10 a second came from this address"}\n',
    headers: { 'retry-after': '1' },
  });
});

test('everybody is refused while the collector drains', () => {
  const { refuse, drain } = opened(10);
  drain();
  expect(refuse(address)).toEqual({
    status: 503,
    type: 'application/json; charset=utf-8',
    body: '{"success":false,"message":"the collector is about to stop"}\n',
    headers: { 'retry-after': '1' },
  });
});

test('a second’s worth may come at once', () => {
  const { charge, wait } = opened(10);
  charge(address, 9);
  expect(wait()).toBeUndefined();
  charge(address, 1);
  expect(wait()).toBe(1);
});

test('a batch above the rate is taken once, and then waited for', async () => {
  const { charge, wait, clock } = opened(10);
  charge(address, 95);
  expect(wait()).toBe(9);
  await clock.advance(8_500);
  expect(wait()).toBe(1);
  await clock.advance(100);
  expect(wait()).toBeUndefined();
});

test('who waits as long as was said is let in', async () => {
  for (const rate of [1, 3, 7, 20_000]) {
    for (const count of [1, 2, 10, 999, 600_000]) {
      const { charge, wait, clock } = opened(rate);
      charge(address, count);
      await clock.advance((wait() ?? 0) * 1000);
      expect(wait()).toBeUndefined();
    }
  }
});

test('nobody saves up more than a second’s worth', async () => {
  const { charge, wait, clock } = opened(10);
  charge(address, 1);
  await clock.advance(3_600_000);
  charge(address, 10);
  expect(wait()).toBe(1);
});

test('one address does not wait for another', () => {
  const { charge, wait } = opened(10);
  charge(address, 1_000);
  expect(wait('192.0.2.2')).toBeUndefined();
});

test('a new rate holds at once', () => {
  const { charge, wait, settings } = opened(10);
  charge(address, 110);
  expect(wait()).toBe(11);
  settings.rate = 101;
  expect(wait()).toBe(1);
});

test('the rate is kept over a minute however much is tried', async () => {
  const { charge, wait, clock } = opened(100);
  let taken = 0;
  for (let i = 0; i < 60; i++) {
    for (let tries = 0; tries < 1_000; tries++) {
      if (wait() !== undefined) continue;
      charge(address, 1);
      taken++;
    }
    await clock.advance(1_000);
  }
  expect(taken).toBe(6_000);
});

test('who was quiet for longest is forgotten, nobody else', () => {
  const { charge, wait } = opened(10);
  const name = (i: number) => `address ${i}`;
  for (let i = 0; i < limits.ratedAddressesMax; i++) charge(name(i), 100);
  // The first asks again, so the second is the one.
  expect(wait(name(0))).toBe(10);
  charge('a new one', 100);
  expect(wait(name(0))).toBe(10);
  expect(wait(name(2))).toBe(10);
  expect(wait(name(limits.ratedAddressesMax - 1))).toBe(10);
  expect(wait('a new one')).toBe(10);
  expect(wait(name(1))).toBeUndefined();
});

test('a million addresses are kept in bounds', () => {
  const { charge, wait } = opened(10);
  for (let i = 0; i < 1_000_000; i++) charge(`address ${i}`, 100);
  expect(wait('address 999999')).toBe(10);
  expect(wait(`address ${1_000_000 - limits.ratedAddressesMax + 1}`)).toBe(10);
  expect(wait('address 0')).toBeUndefined();
});
