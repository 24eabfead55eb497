/** What each event does to which series. */
import { expect, test } from 'vitest';
import { Failure, type FailureReason, failureReasons } from '../../src/model/failure.ts';
import { outcomes } from '../../src/model/outcome.ts';
import type { Reading } from '../../src/model/reading.ts';
import { parsePage } from './page-parser.ts';
import { actionFor, reading, stage, targetOf } from './stage.ts';

const api = targetOf('api');

type Stage = ReturnType<typeof stage>;

/** Every series of our own, by its name without the prefix, with its labels. */
async function series({ ask }: Stage): Promise<Record<string, number>> {
  const families = parsePage((await ask('/metrics')).body, 'text');
  return Object.fromEntries(
    families.flatMap(({ samples }) =>
      samples.map(({ name, labels, value }) => {
        const short = name.replace('cloudmon_reporter_', '');
        return [[short, ...Object.entries(labels).map((label) => label.join('='))].join(' '), value];
      }),
    ),
  );
}

/** The series that the events change, and by how much. */
async function check(happen: (on: Stage) => void, expected: Record<string, number>) {
  const on = stage([api], ['default', 'other']);
  const before = await series(on);
  happen(on);
  const changed = Object.entries(await series(on)).filter(([name, value]) => before[name] !== value);
  expect(Object.fromEntries(changed.map(([name, value]) => [name, value - (before[name] ?? 0)]))).toEqual(
    expected,
  );
}

const failure = (reason: FailureReason) => new Failure('dashboard', reason, '');
const buckets = (family: string, labels: string, from: string) => {
  const bounds = ['0.001', '0.005', '0.01', '0.05', '0.1', '0.5', '1.0', '5.0', '10.0'];
  if (family.startsWith('poll_cycle')) bounds.push('30.0', '60.0');
  bounds.push('+Inf');
  return Object.fromEntries(
    bounds
      .slice(bounds.indexOf(from))
      .map((le) => [[`${family}_bucket`, labels, `le=${le}`].filter(Boolean).join(' '), 1]),
  );
};

test('a request to the convertor that was answered', () =>
  check(({ witness }) => witness.asked(api, 120, undefined), {
    ...buckets('convertor_request_duration_seconds', '', '0.5'),
    convertor_request_duration_seconds_sum: 0.12,
    convertor_request_duration_seconds_count: 1,
    convertor_connected: 1,
  }));

test('a duration on a bound belongs below it', () =>
  check(({ witness }) => witness.asked(api, 10_000, failure('timeout')), {
    ...buckets('convertor_request_duration_seconds', '', '10.0'),
    convertor_request_duration_seconds_sum: 10,
    convertor_request_duration_seconds_count: 1,
    'convertor_errors_total reason=timeout': 1,
  }));

test('one that took longer than any bound', () =>
  check(({ witness }) => witness.asked(api, 60_000, failure('timeout')), {
    ...buckets('convertor_request_duration_seconds', '', '+Inf'),
    convertor_request_duration_seconds_sum: 60,
    convertor_request_duration_seconds_count: 1,
    'convertor_errors_total reason=timeout': 1,
  }));

test('a cycle', async () => {
  await check(({ witness }) => witness.cycleDone(45_000, []), {
    ...buckets('poll_cycle_duration_seconds', '', '60.0'),
    poll_cycle_duration_seconds_sum: 45,
    poll_cycle_duration_seconds_count: 1,
    health_status: 0.5,
    // Absent before it.
    last_cycle_timestamp_seconds: Date.parse('2026-01-20T12:00:00Z') / 1000,
  });
});

test('skipped cycles', () => check(({ witness }) => witness.cyclesSkipped(3), { cycles_skipped_total: 3 }));

const noData = (reason: Reading extends infer R ? (R extends { reason: infer W } ? W : never) : never) =>
  ({ target: api, status: undefined, reason, detail: '' }) as const;

test('a reading with data', () =>
  check(({ witness }) => witness.read(reading(api, 2)), {
    'polls_total result=ok': 1,
    'service_status service=api environment=production': 3,
  }));

test.each(['empty', 'incomplete'] as const)('an answer that is %s', (reason) =>
  check(({ witness }) => witness.read(noData(reason)), { 'polls_total result=no_data': 1 }),
);

test('an answer that is too old, although no request failed', () =>
  check(({ witness }) => witness.read(noData('stale')), {
    'polls_total result=no_data': 1,
    'convertor_errors_total reason=stale': 1,
  }));

