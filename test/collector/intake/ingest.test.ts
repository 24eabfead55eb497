import { expect, test } from 'vitest';
import { other } from '../../../src/collector/window/names.ts';
import { ingesting, refused } from './ingesting.ts';

const metric = '{"service":"api"}';

/** As seed 000 documents it, with its comments, which are not JSON. */
const example = `{
  "timestamp": "2026-02-04T17:00:00Z",  // Optional, auto-generated if omitted
  "service": "frontend-api",
  "method": "GET",
  "path": "/api/products",
  "source_ip": "192.168.1.100",
  "status_code": 200,
  "latency_ms": 45,
  "custom": {                           // Optional custom fields
    "user_agent": "curl/7.68.0"
  }
}`;
const exampleMetric = example.replaceAll(/\/\/.*/g, '');

test('the metric of seed 000 is taken as it is documented', async () => {
  const { send, window } = ingesting();
  const page = await send('json', exampleMetric);
  expect(page).toEqual({
    status: 200,
    type: 'application/json; charset=utf-8',
    body: '{"success":true,"message":"Metric ingested"}\n',
  });
  expect(window.timeRange()).toEqual({
    fromMs: Date.parse('2026-02-04T17:00:00Z'),
    toMs: Date.parse('2026-02-04T17:00:00Z'),
  });
});

test('also the one that its manual test sends', async () => {
  const { send, clock, window } = ingesting();
  const body = `{
    "service": "test-service",
    "method": "GET",
    "path": "/test",
    "source_ip": "127.0.0.1",
    "status_code": 200,
    "latency_ms": 10
  }`;
  expect((await send('json', body)).status).toBe(200);
  expect(window.timeRange()).toEqual({ fromMs: clock.now(), toMs: clock.now() });
});

for (const contentType of [
  'application/json',
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
]) {
  test(`${contentType} is read up to 8 MiB`, () => {
    expect(ingesting().admit(contentType)).toBe(8_388_608);
  });
}

for (const [contentType, why] of [
  ['', 'Content-Type is missing'],
  ['text/plain', 'this Content-Type is not taken'],
  ['application/x-www-form-urlencoded', 'this Content-Type is not taken'],
] as const) {
  test(`${contentType || 'no Content-Type'} is answered with those that are taken`, () => {
    const { admit, refused: counted } = ingesting();
    expect(admit(contentType)).toEqual({
      status: 415,
      type: 'application/json; charset=utf-8',
      body: `{"success":false,"message":"${why}: send application/json, or application/x-ndjson with one object a line"}\n`,
    });
    expect(counted().get('unsupported_type')).toBe(1);
  });
}

test('above its rate an address is refused before anything is read', async () => {
  const { send, admit, accepted, refused: counted } = ingesting({ rate: 3 });
  await send('lines', `${metric}\n`.repeat(9));
  expect(admit('application/json')).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
  expect(admit('application/json', '192.0.2.7')).toBe(8_388_608);
  expect({ accepted: accepted(), limited: counted().get('rate_limited') }).toEqual({
    accepted: 9,
    limited: 1,
  });
});

test('bodies that are still on their way count for one each', () => {
  const { admit } = ingesting({ rate: 3 });
  const answers = Array.from({ length: 5 }, () => admit('application/json'));
  expect(answers.slice(0, 3)).toEqual([8_388_608, 8_388_608, 8_388_608]);
  expect(answers.slice(3)).toMatchObject([{ status: 429 }, { status: 429 }]);
});

test('what is refused for what is in it counts towards the rate', async () => {
  const { send, admit } = ingesting({ rate: 3 });
  await send('lines', 'x\n'.repeat(3));
  expect(admit('application/json')).toMatchObject({ status: 429 });
});

test('also what is no text at all, by its bytes', async () => {
  const { send, admit } = ingesting({ rate: 3 });
  await send('json', Buffer.alloc(40_960, 0xff));
  expect(admit('application/json')).toMatchObject({ status: 429, headers: { 'retry-after': '3' } });
});

