/** Budgets: how many requests in any window, in which order, and who draws on which. */
import { expect, test } from 'vitest';
import { type Budget, Budgets, type Rate } from '../../src/http/rate.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';

const never = new AbortController().signal;

/** Those who ask, by name, and when each was given a turn, in order. */
function setUp() {
  const clock = new FakeClock();
  const given: [who: string, atMs: number][] = [];
  const ask = (who: string, rate: Rate, signal = never) =>
    rate.take(signal).then(() => void given.push([who, clock.monotonic()]));
  return { clock, given, ask, budgets: new Budgets(clock) };
}

async function check(budget: Budget, asks: number, expectedMs: readonly number[]) {
  const { clock, given, ask, budgets } = setUp();
  const rate = budgets.of('key', budget);
  for (let at = 0; at < asks; at++) void ask(String(at), rate);
  await clock.advance(60_000);
  expect(given).toEqual(expectedMs.map((atMs, at) => [String(at), atMs]));
}

test('as many as the budget has go at once, the others when these are a period old', () =>
  check({ requests: 2, perMs: 1_000 }, 6, [0, 0, 1_000, 1_000, 2_000, 2_000]));
test('one in a period', () => check({ requests: 1, perMs: 10_000 }, 3, [0, 10_000, 20_000]));
test('a budget that is not used up holds nobody back', () =>
  check({ requests: 6, perMs: 1_000 }, 6, [0, 0, 0, 0, 0, 0]));

test('who is aborted while waiting gives the turn to the next', async () => {
  const { clock, given, ask, budgets } = setUp();
  const rate = budgets.of('key', { requests: 1, perMs: 1_000 });
  const gone = new AbortController();
  void ask('first', rate);
  void ask('gone', rate, gone.signal);
  void ask('last', rate);
  await clock.advance(500);
  gone.abort();
  await clock.advance(2_000);
  expect(given).toEqual([
    ['first', 0],
    ['gone', 500],
    ['last', 1_000],
  ]);
});

test('who does not want the turn any more when it comes takes none', async () => {
  const { clock, given, ask, budgets } = setUp();
  const rate = budgets.of('key', { requests: 1, perMs: 1_000 });
  void ask('first', rate);
  const asked = rate.take(never, () => false).then(() => void given.push(['unwilling', clock.monotonic()]));
  void ask('last', rate);
  await clock.advance(2_000);
  await asked;
  expect(given).toEqual([
    ['first', 0],
    ['unwilling', 1_000],
    ['last', 1_000],
  ]);
});

test('who is aborted before asking takes no turn', async () => {
  const { clock, given, ask, budgets } = setUp();
  const rate = budgets.of('key', { requests: 1, perMs: 1_000 });
  void ask('gone', rate, AbortSignal.abort());
  void ask('first', rate);
  await clock.advance(10);
  expect(given).toEqual([
    ['gone', 0],
    ['first', 0],
  ]);
});

test('who shows the same credentials draws on the same budget, others on their own', async () => {
  const { clock, given, ask, budgets } = setUp();
  const budget = { requests: 1, perMs: 1_000 };
  void ask('one', budgets.of('key', budget));
  void ask('two', budgets.of('key', budget));
  void ask('other', budgets.of('other key', budget));
  await clock.advance(5_000);
  expect(given).toEqual([
    ['one', 0],
    ['other', 0],
    ['two', 1_000],
  ]);
});

test('a budget that a reload changes counts what was taken before', async () => {
  const { clock, given, ask, budgets } = setUp();
  const before = budgets.of('key', { requests: 3, perMs: 1_000 });
  for (const who of ['a', 'b', 'c']) void ask(who, before);
  await clock.advance(100);
  void ask('d', budgets.of('key', { requests: 2, perMs: 2_000 }));
  await clock.advance(10_000);
  expect(given.at(-1)).toEqual(['d', 2_000]);
});

test('after a clock that stood still for a day the burst is the budget, no more', async () => {
  const { clock, given, ask, budgets } = setUp();
  const rate = budgets.of('key', { requests: 2, perMs: 1_000 });
  await clock.advance(86_400_000);
  for (const who of ['a', 'b', 'c']) void ask(who, rate);
  await clock.advance(10);
  expect(given.map(([who]) => who)).toEqual(['a', 'b']);
});

test.each([1, 2, 3, 4, 5, 6, 7, 8])('no window sees more than the budget (seed %d)', async (seed) => {
  const draw = drawing(seed);
  const { clock, given, budgets } = setUp();
  const budget = { requests: 1 + draw(10), perMs: 100 + draw(2_000) };
  const rates = [budgets.of('key', budget), budgets.of('key', budget)] as const;
  const asked: string[] = [];
  const gone: string[] = [];
  for (let at = 0; at < 200; at++) {
    const who = String(at);
    const impatient = new AbortController();
    asked.push(who);
    void (rates[draw(2)] ?? rates[0]).take(impatient.signal).then(() => {
      if (!impatient.signal.aborted) given.push([who, clock.monotonic()]);
    });
    if (draw(4) === 0) {
      clock.after(draw(500), () => {
        if (given.some(([other]) => other === who)) return;
        gone.push(who);
        impatient.abort();
      });
    }
    if (draw(3) === 0) await clock.advance(draw(400));
  }
  await clock.advance(200 * budget.perMs);
  expect(given.map(([who]) => who)).toEqual(asked.filter((who) => !gone.includes(who)));
  for (const [at, [, atMs]] of given.entries()) {
    const next = given[at + budget.requests];
    if (next) expect(next[1] - atMs).toBeGreaterThanOrEqual(budget.perMs);
  }
});