test.each(['unreachable', 'timeout', 'garbled', 'unsupported', 'failed', 'unauthorized'] as const)(
  'a poll that ends with %s: its requests were counted already',
  (reason) => check(({ witness }) => witness.read(noData(reason)), { 'polls_total result=error': 1 }),
);

test('a poll that was left out because the convertor is gone', () =>
  check(({ witness }) => witness.read({ ...noData('unreachable'), isUnasked: true }), {
    'polls_total result=no_data': 1,
  }));

test('silence that counts as a status', () =>
  check(
    ({ witness }) =>
      witness.read({
        ...(reading(api, 2) as Reading & { status: 2 }),
        insteadOf: noData('timeout'),
      } as Reading),
    { 'polls_total result=error': 1, 'service_status service=api environment=production': 3 },
  ));

test('a poll that we stopped ourselves is none', () =>
  check(({ witness }) => witness.read(noData('stopped')), {}));

test('a status that changes is a flap; silence is not, nor is what comes back after it unchanged', () =>
  check(
    ({ witness }) => {
      for (const status of [0, undefined, 0, 1, 1, undefined, 2] as const) witness.read(reading(api, status));
    },
    {
      'polls_total result=ok': 5,
      'polls_total result=error': 2,
      'service_status service=api environment=production': 3,
      'service_flaps_total service=api environment=production': 2,
    },
  ));

test('an attempt that was answered', () =>
  check(({ witness }) => witness.attempted(actionFor(api, 'default'), 2, undefined, false), {
    ...buckets('dashboard_request_duration_seconds', 'dashboard=default', '0.005'),
    'dashboard_request_duration_seconds_sum dashboard=default': 0.002,
    'dashboard_request_duration_seconds_count dashboard=default': 1,
    'dashboard_connected dashboard=default': 1,
  }));

test.each(failureReasons.filter((reason) => reason !== 'unauthorized'))(
  'an attempt that ends with %s',
  (reason) =>
    check(({ witness }) => witness.attempted(actionFor(api, 'default'), 0, failure(reason), true), {
      ...buckets('dashboard_request_duration_seconds', 'dashboard=default', '0.001'),
      'dashboard_request_duration_seconds_count dashboard=default': 1,
      [`dashboard_errors_total dashboard=default reason=${reason}`]: 1,
      'ambiguous_resends_total dashboard=default': 1,
      ...(reason !== 'stopped' && {
        'dashboard_connected dashboard=default': reason === 'timeout' || reason === 'unreachable' ? 0 : 1,
      }),
    }),
);

test.each(['unreachable', 'failed'] as const)('a dashboard whose kind was not found out: %s', (reason) =>
  check(
    ({ witness }) => {
      witness.undecided('default', undefined);
      witness.undecided('default', failure(reason));
      witness.undecided('unknown', failure(reason));
    },
    {
      [`dashboard_errors_total dashboard=default reason=${reason}`]: 1,
      'dashboard_connected dashboard=default': reason === 'unreachable' ? 0 : 1,
    },
  ),
);

test('a dashboard whose kind was found out', () =>
  check(({ witness }) => witness.decided('default', 'stackmon-v2'), {
    'dashboard_connected dashboard=default': 1,
  }));

test('an attempt whose token is refused', () =>
  check(({ witness }) => witness.attempted(actionFor(api, 'other'), 0, failure('unauthorized'), false), {
    ...buckets('dashboard_request_duration_seconds', 'dashboard=other', '0.001'),
    'dashboard_request_duration_seconds_count dashboard=other': 1,
    'dashboard_errors_total dashboard=other reason=unauthorized': 1,
    'dashboard_connected dashboard=other': 1,
    token_failures_total: 1,
  }));

test('an attempt that a proxy refuses is not about the token', async () => {
  const on = stage([api]);
  const refusal = new Failure('dashboard', 'unauthorized', '', { httpStatus: 407 });
  on.witness.attempted(actionFor(api, 'default'), 0, refusal, false);
  expect(await series(on)).toMatchObject({
    'dashboard_errors_total dashboard=default reason=unauthorized': 1,
    token_failures_total: 0,
  });
});

test.each(outcomes)('a delivery that ends as %s', (outcome) =>
  check(({ witness }) => witness.delivered(actionFor(api, 'other'), outcome, undefined, undefined), {
    [`notifications_total dashboard=other outcome=${outcome}`]: 1,
  }),
);

