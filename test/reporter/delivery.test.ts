/** Deliveries to one dashboard: how often, how far apart, and what gets in between. */
import { expect, test } from 'vitest';
import type { Dashboard } from '../../src/model/dashboard.ts';
import { Failure, type FailureFacts, type FailureReason } from '../../src/model/failure.ts';
import type { Action } from '../../src/model/incident.ts';
import type { AlarmStatus } from '../../src/model/status.ts';
import { Deliveries } from '../../src/reporter/deliveries.ts';
import { Ledger } from '../../src/reporter/ledger.ts';
import { newStanding } from '../../src/reporter/standing.ts';
import { FakeClock } from '../fake-clock.ts';
import { everyPoll, silent, targetOf } from './cast.ts';

function action(service: string, status: AlarmStatus, timeMs: number): Action {
  const target = targetOf(service);
  return {
    type: 'open',
    incident: { id: service, dashboard: 'default', members: [target], sinceMs: timeMs },
    status,
    timeMs,
    reading: { target, status, timeMs, evidence: { triggered: [] } },
    idempotencyKey: `${service} ${status} ${timeMs}`,
  };
}

type Attempt = { readonly atMs: number; readonly key: string };

/** A dashboard that answers as `answer` says: at once, after 5 s (`slow`) or never. */
function setUp(
  answer: (attempt: number, key: string) => 'sent' | 'known' | Failure | 'hang' | 'slow',
  settings = everyPoll,
) {
  const clock = new FakeClock();
  const attempts: Attempt[] = [];
  const outcomes: string[] = [];
  /** What the journal was told of each attempt. */
  const ends: string[] = [];
  let renewals = 0;
  const dashboard: Dashboard = {
    name: 'default',
    kind: 'fake',
    abilities: { closes: false, lowers: true, attachesEvidence: false, forgets: false },
    tellsTogether: false,
    preview: () => [],
    tell: async ({ action: { idempotencyKey: key } }, signal) => {
      attempts.push({ atMs: clock.monotonic(), key });
      const said = answer(attempts.length, key);
      if (said === 'hang') {
        await new Promise<void>((resolve) => {
          clock.after(10_000, resolve);
          signal.addEventListener('abort', () => resolve());
        });
        throw new Failure('dashboard', signal.aborted ? 'stopped' : 'timeout', 'hung');
      }
      if (said === 'slow') {
        await new Promise<void>((resolve) => clock.after(5_000, resolve));
        return { outcome: 'sent' };
      }
      if (said instanceof Failure) throw said;
      return { outcome: said };
    },
    renewSecrets: async () => {
      renewals++;
      return true;
    },
    stop: () => undefined,
  };
  const ledger = new Ledger({ put: () => undefined });
  /** The ledger knows of them, as when a cycle has decided. */
  const know = (...actions: readonly Action[]) => {
    for (const action of actions) {
      const { key } = action.reading.target;
      ledger.set(settings, key, { ...ledger.get(settings, key), incident: action.incident });
      ledger.intend(settings, action);
    }
  };
  const deliveries = new Deliveries({
    dashboard,
    policy: settings,
    ledger,
    journal: {
      ...silent,
      attempted: (_action, durationMs, said, mayRepeat) =>
        ends.push(`${durationMs} ms ${said?.reason ?? 'answered'}${mayRepeat ? ' again' : ''}`),
      delivered: ({ incident }, outcome, failure) =>
        outcomes.push(`${incident.id} ${outcome}${failure ? ` ${failure.reason}` : ''}`),
    },
    clock,
    chance: () => 0.5,
    maxDataAgeMs: 600_000,
  });
  const offer = (...actions: readonly Action[]) => {
    know(...actions);
    deliveries.offer(actions);
  };
  return { clock, attempts, outcomes, ends, deliveries, offer, know, ledger, renewals: () => renewals };
}

const failure = (reason: FailureReason, facts?: FailureFacts) => new Failure('dashboard', reason, '', facts);

/** Seconds between attempts when the dashboard always fails like this, and the outcome. */
async function check(said: Failure | 'sent' | 'known', gapsS: readonly number[], outcome: string) {
  const { clock, attempts, outcomes, offer } = setUp(() => said);
  offer(action('api', 1, clock.now()));
  await clock.advance(120_000);
  const gaps = attempts.slice(1).map(({ atMs }, at) => (atMs - (attempts[at]?.atMs ?? 0)) / 1000);
  expect(gaps).toEqual(gapsS);
  expect(outcomes).toEqual([`api ${outcome}`]);
}

test('an answer is one attempt', () => check('sent', [], 'sent'));
test('what the dashboard knows already is success', () => check('known', [], 'known'));
test('a failure that may pass is tried four times, 1 s, 2 s, 4 s apart plus up to a quarter', () =>
  check(failure('failed'), [1.125, 2.25, 4.5], 'failed failed'));
