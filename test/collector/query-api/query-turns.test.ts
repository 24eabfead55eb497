import { expect, test } from 'vitest';
import { QueryTurns } from '../../../src/collector/query-api/query-turns.ts';
import { sleep } from '../../../src/model/clock.ts';
import { limits } from '../../../src/model/limits.ts';
import { FakeClock } from '../../fake-clock.ts';

const inQueue = 'QueryError: query timed out in query queue';
const inEvaluation = 'QueryError: query timed out in expression evaluation';

/** Work that takes its time, and says when it began and ended. */
function setUp() {
  const clock = new FakeClock();
  const turns = new QueryTurns(clock);
  const seen: string[] = [];
  const take = (name: string, forMs: number, timeoutMs: number = limits.queryAnswerMs) =>
    turns
      .take(timeoutMs, async (pause) => {
        seen.push(`${name} begins at ${clock.monotonic()}`);
        await sleep(clock, forMs);
        await pause();
        return `${name} ends at ${clock.monotonic()}`;
      })
      ?.catch(String);
  return { clock, turns, take, seen };
}

test('above the limit nobody waits', async () => {
  const { clock, take } = setUp();
  const taken = Array.from({ length: limits.queriesWaitingMax }, (_, at) => take(`${at}`, 1));
  expect(taken).not.toContain(undefined);
  expect(take('more', 1)).toBe(undefined);
  await clock.advance(1);
  const again = take('more', 1);
  await clock.advance(limits.queriesWaitingMax);
  expect(await again).toBe(`more ends at ${limits.queriesWaitingMax + 1}`);
});

test('who waits too long hears so in time, and lets nobody pass the one under way', async () => {
  const { clock, take, seen } = setUp();
  const all = [take('long', 1_000), take('impatient', 1, 200), take('last', 1)];
  await clock.advance(200);
  expect(await all[1]).toBe(inQueue);
  expect(seen).toEqual(['long begins at 0']);
  await clock.advance(900);
  expect(await Promise.all(all)).toEqual(['long ends at 1000', inQueue, 'last ends at 1001']);
  expect(seen).toEqual(['long begins at 0', 'last begins at 1000']);
  expect(clock.waiting).toEqual([]);
});

test('work is given up when its time is over, and never goes on longer than the limit', async () => {
  const { clock, take } = setUp();
  const short = take('short', 500, 400);
  const long = take('long', limits.queryAnswerMs, 1e9);
  await clock.advance(500);
  await clock.advance(limits.queryAnswerMs);
  expect(await Promise.all([short, long])).toEqual([inEvaluation, inEvaluation]);
});

test.each([0, -1, Number.NEGATIVE_INFINITY])('a time of %d ms is none', async (timeoutMs) => {
  const { clock, take, seen } = setUp();
  const taken = take('a', 1, timeoutMs);
  await clock.advance(1);
  expect([await taken, seen]).toEqual([inQueue, []]);
});

test('what fails is told to who asked, and the next one has its turn', async () => {
  const { clock, take } = setUp();
  const turns = new QueryTurns(clock);
  const failed = turns.take(100, () => Promise.reject(new Error('bug')))?.catch(String);
  const next = turns.take(100, async () => 'done');
  await clock.advance(1);
  expect(await Promise.all([failed, next])).toEqual(['Error: bug', 'done']);
  expect(take('other', 0)).not.toBe(undefined);
});

test('at the end what is under way is given up, and what waits is not begun', async () => {
  const { clock, turns, take, seen } = setUp();
  const all = [take('first', 100), take('second', 100)];
  await clock.advance(50);
  turns.stop();
  await clock.advance(50);
  expect(await Promise.all(all)).toEqual(['QueryError: the collector stops', inQueue]);
  expect([seen, clock.waiting]).toEqual([['first begins at 0'], []]);
  const late = take('late', 1);
  await clock.advance(1);
  expect(await late).toBe(inQueue);
});
