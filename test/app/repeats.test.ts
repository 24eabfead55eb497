/** What fails again and again is logged once a minute, and never fills the memory. */
import { expect, test } from 'vitest';
import type { Log } from '../../src/app/log.ts';
import { keepingLog } from '../../src/app/log-keeping.ts';
import { Repeats } from '../../src/app/repeats.ts';
import { Failure } from '../../src/model/failure.ts';
import { limits } from '../../src/model/limits.ts';
import { FakeClock } from '../fake-clock.ts';

const minuteMs = limits.logRepeatMs;

function setUp() {
  const clock = new FakeClock();
  const repeats = new Repeats(clock);
  const lines: string[] = [];
  const write = (_fields: object, text: string) => void lines.push(text);
  const log = { warn: write, error: write } as unknown as Log;
  return { clock, repeats, lines, journal: keepingLog(log, repeats) };
}

test('the same is logged once a minute, with how often it happened', async () => {
  const { clock, repeats } = setUp();
  expect([repeats.count('a', 'x'), repeats.count('a', 'x'), repeats.count('a', 'y')]).toEqual([1, 0, 1]);
  await clock.advance(minuteMs);
  expect(repeats.count('a', 'x')).toBe(2);
  repeats.forget('a');
  expect(repeats.count('a', 'x')).toBe(1);
});

test('of one only so many different ones are counted, and the others together', async () => {
  const { clock, repeats } = setUp();
  const logged = (prefix: string) =>
    Array.from({ length: 1_000 }, (_, what) => repeats.count('a', `${prefix} ${what}`)).filter(Boolean);
  expect(logged('x')).toHaveLength(limits.repeatsOfOneMax + 1);
  expect(logged('x')).toEqual([]);
  await clock.advance(minuteMs);
  expect(logged('y').length).toBeLessThanOrEqual(limits.repeatsOfOneMax + 1);
  expect(logged('y')).toEqual([]);
});

test('so many are known in all, and one more takes nobody’s count but the oldest’s', () => {
  const { repeats } = setUp();
  for (let whom = 0; whom <= limits.repeatsMax; whom++) repeats.count(String(whom), 'x');
  expect(repeats.count('1', 'x')).toBe(0);
  expect(repeats.count(String(limits.repeatsMax), 'x')).toBe(0);
  expect(repeats.count('0', 'x')).toBe(1);
});

test('an answer that differs each time is one line a minute', () => {
  const { journal, lines } = setUp();
  for (let request = 0; request < 10; request++) {
    journal.noted('public', `what is open there is not known: answered 500: request ${request}`);
    journal.stateFailed(new Failure('state', 'failed', `no room, ${request} bytes are left`));
    journal.historyFailed(new Failure('state', 'failed', `no room, ${request} bytes are left`));
  }
  expect(lines).toHaveLength(3);
});
