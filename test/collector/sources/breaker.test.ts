/** When a source is asked, and when it is spared. */
import { expect, test } from 'vitest';
import { Breaker } from '../../../src/collector/sources/breaker.ts';
import { Failure, type FailureReason } from '../../../src/model/failure.ts';
import { FakeClock } from '../../fake-clock.ts';

/** Results in the order in which the source gives them; when it is asked, with a collect every 15 s. */
async function check(results: readonly (FailureReason | 'ok')[], expectedSeconds: readonly number[]) {
  const clock = new FakeClock();
  const breaker = new Breaker(clock);
  const asked: number[] = [];
  for (let second = 0; second < 300; second += 15) {
    const result = results[asked.length];
    if (result === undefined) break;
    if (breaker.enter()) {
      asked.push(second);
      breaker.record(result === 'ok' ? undefined : new Failure('source', result, 'x'));
    }
    await clock.advance(15_000);
  }
  expect(asked).toEqual(expectedSeconds);
}

test('two failures change nothing', () =>
  check(['failed', 'failed', 'ok', 'failed', 'failed', 'ok'], [0, 15, 30, 45, 60, 75]));

test('after three in a row it is asked once a minute', () =>
  check(['timeout', 'unreachable', 'garbled', 'failed', 'failed'], [0, 15, 30, 90, 150]));

test('the first answer brings it back', () =>
  check(['failed', 'failed', 'failed', 'ok', 'ok', 'failed', 'ok'], [0, 15, 30, 90, 105, 120, 135]));

test('that we stop is no failure of the source', () =>
  check(['failed', 'failed', 'stopped', 'stopped', 'ok'], [0, 15, 30, 45, 60]));

test('a stop does not close what is open', () =>
  check(['failed', 'failed', 'failed', 'stopped', 'ok'], [0, 15, 30, 90, 150]));

test('a collect that comes a moment early counts', async () => {
  const clock = new FakeClock();
  const breaker = new Breaker(clock);
  for (let turn = 0; turn < 3; turn++) {
    expect(breaker.enter()).toBe(true);
    breaker.record(new Failure('source', 'failed', 'x'));
  }
  expect(breaker.isOpen).toBe(true);
  await clock.advance(58_000);
  expect(breaker.enter()).toBe(false);
  await clock.advance(1_500);
  expect(breaker.enter()).toBe(true);
});
