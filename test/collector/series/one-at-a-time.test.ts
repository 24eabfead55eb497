/** Questions that cost much wait for each other, and the same one is answered once. */
import { expect, test } from 'vitest';
import { oneAtATime } from '../../../src/collector/series/one-at-a-time.ts';
import { FakeClock } from '../../fake-clock.ts';

function setUp(costMs = 10) {
  const clock = new FakeClock();
  const made: string[] = [];
  const { ask, keepNothing } = oneAtATime(clock, 2_000, async (question: string) => {
    made.push(question);
    await new Promise<void>((resolve) => void clock.after(costMs, resolve));
    if (question === 'bad') throw new Error('bad');
    return `${question} ${made.length}`;
  });
  return { clock, made, keepNothing, ask: (question: string) => ask(question, question) };
}

test('who asks the same at once waits for the same answer', async () => {
  const { clock, ask, made } = setUp();
  const all = Array.from({ length: 256 }, () => ask('a'));
  await clock.advance(10);
  expect(new Set(await Promise.all(all))).toEqual(new Set(['a 1']));
  expect(made).toEqual(['a']);
});

test('another question waits until the one before is answered', async () => {
  const { clock, ask, made } = setUp();
  const all = [ask('a'), ask('b'), ask('a'), ask('c')];
  await clock.advance(9);
  expect(made).toEqual(['a']);
  await clock.advance(1);
  expect(made).toEqual(['a', 'b']);
  await clock.advance(20);
  expect(await Promise.all(all)).toEqual(['a 1', 'b 2', 'a 1', 'c 3']);
});

test('an answer is kept twenty times as long as it took', async () => {
  const { clock, ask, made } = setUp();
  const first = ask('a');
  await clock.advance(10);
  await first;
  await clock.advance(199);
  expect(await ask('a')).toBe('a 1');
  await clock.advance(1);
  const second = ask('a');
  await clock.advance(10);
  expect(await second).toBe('a 2');
  expect(made).toEqual(['a', 'a']);
});

test('it is kept two seconds at most', async () => {
  const { clock, ask } = setUp(1_000);
  const first = ask('a');
  await clock.advance(1_000);
  await first;
  await clock.advance(1_999);
  expect(await ask('a')).toBe('a 1');
  await clock.advance(1);
  const second = ask('a');
  await clock.advance(1_000);
  expect(await second).toBe('a 2');
});

test('only the newest answer is kept', async () => {
  const { clock, ask, made } = setUp();
  const all = [ask('a'), ask('b')];
  await clock.advance(20);
  await Promise.all(all);
  const again = [ask('b'), ask('a')];
  await clock.advance(10);
  expect(await Promise.all(again)).toEqual(['b 2', 'a 3']);
  expect(made).toEqual(['a', 'b', 'a']);
});

test('a failure reaches who asked, and the next one has its turn', async () => {
  const { clock, ask } = setUp();
  const bad = ask('bad').catch((error: Error) => error.message);
  const good = ask('a');
  await clock.advance(20);
  expect([await bad, await good]).toEqual(['bad', 'a 2']);
  const again = ask('bad').catch((error: Error) => error.message);
  await clock.advance(10);
  expect(await again).toBe('bad');
});

test('nothing is kept longer than it is shown, and no timer of one that is replaced is left', async () => {
  const { clock, ask } = setUp();
  for (const question of ['a', 'b', 'c']) {
    const asked = ask(question);
    await clock.advance(10);
    await asked;
    expect(clock.waiting).toEqual([200]);
  }
  await clock.advance(200);
  expect(clock.waiting).toEqual([]);
});

test('at the end nothing is kept, not even what is made by then', async () => {
  const { clock, ask, made, keepNothing } = setUp();
  const first = ask('a');
  await clock.advance(10);
  await first;
  const second = ask('b');
  await clock.advance(5);
  keepNothing();
  await clock.advance(5);
  expect([await second, clock.waiting]).toEqual(['b 2', []]);
  const again = ask('b');
  await clock.advance(10);
  expect([await again, made]).toEqual(['b 3', ['a', 'b', 'b']]);
});
