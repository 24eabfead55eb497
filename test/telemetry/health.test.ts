/** What makes the program healthy, degraded or unhealthy, and what it says about it. */
import { expect, test } from 'vitest';
import { Failure, type FailureFacts, type FailureReason } from '../../src/model/failure.ts';
import type { Reading } from '../../src/model/reading.ts';
import { actionFor, reading, stage, targetOf } from './stage.ts';

const minuteMs = 60_000;
const api = targetOf('api');
const web = targetOf('web');

function setUp() {
  const on = stage([api, web], ['public', 'internal']);
  const health = async () => {
    const { status, body } = await on.ask('/health');
    const { reasons, ...said } = JSON.parse(body);
    return { code: status, status: said.status, reasons, said };
  };
  /** A cycle that ends now. */
  const cycle = (...readings: readonly Reading[]) => {
    for (const each of readings) on.witness.read(each);
    on.witness.cycleDone(100, readings);
  };
  const refuse = (service: string, dashboard: string, reason: FailureReason, facts?: FailureFacts) =>
    on.witness.delivered(
      actionFor(targetOf(service), dashboard),
      'rejected',
      new Failure('dashboard', reason, 'token abc was refused by https://user:word@host', facts),
      undefined,
    );
  return { ...on, health, cycle, refuse };
}

const failed = (service: string, reason: FailureReason): Reading => ({
  target: targetOf(service),
  status: undefined,
  reason,
  detail: 'said by http://user:word@host',
});

test('the whole answer', async () => {
  const { clock, cycle, health } = setUp();
  cycle(reading(api, 0), reading(web, 2));
  await clock.advance(90_000);
  expect((await health()).said).toEqual({
    status: 'healthy',
    timestamp: '2026-01-20T12:01:30Z',
    uptime_seconds: 90,
    version: '1.2.3',
  });
});

test('before the first cycle has ended it is starting, which is answered with 200', async () => {
  const { health } = setUp();
  expect(await health()).toMatchObject({
    code: 200,
    status: 'degraded',
    reasons: [{ reason: 'starting', message: 'the first cycle is under way' }],
  });
});

test('a first cycle that does not end within three intervals is late', async () => {
  const { clock, health } = setUp();
  await clock.advance(3 * minuteMs);
  expect((await health()).status).toBe('degraded');
  await clock.advance(1_000);
  expect(await health()).toMatchObject({
    code: 503,
    status: 'unhealthy',
    reasons: [{ reason: 'cycle_late', message: 'no cycle has ended for 181 s' }],
  });
});

test('so is any later one, until one ends', async () => {
  const { clock, cycle, health } = setUp();
  cycle(reading(api, 0));
  await clock.advance(3 * minuteMs);
  expect((await health()).status).toBe('healthy');
  await clock.advance(1);
  expect((await health()).code).toBe(503);
  cycle(reading(api, 0));
  expect((await health()).code).toBe(200);
});

test('a reload that shortens the interval does not make the cycle before it late', async () => {
  const { clock, cycle, configure, health } = setUp();
  cycle(reading(api, 0));
  await clock.advance(2 * minuteMs);
  configure([api], ['public'], 1_000);
  expect((await health()).status).toBe('healthy');
  await clock.advance(3_001);
  expect((await health()).status).toBe('unhealthy');
});

test('reloads again and again do not hide that no cycle ends', async () => {
  const { clock, configure, health } = setUp();
  for (let minute = 0; minute < 4; minute++) {
    await clock.advance(minuteMs);
    configure([api]);
  }
  expect((await health()).status).toBe('unhealthy');
});

