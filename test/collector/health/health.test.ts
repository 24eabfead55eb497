import { expect, test } from 'vitest';
import type { HealthRules } from '../../../src/collector/health/rules.ts';
import { Failure } from '../../../src/model/failure.ts';
import { limits } from '../../../src/model/limits.ts';
import { flag, lastMinutes, noonMs, rulesOf, service, stage, track } from './stage.ts';

const slow = flag('api.slow');
const errors = flag('api.error-rate', { op: 'lt', threshold: 0.5 });
const api = service([slow, errors], {
  expressions: [
    { text: 'api.slow', weight: 1 },
    { text: 'api.slow && api.error-rate', weight: 2 },
  ],
});
const rules = rulesOf([api]);
const query = (changes: Readonly<Record<string, string>> = {}) =>
  String(new URLSearchParams({ ...lastMinutes, ...changes }));

/** What `/v1/health` and `/api/v1/health` answer alike, and what each of them counts as. */
async function check(
  asked: string,
  status: number,
  body: string,
  given: HealthRules | undefined = rules,
): Promise<void> {
  const { get } = stage(given);
  for (const path of ['/v1/health', '/api/v1/health']) {
    const page = await get(path, asked);
    expect([page.status, page.body]).toEqual([status, body]);
    expect(page.type).toMatch(status === 400 ? /^text\/plain/ : /^application\/json/);
  }
}

const unread = 'Failed to deserialize query string: ';

for (const key of ['from', 'to', 'service', 'environment']) {
  test(`${key} must be there, once`, async () => {
    const without = new URLSearchParams(query());
    without.delete(key);
    await check(String(without), 400, `${unread}missing field \`${key}\``);
    await check(`${query()}&${key}=x`, 400, `${unread}duplicate field \`${key}\``);
  });
}
test('the first of several missing keys is told', () => check('', 400, `${unread}missing field \`from\``));
test('what is asked beside is let be', () => check(query({ x: '1' }), 200, expect.any(String)));
for (const count of ['0', '11001', '-1', '1.5', 'abc', '', '99999999999']) {
  test(`max_data_points=${count} is refused`, () =>
    check(
      query({ max_data_points: count }),
      400,
      `${unread}max_data_points must be a whole number from 1 to 11000`,
    ));
}
const forms = 'RFC 3339 such as 2026-01-20T12:00:00Z, seconds since 1970, now or -5min';
test('a time that cannot be read is named', async () => {
  await check(query({ from: 'banana' }), 400, `from is no time: "banana". Write ${forms}`);
  await check(query({ to: '-5m' }), 400, `to is no time: "-5m". Write ${forms}`);
});
test('a plus that was not encoded is found out', async () => {
  const { get } = stage(rules);
  const asked = 'from=2026-01-20T12:00:00+01:00&to=now&service=api&environment=production';
  const { body } = await get('/v1/health', asked);
  expect(body).toBe(
    'from is no time: "2026-01-20T12:00:00 01:00". Write RFC 3339 such as 2026-01-20T12:00:00Z, and + as %2B, seconds since 1970, now or -5min',
  );
  expect((await get('/v1/health', asked.replace('+', '%2B'))).status).toBe(200);
});
test('from may not be later than to', () =>
  check(query({ from: 'now', to: '-5min' }), 400, 'from is later than to'));
test('a window may not be too long', async () => {
  await check(query({ from: '-32d' }), 400, 'from -32d to now are more than 31 days');
  await check(query({ from: '-46h' }), 400, 'from -46h to now are more than 11000 steps of 15 s');
});

test('a window of just as many steps as a query may have is asked', async () => {
  const { get, questions } = stage(rules);
  const from = String(noonMs / 1_000 - limits.queryStepsMax * 15);
  expect((await get('/v1/health', query({ from }))).status).toBe(200);
  expect(questions[0]).toMatchObject({ fromMs: noonMs - limits.queryStepsMax * 15_000, toMs: noonMs });
});

test('an unknown service is a conflict, as in CloudMon', () =>
  check(query({ service: 'nope' }), 409, '{"message":"Service not supported"}\n'));
test('so is a service in another environment', () =>
  check(query({ environment: 'nope' }), 409, '{"message":"Environment for service not supported"}\n'));
test('without rules nothing can be asked about, and the answer says why', async () => {
  const { get, count } = stage(undefined);
  const page = await get('/v1/health', query());
  expect([page.status, page.body]).toEqual([
    409,
    '{"message":"Service not supported: the configuration has no health_metrics"}\n',
  ]);
  expect(count('answers_total', 'unsupported')).toBe(1);
});