test('an unreachable dashboard too', () =>
  check(failure('unreachable'), [1.125, 2.25, 4.5], 'failed unreachable'));
test('a refusal is tried once', () => check(failure('rejected'), [], 'rejected rejected'));
test('Retry-After stretches the wait', () =>
  check(failure('rate_limited', { retryAfterMs: 3_000 }), [3, 3, 4.5], 'failed rate_limited'));
test.each([0, -1_000, -1e15])('Retry-After of %d ms never shortens it', (retryAfterMs) =>
  check(failure('rate_limited', { retryAfterMs }), [1.125, 2.25, 4.5], 'failed rate_limited'),
);
test.each([30_001, 86_400_000, 9_999_999_999_000])('Retry-After of %d ms ends the delivery', (retryAfterMs) =>
  check(failure('rate_limited', { retryAfterMs }), [], 'failed rate_limited'),
);

test('after a long Retry-After the target is left alone for 30 s', async () => {
  const { clock, attempts, offer } = setUp(() => failure('rate_limited', { retryAfterMs: 86_400_000 }));
  for (let second = 0; second <= 60; second += 10) {
    offer(action('api', 1, clock.now()));
    await clock.advance(10_000);
  }
  expect(attempts.map(({ atMs }) => atMs / 1000)).toEqual([0, 30, 60]);
});

test('secrets are read again once after a 401', async () => {
  const { clock, attempts, outcomes, offer, renewals } = setUp(() => failure('unauthorized'));
  offer(action('api', 1, clock.now()));
  await clock.advance(60_000);
  expect(attempts).toHaveLength(2);
  expect(renewals()).toBe(1);
  expect(outcomes).toEqual(['api rejected unauthorized']);
});

test('a newer reading replaces what the next attempt sends and adds none', async () => {
  const { clock, attempts, offer } = setUp(() => failure('failed'));
  offer(action('api', 1, clock.now()));
  await clock.advance(500);
  offer(action('api', 2, clock.now()));
  await clock.advance(60_000);
  expect(attempts.map(({ key }) => key.split(' ')[1])).toEqual(['1', '2', '2', '2']);
});

test('a newer reading that came while the older one was being taken is told at once', async () => {
  const { clock, attempts, outcomes, offer } = setUp((attempt) => (attempt === 1 ? 'slow' : 'sent'));
  offer(action('api', 1, clock.now()));
  await clock.advance(1_000);
  offer(action('api', 2, clock.now()));
  await clock.advance(20_000);
  expect(attempts.map(({ atMs, key }) => [atMs, key.split(' ')[1]])).toEqual([
    [0, '1'],
    [5_000, '2'],
  ]);
  expect(outcomes).toEqual(['api sent', 'api sent']);
});

test('a newer reading that came while the older one failed for good is left to the next cycle', async () => {
  const { clock, attempts, outcomes, offer } = setUp(() => 'hang', { ...everyPoll, retries: 0 });
  offer(action('api', 1, clock.now()));
  await clock.advance(1_000);
  offer(action('api', 2, clock.now()));
  await clock.advance(20_000);
  expect(attempts).toHaveLength(1);
  expect(outcomes).toEqual(['api failed timeout']);
});

test('what no longer holds is not tried again', async () => {
  const { clock, attempts, outcomes, deliveries, offer } = setUp(() => failure('failed'));
  const first = action('api', 1, clock.now());
  offer(first);
  await clock.advance(500);
  deliveries.withdraw(first.reading.target);
  await clock.advance(60_000);
  expect(attempts).toHaveLength(1);
  expect(outcomes).toEqual(['api superseded failed']);
});

test('a reading that has become too old while it waited is not sent', async () => {
  const { clock, attempts, outcomes, offer } = setUp(() => 'sent');
  offer(action('api', 1, clock.now() - 600_001));
  await clock.advance(1_000);
  expect(attempts).toHaveLength(0);
  expect(outcomes).toEqual(['api superseded stale']);
});

test('sixteen at once, one a target', async () => {
  const { clock, attempts, offer } = setUp(() => 'hang', { ...everyPoll, retries: 0 });
  for (let at = 0; at < 40; at++) offer(action(`s${at}`, 1, clock.now()));
  for (let at = 0; at < 40; at++) offer(action(`s${at}`, 1, clock.now() + 1));
  await clock.advance(0);
  expect(attempts).toHaveLength(16);
  await clock.advance(10_000);
  expect(attempts).toHaveLength(32);
  await clock.advance(20_000);
  expect(attempts).toHaveLength(40);
});

test('stopping drops what waits and gives what is under way until the deadline', async () => {
  const { clock, attempts, outcomes, deliveries, offer } = setUp(() => 'hang');
  for (let at = 0; at < 20; at++) offer(action(`s${at}`, 1, clock.now()));
  await clock.advance(0);
  const deadline = new AbortController();
  const drained = deliveries.drain(deadline.signal);
  await clock.advance(4_000);
  expect(outcomes).toEqual([]);
  deadline.abort();
  await clock.advance(0);
  await drained;
  expect(attempts).toHaveLength(16);
  expect(outcomes).toHaveLength(16);
  expect(outcomes[0]).toBe('s0 failed stopped');
});