test.each([
  ['unreachable', 'convertor_unreachable', 'the convertor does not answer (unreachable)'],
  ['timeout', 'convertor_unreachable', 'the convertor does not answer (timeout)'],
  ['failed', 'convertor_failing', 'the convertor gives the status of no target (failed)'],
  ['garbled', 'convertor_failing', 'the convertor gives the status of no target (garbled)'],
  ['unauthorized', 'convertor_failing', 'the convertor gives the status of no target (unauthorized)'],
  ['unsupported', 'convertor_failing', 'the convertor gives the status of no target (unsupported)'],
] as const)('when every poll ends with %s the program is degraded: %s', async (why, reason, message) => {
  const { cycle, health } = setUp();
  cycle(failed('api', why), failed('web', why));
  expect(await health()).toMatchObject({ code: 200, status: 'degraded', reasons: [{ reason, message }] });
  cycle(failed('api', why), reading(web, 0));
  expect(await health()).toMatchObject({ status: 'healthy', reasons: [] });
});

test('polls that were left out because the convertor is gone do not hide it', async () => {
  const { cycle, health } = setUp();
  cycle(failed('api', 'timeout'), { ...failed('web', 'unreachable'), isUnasked: true } as Reading);
  expect((await health()).reasons).toMatchObject([{ reason: 'convertor_unreachable' }]);
});

test('a convertor that gives only old answers is in trouble, one without anything to say is not', async () => {
  const { cycle, health } = setUp();
  const empty = { ...failed('web', 'stale'), reason: 'empty' } as Reading;
  cycle(failed('api', 'stale'), empty);
  expect((await health()).reasons).toEqual([
    { reason: 'convertor_failing', message: 'the convertor gives the status of no target (stale)' },
  ]);
  cycle(failed('api', 'stale'), reading(web, 0));
  expect((await health()).status).toBe('healthy');
  cycle(empty);
  expect((await health()).status).toBe('healthy');
});

test('a dashboard that is not told degrades, with how many targets, why, and nothing that it said', async () => {
  const { cycle, refuse, health } = setUp();
  cycle(reading(api, 1), reading(web, 1));
  refuse('api', 'public', 'unauthorized', { httpStatus: 401 });
  refuse('web', 'public', 'unauthorized', { httpStatus: 403 });
  refuse('web', 'internal', 'timeout');
  expect(await health()).toMatchObject({
    code: 200,
    status: 'degraded',
    reasons: [
      {
        reason: 'dashboard_failing',
        message: 'dashboard public could not be told about 2 targets (unauthorized, HTTP 403)',
        dashboard: 'public',
      },
      {
        reason: 'dashboard_failing',
        message: 'dashboard internal could not be told about 1 target (timeout)',
        dashboard: 'internal',
      },
    ],
  });
});

test('an attempt that failed counts at once, until one is answered well', async () => {
  const { cycle, witness, health } = setUp();
  cycle(reading(api, 1));
  const refusal = new Failure('dashboard', 'failed', 'answered 503', { httpStatus: 503 });
  witness.attempted(actionFor(api, 'public'), 10, refusal, false);
  expect((await health()).reasons).toMatchObject([
    {
      reason: 'dashboard_failing',
      message: 'dashboard public could not be told about 1 target (failed, HTTP 503)',
    },
  ]);
  witness.attempted(actionFor(api, 'public'), 10, undefined, true);
  expect((await health()).status).toBe('healthy');
});

test('until it takes the next one, or nothing failed any more for three intervals', async () => {
  const { clock, cycle, refuse, witness, health } = setUp();
  cycle(reading(api, 1));
  refuse('api', 'public', 'rejected');
  witness.delivered(actionFor(api, 'public'), 'sent', undefined, undefined);
  expect((await health()).status).toBe('healthy');
  refuse('api', 'public', 'rejected');
  for (let minute = 0; minute <= 3; minute++) {
    expect((await health()).status).toBe('degraded');
    await clock.advance(minuteMs);
    cycle(reading(api, 0));
  }
  expect((await health()).status).toBe('healthy');
});

