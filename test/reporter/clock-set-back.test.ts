/** The clock was far ahead and is put right: what was read and told meanwhile holds nothing back. */
import { expect, test } from 'vitest';
import type { Policy } from '../../src/model/policy.ts';
import type { Status } from '../../src/model/status.ts';
import { decide } from '../../src/reporter/decision.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { closing, everyPoll, targetOf } from './cast.ts';

const target = targetOf('api');
const minuteMs = 60_000;
const ahead = Date.parse('2027-01-01T00:00:00Z');
const right = Date.parse('2026-11-01T00:00:00Z');

/** Minutes and statuses while the clock is ahead, then while it is right; what is decided is acknowledged. */
function check(
  before: readonly Status[],
  after: readonly Status[],
  expected: string,
  given: Partial<Policy> = {},
  readingAheadMs = 0,
) {
  const policy: Policy = { ...everyPoll, send: 'on_change', ...given };
  const shelf = new Map<string, object>();
  const put = (key: string, value: object | undefined) =>
    void (value ? shelf.set(key, value) : shelf.delete(key));
  let ledger = new Ledger({ put });
  const decided: string[] = [];
  const times: number[] = [];
  const play = (statuses: readonly Status[], startMs: number) => {
    for (const [minute, status] of statuses.entries()) {
      const nowMs = startMs + minute * minuteMs;
      const reading = { target, status, timeMs: nowMs + readingAheadMs, evidence: { triggered: [] } };
      const deciding = { reporterId: 'r', policy, abilities: closing, nowMs, slackMs: minuteMs / 2 };
      const { actions } = decide([reading], ledger, deciding);
      for (const action of actions) ledger.acknowledge(policy, action, nowMs);
      times.push(...actions.map(({ timeMs }) => timeMs - nowMs));
      decided.push(actions[0]?.type ?? '.');
    }
  };
  play(before, ahead);
  decided.push('|');
  // What is kept over a restart knows of the wrong time, too.
  ledger = new Ledger({ put }, structuredClone(shelf));
  play(after, right);
  expect(decided.join(' ')).toBe(expected);
  return times;
}

test('a row counts anew, and the incident opens', () =>
  void check([2, 0, 2], [2, 2], '. . . | . open', { openAfter: { readings: 2 } }));
test('a row that is a duration, too', () =>
  void check([2], [2, 2, 2], '. | . . open', { openAfter: { durationMs: 2 * minuteMs } }));
test('an incident closes', () =>
  void check([2, 0], [0, 0], 'open . | . close', { closeAfter: { readings: 2 } }));
test('a repeat is due at once, and then as configured', () =>
  void check([2], [2, 2, 2, 2], 'open | repeat . repeat .', { repeatIntervalMs: 2 * minuteMs }));
test('nothing is told with a time far ahead', () => {
  const times = check([2, 0], [0, 0], 'open . | . close', { closeAfter: { readings: 2 } });
  expect(Math.max(...times)).toBeLessThanOrEqual(0);
});
test('a convertor whose clock is ahead is counted as before', () =>
  void check([0, 2, 2, 2], [], '. . . open |', { openAfter: { readings: 3 } }, 10 * minuteMs));