test('a data source that fails makes the answer fail, with the reason, and not with what the log is told', async () => {
  const { get, answers, told, count } = stage(rules);
  answers.set('q(api.slow)', track(9, 9));
  answers.set('q(api.error-rate)', new Failure('datasource', 'unreachable', 'no connection to graphite:80'));
  for (const path of ['/v1/health', '/api/v1/health']) {
    const page = await get(path, query());
    expect([page.status, page.body]).toEqual([500, '{"message":"The data source failed: unreachable"}\n']);
  }
  expect(told).toEqual(['datasource.unreachable', 'datasource.unreachable']);
  expect(count('answers_total', 'failed')).toBe(2);
  expect(count('datasource_errors_total', 'unreachable')).toBe(2);
});
test('that it answers again is told once', async () => {
  const { get, answers, told } = stage(rules);
  answers.set('q(api.slow)', new Failure('datasource', 'timeout', 'no answer'));
  await get('/v1/health', query());
  answers.clear();
  await get('/v1/health', query());
  await get('/v1/health', query());
  expect(told).toEqual(['datasource.timeout', 'recovered']);
});
test('what was wrong with a question is told, and is no failure of the data source', async () => {
  const { get, answers, told, count } = stage(rules);
  for (const failure of [
    new Failure('datasource', 'rejected', 'parse error', { httpStatus: 400 }),
    new Failure('datasource', 'garbled', 'too large', { isTooLarge: true }),
    new Failure('datasource', 'timeout', 'no turn', { isUnsent: true }),
  ]) {
    answers.set('q(api.slow)', failure);
    expect((await get('/v1/health', query())).status).toBe(500);
  }
  answers.clear();
  await get('/v1/health', query());
  expect(told).toEqual([
    'question datasource.rejected',
    'question datasource.garbled',
    'question datasource.timeout',
  ]);
  expect(count('datasource_errors_total', 'rejected')).toBe(1);
});
test('that it knows no such page is a failure of the data source', async () => {
  const { get, answers, told } = stage(rules);
  answers.set('q(api.slow)', new Failure('datasource', 'rejected', 'answered 404', { httpStatus: 404 }));
  await get('/v1/health', query());
  expect(told).toEqual(['datasource.rejected']);
});
test('a service without flags does not tell that it answers again', async () => {
  const { get, answers, told } = stage(rulesOf([api, service([], { key: 'empty' })]));
  answers.set('q(api.slow)', new Failure('datasource', 'timeout', 'no answer'));
  await get('/v1/health', query());
  await get('/v1/health', query({ service: 'empty' }));
  expect(told).toEqual(['datasource.timeout']);
});
test('that we stop is counted, and not told of the data source', async () => {
  const { get, answers, told, count } = stage(rules);
  answers.set('q(api.slow)', new Failure('datasource', 'stopped', 'stopped'));
  expect((await get('/v1/health', query())).status).toBe(500);
  expect(told).toEqual([]);
  expect(count('datasource_errors_total', 'stopped')).toBe(1);
});
test('a bug is no failure of the data source', async () => {
  const { get, answers, told } = stage(rules);
  answers.set('q(api.slow)', Promise.reject(new TypeError('ours')));
  await expect(get('/v1/health', query())).rejects.toThrow('ours');
  expect(told).toEqual([]);
});