test('a dashboard or target that a reload removed troubles nobody', async () => {
  const { cycle, refuse, configure, health } = setUp();
  cycle(reading(api, 1));
  refuse('api', 'public', 'rejected');
  refuse('web', 'internal', 'rejected');
  configure([api], ['internal']);
  expect((await health()).status).toBe('healthy');
});

test('a refused configuration degrades until one is taken', async () => {
  const { cycle, refuseReload, configure, health } = setUp();
  cycle(reading(api, 0));
  refuseReload();
  expect(await health()).toMatchObject({
    code: 200,
    status: 'degraded',
    reasons: [
      {
        reason: 'configuration_broken',
        message: 'the newest configuration was refused: the one before stays in effect',
      },
    ],
  });
  configure([api]);
  expect((await health()).status).toBe('healthy');
});

test('all reasons are told at once', async () => {
  const { clock, cycle, refuse, refuseReload, health, ask } = setUp();
  cycle(failed('api', 'timeout'), failed('web', 'timeout'));
  refuse('api', 'public', 'failed', { httpStatus: 500 });
  refuseReload();
  await clock.advance(10 * minuteMs);
  const { code, reasons } = await health();
  expect(code).toBe(503);
  expect(reasons.map(({ reason }: { reason: string }) => reason)).toEqual([
    'cycle_late',
    'convertor_unreachable',
    'dashboard_failing',
    'configuration_broken',
  ]);
  expect((await ask('/health')).body).not.toMatch(/word|abc|said/);
});

test('a dashboard of which nobody knows the kind is told nothing: it is degraded, and not ready until once', async () => {
  const { witness, configure, cycle, health, ask } = setUp();
  const isReady = async () => (await ask('/-/ready')).status === 200;
  const refused = new Failure('dashboard', 'failed', 'token abc: answered 503', { httpStatus: 503 });
  const gone = new Failure('dashboard', 'unreachable', 'http://user:word@host is not there');
  witness.undecided('internal', undefined);
  cycle(reading(api, 0), reading(web, 0));
  const reasons = (message: string) => [{ reason: 'dashboard_undecided', message, dashboard: 'internal' }];
  expect(await health()).toMatchObject({
    code: 200,
    status: 'degraded',
    reasons: reasons('dashboard internal is told nothing yet: it is being found out which kind it is'),
  });
  expect(await isReady()).toBe(false);
  witness.undecided('internal', refused);
  const untold = 'dashboard internal is told nothing: which kind it is could not be found out';
  expect((await health()).reasons).toEqual(reasons(`${untold} (failed, HTTP 503)`));
  witness.decided('internal', 'stackmon-v1');
  expect([(await health()).status, await isReady()]).toEqual(['healthy', true]);

  // A reload that changes it has it found out again.
  witness.undecided('internal', undefined);
  expect([(await health()).status, await isReady()]).toEqual(['healthy', true]);
  witness.undecided('internal', gone);
  expect((await health()).reasons).toEqual(reasons(`${untold} (unreachable)`));
  expect(await isReady()).toBe(true);

  witness.undecided('public', gone);
  expect(await isReady()).toBe(false);
  configure([api, web], ['internal']);
  witness.undecided('public', gone);
  expect(await isReady()).toBe(true);
});

test('nobody waits to know the kind of a dashboard that is paused, or whose kind is written by now', async () => {
  const { witness, configure, cycle, health, ask } = setUp();
  cycle(reading(api, 0), reading(web, 0));
  const found = { name: 'public', kind: 'auto', mode: 'send' } as const;
  for (const facts of [{ ...found, mode: 'paused' } as const, { ...found, kind: 'stackmon-v1' }]) {
    configure([api, web], [found]);
    witness.undecided('public', new Failure('dashboard', 'unreachable', 'not there'));
    configure([api, web], [found]);
    expect([(await health()).status, (await ask('/-/ready')).status]).toEqual(['degraded', 503]);
    configure([api, web], [facts]);
    expect([(await health()).status, (await ask('/-/ready')).status]).toEqual(['healthy', 200]);
  }
});
