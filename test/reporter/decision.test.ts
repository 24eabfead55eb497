/** What a dashboard is told over a walk of readings. */
import { expect, test } from 'vitest';
import type { Policy } from '../../src/model/policy.ts';
import type { Reading } from '../../src/model/reading.ts';
import type { Status } from '../../src/model/status.ts';
import { decide } from '../../src/reporter/decision.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { closing, everyPoll, targetOf } from './cast.ts';

const target = targetOf('api');
const onChange: Policy = { ...everyPoll, send: 'on_change' };

/** A status, `-` no data, `=` the status before with the same time; a minute between two readings. */
type Step = Status | '-' | '=';

function reading(step: Step, minute: number, before: Reading | undefined): Reading {
  if (step === '-') return { target, status: undefined, reason: 'stale', detail: '' };
  if (step === '=' && before) return before;
  return { target, status: step as Status, timeMs: minute * 60_000, evidence: { triggered: [] } };
}

/** `!` before a step: what is sent then is not acknowledged. `?`: nobody knows whether it was taken. */
function walk(policy: Policy, closes: boolean, steps: string): string {
  const ledger = new Ledger({ put: () => undefined });
  const said: string[] = [];
  let before: Reading | undefined;
  for (const [minute, word] of steps.split(' ').entries()) {
    const text = word.replace(/^[!?]/, '');
    const step = /\d/.test(text) ? (Number(text) as Status) : (text as Step);
    const current = reading(step, minute, before);
    before = current.status === undefined ? before : current;
    const { actions } = decide([current], ledger, {
      reporterId: 'reporter',
      policy,
      abilities: { ...closing, closes },
      nowMs: minute * 60_000,
      slackMs: 30_000,
    });
    said.push(
      actions.map(({ type, status }) => (type === 'close' ? 'close' : `${type}${status}`)).join() || '.',
    );
    for (const action of actions) {
      if (word.startsWith('?')) ledger.doubt(policy, action);
      else if (!word.startsWith('!')) ledger.acknowledge(policy, action, minute * 60_000);
    }
  }
  return said.join(' ');
}

const check = (policy: Policy, closes: boolean, steps: string, expected: string) =>
  expect(walk(policy, closes, steps)).toBe(expected);

test('seed 001: every poll above zero is told, zero never', () =>
  check(everyPoll, false, '0 1 1 2 3 1 0 0 1', '. open1 repeat1 change2 change3 change1 . . open1'));
test('a reading with the same time is told again where every poll is told', () =>
  check(everyPoll, false, '1 = =', 'open1 repeat1 repeat1'));
test('on change only what differs is told, and a kind that can is told the end', () =>
  check(onChange, true, '0 1 1 2 2 1 0 0', '. open1 . change2 . change1 close .'));
test('no data neither opens nor closes', () => check(onChange, true, '- 1 - - 0 -', '. open1 . . close .'));
test('what was not acknowledged is told again', () =>
  check(onChange, true, '!1 !1 1 1 !0 0 0', 'open1 open1 open1 . close close .'));
test('what rose and fell while the dashboard was away is not told', () =>
  check(onChange, true, '!1 !2 0 0', 'open1 open2 . .'));
test('what the dashboard may have taken is closed', () => check(onChange, true, '?1 0 0', 'open1 close .'));
test('what the dashboard may have closed is told again', () =>
  check(onChange, true, '2 ?0 2 2', 'open2 close change2 .'));
test('open_after counts readings with different times', () =>
  check({ ...onChange, openAfter: { readings: 3 } }, true, '1 = = 1 2 2', '. . . . open2 .'));
test('no data does not reset open_after', () =>
  check({ ...onChange, openAfter: { readings: 2 } }, true, '1 - - 1', '. . . open1'));
test('a healthy reading resets open_after', () =>
  check({ ...onChange, openAfter: { readings: 2 } }, true, '1 0 1 1', '. . . open1'));
test('open_after may be a duration between readings', () =>
  check({ ...onChange, openAfter: { durationMs: 120_000 } }, true, '1 1 1 1', '. . open1 .'));
test('close_after waits, and the incident stays', () =>
  check({ ...onChange, closeAfter: { readings: 2 } }, true, '1 0 1 0 = 0', 'open1 . . . . close'));