test('the answer is CloudMon’s, to the letter', async () => {
  const { get, answers } = stage(rules);
  answers.set('q(api.slow)', track(1, 9, 9));
  answers.set('q(api.error-rate)', track(0, 1, 0));
  const { body, type } = await get('/api/v1/health', query());
  expect(type).toBe('application/json; charset=utf-8');
  const states = (isSlow: boolean, isFailing: boolean) =>
    `"metric_states":{"api.slow":${isSlow},"api.error_rate":${isFailing}}`;
  const slowDetail = '{"name":"api.slow","query":"q(api.slow)","op":"gt","threshold":5}';
  const errorDetail = '{"name":"api.error_rate","query":"q(api.error-rate)","op":"lt","threshold":0.5}';
  expect(body).toBe(
    `{"name":"api","service_category":"compute","environment":"production","metrics":[${[
      `{"timestamp":1768910370,"weight":0,${states(false, true)}}`,
      `{"timestamp":1768910385,"weight":1,${states(true, false)},"matched_expression":"api.slow","triggered_metric_details":[${slowDetail}]}`,
      `{"timestamp":1768910400,"weight":2,${states(true, true)},"matched_expression":"api.slow && api.error-rate","triggered_metric_details":[${slowDetail},${errorDetail}]}`,
    ].join()}]}\n`,
  );
});
test('ours adds what readers of other forms look for', async () => {
  const { ask, answers } = stage(rules);
  answers.set('q(api.slow)', track(1, 9));
  answers.set('q(api.error-rate)', track(0, 0));
  const { metrics, ...head } = await ask(lastMinutes);
  const { metrics: same, ...cloudmon } = await ask(lastMinutes, '/api/v1/health');
  expect(head).toEqual({ ...cloudmon, category: 'compute', status: 2, timestamp: '2026-01-20T12:00:00Z' });
  expect(metrics).toEqual(same);
});
test('no point is no status', async () => {
  const { ask, answers, count } = stage(rules);
  answers.set('q(api.slow)', track(9, 9));
  expect(await ask(lastMinutes)).toEqual({
    name: 'api',
    service_category: 'compute',
    environment: 'production',
    category: 'compute',
    status: null,
    timestamp: null,
    metrics: [],
  });
  expect(count('answers_total', 'no_data')).toBe(1);
  expect(count('answers_total', 'ok')).toBe(0);
});
test('a service without flags has no status, and nobody is asked', async () => {
  const { ask, questions } = stage(rulesOf([service([], { expressions: [{ text: 'true', weight: 3 }] })]));
  expect(await ask(lastMinutes)).toMatchObject({ status: null, metrics: [] });
  expect(questions).toEqual([]);
});

test('all flags are asked about together, equal queries once', async () => {
  const twice = flag('api.very-slow', { query: slow.query, threshold: 8 });
  const { ask, answers, questions } = stage(rulesOf([service([slow, errors, twice])]));
  answers.set('q(api.slow)', track(6));
  answers.set('q(api.error-rate)', track(1));
  const { metrics } = await ask(lastMinutes);
  expect(metrics).toMatchObject([{ metric_states: { 'api.slow': true, 'api.very_slow': false } }]);
  expect(questions).toEqual(
    ['q(api.slow)', 'q(api.error-rate)'].map((query) => ({
      query,
      fromMs: noonMs - 300_000,
      toMs: noonMs,
      untilMs: 10_000,
    })),
  );
});
test('none waits for another', async () => {
  const { get, answers, questions } = stage(rules);
  answers.set('q(api.slow)', new Promise(() => undefined));
  void get('/v1/health', query());
  await Promise.resolve();
  expect(questions).toHaveLength(2);
});
test('the same question, asked by many at once, is worked out once', async () => {
  const { ask, answers, hold, questions, clock, count } = stage(rules);
  const answer = hold('q(api.slow)');
  answers.set('q(api.error-rate)', track(1));
  const asking = [ask(lastMinutes), ask(lastMinutes, '/api/v1/health')];
  await clock.advance(200);
  asking.push(ask(lastMinutes));
  expect(questions).toHaveLength(2);
  answer(track(9));
  for (const answer of await Promise.all(asking)) expect(answer).toMatchObject({ metrics: [{ weight: 1 }] });
  expect(count('answers_total', 'ok')).toBe(3);
  // What was worked out is not kept.
  await ask(lastMinutes);
  expect(questions).toHaveLength(4);
});
test('a question that fails, asked by many at once, is one failure', async () => {
  const { get, answers, told, count } = stage(rules);
  answers.set('q(api.slow)', new Failure('datasource', 'failed', 'HTTP 502'));
  const pages = await Promise.all([1, 2, 3].map(() => get('/v1/health', query())));
  expect(pages.map(({ status }) => status)).toEqual([500, 500, 500]);
  expect([told.length, count('datasource_errors_total', 'failed'), count('answers_total', 'failed')]).toEqual(
    [1, 1, 3],
  );
});
test('after a reload the new rules count at once', async () => {
  let current = rules;
  const { ask, answers, hold } = stage(rules, { rules: () => current });
  const answer = hold('q(api.slow)');
  answers.set('q(api.error-rate)', track(1));
  const before = ask(lastMinutes);
  current = rulesOf([service([slow, errors], { expressions: [{ text: 'api.slow', weight: 3 }] })]);
  const after = ask(lastMinutes);
  answer(track(9));
  expect([(await before)['status'], (await after)['status']]).toEqual([1, 3]);
});