test('a dashboard that nobody configured has no series', () =>
  check(({ witness }) => {
    witness.attempted(actionFor(api, 'unknown'), 1, failure('unauthorized'), true);
    witness.delivered(actionFor(api, 'unknown'), 'sent', undefined, undefined);
  }, {}));

test('every label value from a closed list is there from the start, with 0', async () => {
  const all = await series(stage([api], ['default']));
  for (const result of ['ok', 'no_data', 'error']) expect(all[`polls_total result=${result}`]).toBe(0);
  for (const reason of failureReasons) {
    expect(all[`convertor_errors_total reason=${reason}`]).toBe(0);
    expect(all[`dashboard_errors_total dashboard=default reason=${reason}`]).toBe(0);
  }
  for (const outcome of outcomes) {
    expect(all[`notifications_total dashboard=default outcome=${outcome}`]).toBe(0);
  }
  expect(all).toMatchObject({
    'ambiguous_resends_total dashboard=default': 0,
    'deliveries_in_flight dashboard=default': 0,
    token_failures_total: 0,
    cycles_skipped_total: 0,
    'service_status service=api environment=production': -1,
    'service_flaps_total service=api environment=production': 0,
    config_last_reload_successful: 1,
    'build_info version=1.2.3 runtime=v20.19.0': 1,
    process_resident_memory_bytes: 50_000_000,
    process_cpu_seconds_total: 1.5,
    process_open_fds: 20,
    process_start_time_seconds: Date.parse('2026-01-20T12:00:00Z') / 1000,
  });
  expect(
    Object.keys(all).filter((name) => /^(dashboard_connected|unowned_incidents|last_cycle)/.test(name)),
  ).toEqual([]);
});

test('deliveries under way are those of the dashboards that are configured', async () => {
  const on = stage([api], ['default', 'other']);
  on.inFlight.set('default', 7).set('gone', 3);
  expect(await series(on)).toMatchObject({
    'deliveries_in_flight dashboard=default': 7,
    'deliveries_in_flight dashboard=other': 0,
  });
  expect(Object.keys(await series(on)).filter((name) => name.includes('gone'))).toEqual([]);
});

test('a reload keeps what stays, forgets what goes and starts afresh with what comes', async () => {
  const on = stage([api, targetOf('old')], ['default', 'old']);
  for (const dashboard of ['default', 'old'])
    on.witness.delivered(actionFor(api, dashboard), 'sent', undefined, undefined);
  for (const status of [0, 1] as const) on.witness.read(reading(api, status));
  await on.clock.advance(5_000);
  on.configure([api, targetOf('new')], ['default', 'new']);
  const all = await series(on);
  expect(all).toMatchObject({
    'notifications_total dashboard=default outcome=sent': 1,
    'notifications_total dashboard=new outcome=sent': 0,
    'service_flaps_total service=api environment=production': 1,
    'service_status service=api environment=production': 1,
    'service_status service=new environment=production': -1,
    'polls_total result=ok': 2,
    config_last_reload_success_timestamp_seconds: Date.parse('2026-01-20T12:00:05Z') / 1000,
    uptime_seconds: 5,
  });
  expect(Object.keys(all).filter((name) => name.includes('=old'))).toEqual([]);
});

test('a refused reload says so, and when the last good one was', async () => {
  const on = stage([api]);
  await on.clock.advance(5_000);
  on.refuseReload();
  expect(await series(on)).toMatchObject({
    config_last_reload_successful: 0,
    config_last_reload_success_timestamp_seconds: Date.parse('2026-01-20T12:00:00Z') / 1000,
  });
  on.configure([api]);
  expect(await series(on)).toMatchObject({ config_last_reload_successful: 1 });
});

test('health is a number too', async () => {
  const on = stage([api]);
  const level = async () => (await series(on))['health_status'];
  expect(await level()).toBe(0.5);
  on.witness.cycleDone(1, [reading(api, 0)]);
  expect(await level()).toBe(1);
  await on.clock.advance(180_001);
  expect(await level()).toBe(0);
});

test('two telemetries in one process know nothing of each other', async () => {
  const [one, other] = [stage([api]), stage([api])];
  one.witness.cyclesSkipped(5);
  expect((await series(one))['cycles_skipped_total']).toBe(5);
  expect((await series(other))['cycles_skipped_total']).toBe(0);
});
