/** How far a dashboard is told that fails on the way. */
import { expect, test } from 'vitest';
import { oneByOne } from '../../src/dashboards/one-by-one.ts';
import { Failure, type FailureReason } from '../../src/model/failure.ts';
import { targetOf } from '../reporter/cast.ts';
import { needs } from './telling.ts';

/** Tells one after the other what ends so; returns how many were tried, and which failure ended it. */
async function check(
  ends: readonly (FailureReason | 'sent')[],
  tried: number,
  endedBy: number | undefined,
): Promise<void> {
  const failures: (Failure | undefined)[] = [];
  const parts = ends.map((end, index) => {
    const telling = needs(targetOf(`service-${index}`), 'open');
    return {
      tellings: [telling],
      tell: async () => {
        const failure = end === 'sent' ? undefined : new Failure('dashboard', end, 'no');
        failures.push(failure);
        if (failure) throw failure;
      },
    };
  });
  const ended = await oneByOne(parts, () => undefined).catch((error: unknown) => error);
  expect(failures).toHaveLength(tried);
  expect(ended).toBe(endedBy === undefined ? undefined : failures[endedBy]);
}

test('two failures in a row end it: it is the dashboard that fails', () =>
  check(['sent', 'failed', 'failed', 'sent'], 3, 1));

test('a failure that another end follows is about one alone', async () => {
  await check(['failed', 'sent', 'failed', 'sent'], 4, undefined);
  await check(['failed', 'rejected', 'failed', 'sent'], 4, undefined);
});

test.each(['unreachable', 'timeout', 'unauthorized', 'rate_limited', 'stopped'] as const)(
  'one that is %s ends it at once',
  (reason) => check([reason, 'sent'], 1, 0),
);