test('an escalation is told at once whatever open_after says', () =>
  check({ ...onChange, openAfter: { readings: 2 } }, true, '1 1 3', '. open1 change3'));
test('what is below min_status is over for that dashboard', () =>
  check({ ...onChange, match: { ...onChange.match, minStatus: 2 } }, true, '1 2 1 1', '. open2 close .'));
test('repeat_interval tells an unchanged incident again', () =>
  check({ ...onChange, repeatIntervalMs: 120_000 }, true, '1 1 1 1 1', 'open1 . repeat1 . repeat1'));
test('a repeat is not put off by a cycle because the answer took a moment', () =>
  check({ ...onChange, repeatIntervalMs: 61_000 }, true, '1 1 1', 'open1 repeat1 repeat1'));
test('paused decides nothing', () => check({ ...onChange, mode: 'paused' }, true, '1 2 0', '. . .'));

function keys(policy: Policy, steps: readonly Step[]): string[] {
  const ledger = new Ledger({ put: () => undefined });
  let before: Reading | undefined;
  return steps.flatMap((step, minute) => {
    const current = reading(step, minute, before);
    before = current;
    const deciding = {
      reporterId: 'reporter',
      policy,
      abilities: closing,
      nowMs: minute * 60_000,
      slackMs: 0,
    };
    const { actions } = decide([current], ledger, deciding);
    for (const action of actions) ledger.acknowledge(policy, action, minute * 60_000);
    return actions.map((action) => action.idempotencyKey);
  });
}

test('where every poll is told, one reading has one key, and keeps it over a restart', () => {
  const [first, again, other] = keys(everyPoll, [1, '=', 1]);
  expect(again).toBe(first);
  expect(other).not.toBe(first);
  // A process that starts in the middle of the incident knows nothing of its first minute.
  expect(keys(everyPoll, [0, '-', 1])).toEqual([other]);
});

test('a status that an incident reaches twice has two keys', () => {
  const all = keys(onChange, [1, 2, 1, 2, 0, 1]);
  expect(new Set(all).size).toBe(all.length);
  expect(all.every((key) => /^[0-9a-f]{64}$/.test(key))).toBe(true);
});

test('a message has the same key whether or not the one before it was answered', () => {
  const deciding = { reporterId: 'reporter', policy: onChange, abilities: closing, nowMs: 0, slackMs: 0 };
  const ledger = new Ledger({ put: () => undefined });
  const [high] = decide([reading(3, 0, undefined)], ledger, deciding).actions;
  const [first] = decide([reading(1, 1, undefined)], ledger, deciding).actions;
  if (high) ledger.acknowledge(onChange, high, 0);
  const [then] = decide([reading(1, 2, undefined)], ledger, deciding).actions;
  expect([first?.type, then?.type]).toEqual(['open', 'change']);
  expect(then?.idempotencyKey).toBe(first?.idempotencyKey);
});

test('what a restart does not keep of a target comes with its next reading', () => {
  const deciding = { reporterId: 'reporter', policy: onChange, abilities: closing, nowMs: 0, slackMs: 0 };
  const shelf = new Map<string, object>();
  const ledger = new Ledger({ put: (key, value) => void (value && shelf.set(key, value)) });
  decide([reading(1, 0, undefined)], ledger, deciding);
  const [action] = decide(
    [reading(2, 1, undefined)],
    new Ledger({ put: () => undefined }, shelf),
    deciding,
  ).actions;
  expect(action?.incident.members).toEqual([target]);
  expect(action?.incident.members[0]).toBe(target);
});

test('what was only recorded is told once the dashboard is switched to send', () => {
  const ledger = new Ledger({ put: () => undefined });
  const deciding = (mode: Policy['mode']) => ({
    reporterId: 'reporter',
    policy: { ...onChange, mode },
    abilities: closing,
    nowMs: 0,
    slackMs: 0,
  });
  const tell = (mode: Policy['mode'], minute: number) => {
    const { actions } = decide([reading(1, minute, undefined)], ledger, deciding(mode));
    for (const action of actions) ledger.acknowledge(deciding(mode).policy, action, 0);
    return actions.length;
  };
  expect([tell('record', 0), tell('record', 1), tell('send', 2), tell('send', 3)]).toEqual([1, 0, 1, 0]);
});