test('times end now, whatever is asked', async () => {
  const { ask, questions } = stage(rules);
  await ask({ ...lastMinutes, from: '2026-01-20T12:59:00+01:00', to: '2026-01-20T12:01:00Z' });
  expect(questions[0]).toMatchObject({ fromMs: noonMs - 60_000, toMs: noonMs });
});
test('nothing is known of the future, and nobody is asked', async () => {
  const { ask, questions } = stage(rules);
  expect(
    await ask({ ...lastMinutes, from: '2027-01-20T12:00:00Z', to: '2028-01-20T12:00:00Z' }),
  ).toMatchObject({
    status: null,
  });
  expect(questions).toEqual([]);
});
test('of many points the newest are shown, newest last', async () => {
  const { ask, answers } = stage(rulesOf([service([slow])]));
  answers.set('q(api.slow)', track(...Array.from({ length: 300 }, (_none, at) => at)));
  const times = async (asked: Readonly<Record<string, string>>) =>
    ((await ask({ ...lastMinutes, from: '-2h', ...asked }))['metrics'] as { timestamp: number }[]).map(
      ({ timestamp }) => (noonMs / 1000 - timestamp) / 15,
    );
  expect(await times({ max_data_points: '3' })).toEqual([2, 1, 0]);
  expect(await times({})).toEqual(Array.from({ length: 100 }, (_none, at) => 99 - at));
  expect(await times({ max_data_points: '11000' })).toHaveLength(300);
});
test('an answer is never larger than our own reader takes', async () => {
  const long = flag('api.slow', { query: `q(${'x'.repeat(8_000)})` });
  const { get, answers } = stage(
    rulesOf([service([long], { expressions: [{ text: 'api.slow', weight: 1 }] })]),
  );
  answers.set(long.query, track(...Array.from({ length: 300 }, () => 9)));
  const { body } = await get('/v1/health', query({ max_data_points: '300', from: '-2h' }));
  expect(Buffer.byteLength(body)).toBeLessThan(1_048_576);
  const { metrics, timestamp } = JSON.parse(String(body)) as { metrics: unknown[]; timestamp: string };
  expect(timestamp).toBe('2026-01-20T12:00:00Z');
  expect(metrics.length).toBeGreaterThan(100);
});
test('where the newest point alone would be larger, the queries in it are left out', async () => {
  const flags = Array.from({ length: 130 }, (_, at) =>
    flag(`api.f${at}`, { query: `q${at}${'x'.repeat(8_100)}` }),
  );
  const { get, ask, answers } = stage(
    rulesOf([service(flags, { expressions: [{ text: 'api.f0', weight: 3 }] })]),
  );
  for (const { query: text } of flags) answers.set(text, track(9, 9));
  expect(Buffer.byteLength((await get('/v1/health', query())).body)).toBeLessThan(limits.answerBytesMax);
  const { metrics, status } = await ask(lastMinutes);
  const points = metrics as { triggered_metric_details: object[] }[];
  expect([status, points.length]).toEqual([3, 2]);
  for (const point of points) {
    expect(point.triggered_metric_details).toHaveLength(130);
    expect(point.triggered_metric_details[0]).toEqual({ name: 'api.f0', op: 'gt', threshold: 5 });
  }
});
test('where a missing flag is down, CloudMon’s points come out', async () => {
  const { ask, answers } = stage(rulesOf([api], { onMissing: 'false' }));
  answers.set('q(api.slow)', track(9));
  expect((await ask(lastMinutes))['metrics']).toMatchObject([
    { weight: 1, metric_states: { 'api.slow': true, 'api.error_rate': false } },
  ]);
});

test('its other pages are CloudMon’s', async () => {
  const { get } = stage(undefined);
  expect(await get('/api/v1/')).toMatchObject({ status: 200, body: '{"name":"v1"}\n' });
  expect(await get('/api/v1/info')).toMatchObject({ status: 200, body: 'V1 API of the CloudMon\n' });
});
test('how long answers take is recorded', async () => {
  const { get, count, hold, clock } = stage(rules);
  const answer = hold('q(api.slow)');
  const page = get('/v1/health', query());
  await clock.advance(2_000);
  answer(track());
  await page;
  expect(count('health_duration_seconds_sum')).toBe(2);
});