test('what came after a withdrawal is told, although the attempt before it failed', async () => {
  const { clock, attempts, deliveries, offer } = setUp((attempt) => (attempt === 1 ? 'hang' : 'sent'));
  const first = action('api', 1, clock.now());
  offer(first);
  await clock.advance(1_000);
  deliveries.withdraw(first.reading.target);
  offer(action('api', 2, clock.now()));
  await clock.advance(20_000);
  expect(attempts.map(({ key }) => key.split(' ')[1])).toEqual(['1', '2']);
});

test('an attempt that may have arrived leaves a doubt, whatever the later ones end with', async () => {
  const ambiguous = failure('timeout', { isAmbiguous: true });
  const { clock, offer, ledger } = setUp((attempt) => (attempt === 1 ? ambiguous : failure('unreachable')));
  const { key } = targetOf('api');
  const incident = { id: 'api', dashboard: 'default', members: [targetOf('api')], sinceMs: 0 };
  ledger.set(everyPoll, key, { ...newStanding, incident });
  const offered = action('api', 3, clock.now());
  offer(offered);
  await clock.advance(60_000);
  expect(ledger.get(everyPoll, key).doubts).toMatchObject([{ key: offered.idempotencyKey }]);
});

test('deliveries that take over wait until the attempt of the others has ended, and those try no more', async () => {
  const { clock, attempts, deliveries, offer, know } = setUp((attempt) => (attempt === 1 ? 'hang' : 'sent'));
  offer(action('api', 1, clock.now()));
  await clock.advance(1_000);
  const next = new Deliveries(deliveries.parts, deliveries);
  const over = deliveries.handOver(new AbortController().signal);
  offer(action('late', 1, clock.now()));
  const newest = action('api', 3, clock.now());
  know(newest);
  next.offer([newest]);
  await clock.advance(1_000);
  expect(attempts).toHaveLength(1);
  await clock.advance(20_000);
  await over;
  expect(attempts.map(({ atMs, key }) => [atMs, key.split(' ').slice(0, 2).join(' ')])).toEqual([
    [0, 'api 1'],
    [10_000, 'api 3'],
  ]);
});

test('the journal is told of every attempt, how long it took and whether it may be a second one', async () => {
  const lost = failure('timeout', { isAmbiguous: true });
  const { clock, ends, offer } = setUp(
    (attempt) => ([lost, failure('unreachable'), 'slow'] as const)[attempt - 1] ?? 'sent',
  );
  offer(action('api', 1, clock.now()));
  await clock.advance(60_000);
  expect(ends).toEqual(['0 ms timeout', '0 ms unreachable again', '5000 ms answered again']);
});

test('another message is no second one, although the first may have arrived', async () => {
  const { clock, ends, offer } = setUp(() => failure('timeout', { isAmbiguous: true }));
  offer(action('api', 1, clock.now()));
  await clock.advance(500);
  offer(action('api', 2, clock.now()));
  await clock.advance(60_000);
  expect(ends).toEqual(['0 ms timeout', '0 ms timeout', '0 ms timeout again', '0 ms timeout again']);
});

test.each([
  ['the same message', 1, ' again'],
  ['another one', 2, ''],
] as const)(
  'after a delivery that ended in doubt, %s of a later delivery is told apart',
  async (_, status, mark) => {
    const policy = { ...everyPoll, retries: 0 };
    const { clock, ends, offer, ledger } = setUp(() => failure('timeout', { isAmbiguous: true }), policy);
    const sentMs = clock.now();
    const { incident } = action('api', 1, sentMs);
    ledger.set(policy, targetOf('api').key, { ...newStanding, incident });
    offer(action('api', 1, sentMs));
    await clock.advance(1_000);
    offer(action('api', status, sentMs));
    await clock.advance(1_000);
    expect(ends).toEqual(['0 ms timeout', `0 ms timeout${mark}`]);
  },
);

test('what was never tried is no attempt', async () => {
  const { clock, ends, outcomes, offer } = setUp(() => 'sent');
  offer(action('api', 1, clock.now() - 600_001));
  await clock.advance(1_000);
  expect([ends, outcomes]).toEqual([[], ['api superseded stale']]);
});

test('deliveries count as under way while they wait for their next attempt', async () => {
  const { clock, deliveries, offer } = setUp((attempt) => (attempt < 3 ? failure('failed') : 'sent'));
  expect(deliveries.inFlight).toBe(0);
  for (let at = 0; at < 20; at++) offer(action(`s${at}`, 1, clock.now()));
  await clock.advance(500);
  expect(deliveries.inFlight).toBe(2);
  await clock.advance(60_000);
  expect(deliveries.inFlight).toBe(0);
});