test('while draining everybody is refused, and what is under way is done', async () => {
  const { send, admit, admission, idle, window, refused: counted } = ingesting();
  const answer = send('lines', `${metric}\n`.repeat(5_000));
  admission.drain();
  expect(admit('application/json')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
  await idle();
  expect(window.count).toBe(5_000);
  expect(await answer).toMatchObject({ status: 200 });
  expect(counted().get('draining')).toBe(1);
});

test('what the listener refuses is said and counted, too', () => {
  const { intake, refused: counted } = ingesting();
  expect(intake.refusal(413, 'more than 8388608 bytes')).toMatchObject({
    status: 413,
    body: '{"success":false,"message":"more than 8388608 bytes"}\n',
  });
  intake.refusal(503, 'too much at once');
  intake.refusal(415, 'send it as UTF-8');
  expect([...counted()].filter(([, count]) => count > 0)).toEqual([
    ['too_large', 1],
    ['unsupported_type', 1],
    ['overloaded', 1],
  ]);
});

test('what is taken and what is refused is counted by metric and reason', async () => {
  const { send, accepted, refused: counted } = ingesting();
  await send('json', metric);
  await send('json', `[${metric},${metric}]`);
  await send('lines', `${metric}\n${metric}\n`);
  await send('lines', `${metric}\n{"service":1}\n${metric}`);
  await send('lines', `${metric}\nx\n`);
  await send('json', '');
  await send('json', 'x'.repeat(70_000));
  expect(accepted()).toBe(5);
  expect(Object.fromEntries(counted())).toEqual({
    invalid: 3,
    malformed: 3,
    too_large: 1,
    unsupported_type: 0,
    rate_limited: 0,
    overloaded: 0,
    draining: 0,
  });
});

test('its instruments are a counter, a counter by reason and a histogram', async () => {
  const { send, families } = ingesting();
  await send('json', metric);
  await send('json', '{}');
  const shown = families().map(({ name, type, samples }) => ({ name, type, samples: samples.length }));
  expect(shown).toEqual([
    { name: 'cloudmon_collector_metrics_ingested_total', type: 'counter', samples: 1 },
    { name: 'cloudmon_collector_metrics_refused_total', type: 'counter', samples: 7 },
    { name: 'cloudmon_collector_ingest_duration_seconds', type: 'histogram', samples: 12 },
  ]);
  expect(families()[0]?.samples[0]?.value).toBe(1);
  expect(families()[2]?.samples.at(-1)?.value).toBe(2);
});

test('all fields of a metric reach the window', async () => {
  const { send, window } = ingesting();
  const full = '"service":"api","path":"/p","source_ip":"192.0.2.9","status_code":503,"latency_ms":7.5';
  for (const escaped of ['', ',"method":"\\u0047ET"']) await send('json', `{${full}${escaped}}`);
  const [interval] = window.intervals();
  expect(interval).toMatchObject({
    service: 'api',
    environment: 'production',
    requests: 2,
    answered: 2,
    errors: 2,
    replicas: 1,
    latency: { meanMs: 7.5 },
  });
  expect(window.totals.statuses()).toEqual([[503, 2]]);
});

test('environment and instance are those of the metric', async () => {
  const { send, window, settings } = ingesting();
  settings.environment = 'a new default';
  await send(
    'lines',
    `${metric}\n{"service":"api","environment":"test","instance":"a"}\n{"service":"api","environment":"t\\u0065st","instance":"\\u0062"}`,
  );
  const shown = window
    .intervals()
    .map(({ environment, requests, replicas }) => ({ environment, requests, replicas }));
  expect(shown).toEqual([
    { environment: 'a new default', requests: 1, replicas: 1 },
    { environment: 'test', requests: 2, replicas: 2 },
  ]);
});

test('each metric is heard, by its bytes or parsed, where somebody listens', async () => {
  const { send, heard } = ingesting({ hears: true });
  const full =
    '{"service":"api","method":"GET","path":"/p","source_ip":"192.0.2.9","status_code":200,"latency_ms":45}';
  await send('lines', `${full}\n${full.replace('GET', 'P\\u004fST')}\n${metric}\n`);
  await send('lines', `${full}\n{"service":""}\n`);
  expect(heard).toEqual([
    {
      service: 'api',
      environment: 'production',
      source_ip: '192.0.2.9',
      method: 'GET',
      path: '/p',
      status_code: 200,
      latency_ms: 45,
    },
    {
      service: 'api',
      environment: 'production',
      source_ip: '192.0.2.9',
      method: 'POST',
      path: '/p',
      status_code: 200,
      latency_ms: 45,
    },
    { service: 'api', environment: 'production' },
  ]);
});

test('nobody listens, and nothing is heard', async () => {
  const { send, heard } = ingesting();
  await send('json', metric);
  expect(heard).toEqual([]);
});

test('a batch of 8 MiB is taken whole', async () => {
  const { send, window, held } = ingesting();
  const line = '{"service":"api","path":"/api/products","status_code":200,"latency_ms":12.25}\n';
  const count = Math.floor(8_388_608 / line.length);
  expect(JSON.parse(String((await send('lines', line.repeat(count))).body))).toEqual({
    success: true,
    message: 'Metrics ingested',
    ingested: count,
  });
  expect(window.count).toBe(count);
  expect(window.totals.statuses()).toEqual([[200, count]]);
  expect(held()).toBeGreaterThan(2);
});

test('with a wrong last line it is refused whole, and no name is held', async () => {
  const { send, window, held } = ingesting();
  const lines = Array.from({ length: 60_000 }, (_, i) => `{"service":"s${i % 40_000}","instance":"i${i}"}`);
  const page = await send('lines', `${lines.join('\n')}\n{"service":"api","latency_ms":"x"}`);
  const what = 'must be a number from 0 to 1000000000000';
  expect(String(page.body).trim()).toBe(refused('latency_ms', what, 60_000));
  expect({ count: window.count, held: held() }).toEqual({ count: 0, held: 0 });
});

test('an array of 8 MiB is taken whole, and refused whole', async () => {
  const { send, window } = ingesting();
  const elements = `{"service":"api","custom":{"text":"${'x'.repeat(1_000)}"}},`.repeat(7_900);
  expect((await send('json', `[${elements}${metric}]`)).status).toBe(200);
  expect((await send('json', `[${elements}{}]`)).status).toBe(400);
  expect(window.count).toBe(7_901);
});

test('a service that has no room is another', async () => {
  const { send, window } = ingesting();
  const many = Array.from({ length: 50_001 }, (_, i) => `{"service":"s${i}"}`);
  await send('lines', many.join('\n'));
  expect(window.totals.requests(other)).toBe(1);
});

test('long batches are done one after the other, and a single metric does not wait for them', async () => {
  const { send, window } = ingesting();
  const done: string[] = [];
  const line = `${metric}\n`.repeat(20_000);
  const answers = ['first', 'second'].map((name) => send('lines', line).then(() => done.push(name)));
  await send('json', metric).then(() => done.push('single'));
  expect(done).toEqual(['single']);
  expect(window.count).toBe(1);
  await Promise.all(answers);
  expect(done).toEqual(['single', 'first', 'second']);
  expect(window.count).toBe(40_001);
});

test('everything else has its turn while a long batch is read, stored or forgotten', async () => {
  const { clock, ...on } = ingesting();
  // Each look at the clock takes a millisecond.
  let nowMs = 0;
  Object.assign(clock, { monotonic: () => nowMs++ });
  let turns = 0;
  let isDone = false;
  const count = () => {
    turns++;
    if (!isDone) setImmediate(count);
  };
  setImmediate(count);
  for (const last of [metric, 'x']) {
    turns = 0;
    await on.send('lines', `${metric}\n`.repeat(50_000) + last);
    expect(turns).toBeGreaterThan(50);
  }
  isDone = true;
});

test('a bug in one batch is told to who sent it, and the next one is taken', async () => {
  const { send, window } = ingesting();
  const add = window.add;
  Object.assign(window, {
    add: () => {
      throw new Error('a bug');
    },
  });
  await expect(send('lines', `${metric}\n`.repeat(2_000))).rejects.toThrow('a bug');
  Object.assign(window, { add });
  const page = await send('lines', `${metric}\n`.repeat(2_000));
  expect(JSON.parse(String(page.body))).toMatchObject({ ingested: 2_000 });
  expect(window.count).toBe(2_000);
});
