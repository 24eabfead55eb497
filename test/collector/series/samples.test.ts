/** `POST /api/samples`: what is taken, and what is wrong with the rest. */
import { expect, test } from 'vitest';
import { type Opened, opened } from './opened.ts';

const recorded = { success: true, message: 'Sample recorded' };
const sample = { name: 'queue_length', labels: { queue: 'mail' }, value: 3 };

function valuesOf({ store }: Opened, name: string): readonly (readonly number[])[] {
  return Array.from(store.select(name), (series) =>
    series.range(0, Number.POSITIVE_INFINITY).flatMap(({ values }) => Array.from(values)),
  );
}

test('one sample is recorded', async () => {
  const series = opened();
  const { status, said } = await series.post(sample);
  expect([status, said]).toEqual([200, recorded]);
  const [only] = series.store.select('queue_length');
  expect(only?.labels).toEqual({ queue: 'mail' });
  expect(only?.latest).toEqual({ timeMs: series.clock.now(), value: 3 });
  expect(series.counted()).toEqual([
    'cloudmon_collector_series: 1',
    'cloudmon_collector_series_points: 1',
    'cloudmon_collector_samples_recorded_total: 1',
  ]);
});

test('an array is recorded', async () => {
  const series = opened();
  const { said } = await series.post([sample, { name: 'other', value: 1 }, { ...sample, value: 4 }]);
  expect(said).toEqual({ success: true, message: 'Samples recorded', ingested: 3 });
  // Two of one moment: the last one stays.
  expect([valuesOf(series, 'queue_length'), valuesOf(series, 'other')]).toEqual([[[4]], [[1]]]);
});

test('lines are recorded', async () => {
  const series = opened();
  const { said } = await series.post(
    `${JSON.stringify(sample)}\n\n${JSON.stringify({ name: 'other', value: 1 })}\n`,
    'application/x-ndjson',
  );
  expect(said).toEqual({ success: true, message: 'Samples recorded', ingested: 2 });
});

test('an array of nothing is nothing', async () => {
  expect((await opened().post('[]')).said).toEqual({
    success: true,
    message: 'Samples recorded',
    ingested: 0,
  });
});

test('the first sight says what a metric is', async () => {
  const series = opened();
  const said = { type: 'counter', unit: 'bytes', help: 'Bytes sent.' };
  await series.post({ ...sample, name: 'sent_total', ...said });
  await series.post({ ...sample, name: 'sent_total', value: 4 });
  expect(series.store.metric('sent_total')).toEqual({ name: 'sent_total', family: 'sent_total', ...said });
});

test('a metric that the document knows is what the document says', async () => {
  const series = opened();
  expect((await series.post({ name: 'betanet_packets_processed', value: 5 })).status).toBe(200);
  expect((await series.post({ name: 'betanet_latency', value: 5, type: 'gauge', help: 'x' })).status).toBe(
    200,
  );
  expect(series.store.metric('betanet_packets_processed')?.type).toBe('counter');
  expect(series.store.metric('betanet_latency')?.help).toBe('Latency of Betanet.');
});

test('the value may be a word that JSON has no number for', async () => {
  const series = opened();
  for (const [index, value] of ['NaN', '+Inf', '-Inf'].entries()) {
    await series.post({ name: 'x', value, timestamp: new Date(series.clock.now() + index).toISOString() });
  }
  expect(valuesOf(series, 'x')).toEqual([[Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]]);
});

test('samples of the past are put in their place', async () => {
  const series = opened();
  const at = (timestamp: string, value: number) => ({ name: 'x', value, timestamp });
  await series.post([
    at('2026-01-20T11:59:00Z', 3),
    at('2026-01-19T12:00:00Z', 1),
    at('2026-01-20T13:00:00.5+02:00', 2),
    at('2026-01-20T12:01:00Z', 4),
  ]);
  expect(valuesOf(series, 'x')).toEqual([[1, 2, 3, 4]]);
});

test('an empty value is no label', async () => {
  const series = opened();
  await series.post([{ ...sample, labels: { queue: 'mail', zone: '' } }, sample]);
  expect(series.store.seriesCount).toBe(1);
});

test('parts of a histogram are put under their family', async () => {
  const series = opened();
  const part = (name: string, value: number, labels: object = {}) => ({
    name,
    value,
    labels,
    type: 'histogram',
  });
  const { status } = await series.post([
    part('x_sum', 3),
    part('x_bucket', 2, { le: '+Inf' }),
    part('x_bucket', 1, { le: '0.5' }),
    part('x_count', 2),
  ]);
  expect(status).toBe(200);
  expect(series.printable().map(({ name, samples }) => [name, samples.map((each) => each.name)])).toEqual([
    ['x', ['x_bucket', 'x_bucket', 'x_sum', 'x_count']],
  ]);
});

async function check(fields: object, field: string, message: string): Promise<void> {
  const series = opened();
  const { status, said } = await series.post({ ...sample, ...fields });
  expect(said).toEqual({
    success: false,
    message: `${field}: ${message}`,
    errors: [{ index: 0, field, message }],
  });
  expect([status, series.store.seriesCount]).toEqual([400, 0]);
  expect(series.counted()).toEqual(['cloudmon_collector_samples_refused_total invalid: 1']);
}

const nameMessage = 'must be 1 to 200 letters, digits, _ and :, and begin with no digit';
const labelMessage =
  'has a name that is not 1 to 200 letters, digits and _, or begins with a digit or with __';
const valueMessage = 'must be a number, or NaN, +Inf or -Inf as text';
const timeMessage = 'such as 2026-02-04T17:00:00Z';

test('no name', () => check({ name: undefined }, 'name', 'is missing'));
test('a name of null', () => check({ name: null }, 'name', 'is null'));
test('a name that is a number', () => check({ name: 5 }, 'name', 'must be text'));
test('an empty name', () => check({ name: '' }, 'name', nameMessage));
test('a name with a dash', () => check({ name: 'a-b' }, 'name', nameMessage));
test('a name that is too long', () => check({ name: 'a'.repeat(201) }, 'name', nameMessage));
test('labels of null', () => check({ labels: null }, 'labels', 'is null'));
test('labels in an array', () => check({ labels: ['a'] }, 'labels', 'must be an object of texts'));
test('labels in a text', () => check({ labels: 'a' }, 'labels', 'must be an object of texts'));
test('a label that is a number', () => check({ labels: { a: 1 } }, 'labels', 'a must be text'));
test('a label that is true', () => check({ labels: { a: true } }, 'labels', 'a must be text'));
test('a label of null', () => check({ labels: { a: null } }, 'labels', 'a must be text'));
test('a label of Prometheus', () => check({ labels: { __name__: 'x' } }, 'labels', labelMessage));
test('a label that begins with a digit', () => check({ labels: { '1a': 'x' } }, 'labels', labelMessage));
test('an empty name of a label', () => check({ labels: { '': 'x' } }, 'labels', labelMessage));
test('a label that is too long', () =>
  check({ labels: { a: 'x'.repeat(1_025) } }, 'labels', 'a is longer than 1024 characters'));
test('half a character', () => check({ labels: { a: '\ud800' } }, 'labels', 'a holds half a character'));
test('too many labels', () => {
  const labels = Object.fromEntries(Array.from({ length: 31 }, (_none, index) => [`l${index}`, 'x']));
  return check({ labels }, 'labels', 'has more than 30 labels');
});
test('no value', () => check({ value: undefined }, 'value', 'is missing'));
test('a value of null', () => check({ value: null }, 'value', 'is null'));
test('a value in quotes', () => check({ value: '3' }, 'value', valueMessage));
test('a value that is true', () => check({ value: true }, 'value', valueMessage));
test('infinity in other words', () => check({ value: 'Infinity' }, 'value', valueMessage));
test('a time that is a number', () =>
  check({ timestamp: 1_768_910_400_000 }, 'timestamp', `must be text in RFC 3339, ${timeMessage}`));
test('a time in words', () => check({ timestamp: 'now' }, 'timestamp', `is not RFC 3339, ${timeMessage}`));
test('a time without a zone', () =>
  check({ timestamp: '2026-01-20T12:00:00' }, 'timestamp', `is not RFC 3339, ${timeMessage}`));
test('a time too far ahead', () =>
  check({ timestamp: '2026-01-20T12:01:00.001Z' }, 'timestamp', 'is more than 1m ahead'));
test('a time too long ago', () =>
  check({ timestamp: '2026-01-19T11:59:59.999Z' }, 'timestamp', 'is older than 1d'));
test('a type of another world', () =>
  check({ type: 'Gauge' }, 'type', 'must be one of counter, gauge, histogram, summary, untyped'));
test('a histogram without its part', () =>
  check({ type: 'histogram' }, 'name', 'of a histogram ends with _bucket, _sum or _count'));
test('a bucket without its bound', () =>
  check({ name: 'x_bucket', type: 'histogram' }, 'labels', 'of x_bucket need a number as le'));
test('a quantile that is no number', () =>
  check(
    { type: 'summary', labels: { quantile: 'x' } },
    'labels',
    'of queue_length need a number as quantile',
  ));
test('a help that is too long', () =>
  check({ help: 'x'.repeat(1_001) }, 'help', 'is longer than 1000 characters'));
test('a help that is a number', () => check({ help: 1 }, 'help', 'must be text'));
test('a unit that is too long', () =>
  check({ unit: 'x'.repeat(51) }, 'unit', 'is longer than 50 characters'));
test('a unit with half a character', () =>
  check({ unit: '\udc00' }, 'unit', 'holds half a character, or the character 0'));
test('a field that is misspelt', () => check({ valeu: 3 }, 'valeu', 'no such field: did you mean value?'));
test('a field that is unknown', () => check({ constructor: 3 }, 'constructor', 'no such field'));

test('a number that JSON cannot hold', async () => {
  const { status, said } = await opened().post('{"name": "x", "value": 1e999}');
  expect([status, said]).toMatchObject([400, { message: `value: ${valueMessage}` }]);
});

test('the prototype of all objects is neither a field nor a label', async () => {
  const series = opened();
  const asLabel = await series.post('{"name": "x", "value": 1, "labels": {"__proto__": "x"}}');
  expect(asLabel.said).toMatchObject({ message: `labels: ${labelMessage}` });
  const asField = await series.post('{"name": "x", "value": 1, "__proto__": {"polluted": 1}}');
  expect(asField.said).toMatchObject({ message: '__proto__: no such field' });
  expect('polluted' in {}).toBe(false);
});

test('names that every object knows are labels like others', async () => {
  const series = opened();
  await series.post({ name: 'x', value: 1, labels: { constructor: 'a', toString: 'b' } });
  const [only] = series.store.select('x');
  expect(Object.entries(only?.labels ?? {})).toEqual([
    ['constructor', 'a'],
    ['toString', 'b'],
  ]);
});

test('another type is refused', async () => {
  const series = opened();
  await series.post({ ...sample, type: 'gauge' });
  const { status, said } = await series.post({ ...sample, type: 'counter' });
  expect(status).toBe(400);
  expect(said).toMatchObject({ message: 'type: is counter, but queue_length is gauge already' });
});

test('a batch is refused whole, and all that is wrong with it is told', async () => {
  const series = opened();
  const { status, said } = await series.post([sample, { ...sample, value: 'x' }, sample, {}]);
  expect(said).toEqual({
    success: false,
    message: `value: ${valueMessage}, and 2 more`,
    errors: [
      { index: 1, field: 'value', message: valueMessage },
      { index: 3, field: 'name', message: 'is missing' },
      { index: 3, field: 'value', message: 'is missing' },
    ],
  });
  expect([status, series.store.seriesCount]).toEqual([400, 0]);
  expect(series.counted()).toEqual(['cloudmon_collector_samples_refused_total invalid: 4']);
});

test('two samples of a batch that contradict each other are refused', async () => {
  const series = opened();
  const { said } = await series.post([
    { ...sample, type: 'gauge' },
    { ...sample, type: 'counter' },
  ]);
  expect(said).toMatchObject({
    errors: [{ index: 1, field: 'type', message: 'is counter, but queue_length is gauge already' }],
  });
  const family = await series.post([
    { name: 'x', value: 1, type: 'gauge' },
    { name: 'x_sum', value: 1, type: 'histogram' },
  ]);
  expect(family.said).toMatchObject({ errors: [{ index: 1, field: 'type' }] });
  expect(series.store.seriesCount).toBe(0);
});

test('the type that is in the way is named, also behind a sample that names none', async () => {
  const series = opened();
  await series.post({ ...sample, type: 'gauge' });
  const { said } = await series.post([sample, { ...sample, type: 'counter' }]);
  expect(said).toMatchObject({
    errors: [{ index: 1, field: 'type', message: 'is counter, but queue_length is gauge already' }],
  });
});

test('a batch with more new series than there is room for is refused whole', async () => {
  const series = opened({ seriesMax: 3 });
  await series.post(sample);
  const batch = (count: number) =>
    Array.from({ length: count }, (_none, index) => ({ name: 'x', value: 1, labels: { i: String(index) } }));
  const { status, said, headers } = await series.post([...batch(3), ...batch(3), sample]);
  expect(said).toEqual({
    success: false,
    message: 'there is no room for 3 new series, so nothing was stored: collector.max_series is 3',
  });
  expect([status, headers, series.store.seriesCount]).toEqual([503, { 'retry-after': '60' }, 1]);
  expect(series.caps).toEqual(['max_series']);
  expect((await series.post([...batch(2), ...batch(2), sample])).status).toBe(200);
  expect(series.store.seriesCount).toBe(3);
});

/** Everybody else has a turn before each sample. */
function inSmallSlices({ clock }: Opened): void {
  let ticks = 0;
  Object.assign(clock, { monotonic: () => (ticks += 10) });
}

const batchOf = (name: string, count: number, type = 'gauge') =>
  Array.from({ length: count }, (_none, index) => ({ name, type, value: 1, labels: { i: String(index) } }));

test('two batches at once do not take the same room', async () => {
  const series = opened({ seriesMax: 150 });
  inSmallSlices(series);
  const pages = await Promise.all([series.post(batchOf('a', 100)), series.post(batchOf('b', 100))]);
  expect(pages.map(({ status }) => status).sort()).toEqual([200, 503]);
  expect(series.store.seriesCount).toBe(100);
});

test('of two batches at once that contradict each other one is refused', async () => {
  const series = opened();
  inSmallSlices(series);
  const bodies = ['gauge', 'counter'].map((type) => [
    ...batchOf(type, 4_000),
    { name: 'race', value: 1, type },
  ]);
  const pages = await Promise.all(bodies.map((body) => series.post(body)));
  expect(pages.map(({ status }) => status).sort()).toEqual([200, 400]);
  expect(series.store.metric('race')?.type).toBe('gauge');
  expect(series.store.seriesCount).toBe(4_001);
});

test('what came is stored before anybody else says that all is done', async () => {
  const series = opened();
  inSmallSlices(series);
  const answer = series.post(batchOf('a', 500));
  await series.idle();
  expect(series.store.seriesCount).toBe(500);
  expect((await answer).status).toBe(200);
});

test('who is told that samples are stored can rely on it', async () => {
  const series = opened({ pointsPerSeriesMax: 2, collectIntervalMs: 1_000 });
  const old = new Date(series.clock.now() - 1_500).toISOString();
  const body = [...batchOf('a', 200), { name: 'x', value: 1, timestamp: old }];
  // By the time that it is recorded it is too old.
  let turns = 0;
  const startMs = series.clock.now();
  Object.assign(series.clock, {
    monotonic: () => (turns += 10),
    now: () => (series.store.seriesCount < 200 ? startMs : startMs + 1_000),
  });
  const { status, said } = await series.post(body);
  expect([status, said]).toEqual([
    503,
    { success: false, message: '1 of 201 samples were not stored: send them again' },
  ]);
  expect(series.store.seriesCount).toBe(200);
});

test('the room that was promised is given back', async () => {
  const series = opened({ seriesMax: 2 });
  await series.post([{ name: 'a', value: 1 }, { name: 'a', value: 2 }, sample]);
  await series.clock.advance(86_400_001);
  series.forget();
  expect(series.store.seriesCount).toBe(0);
  expect((await series.post([{ name: 'b', value: 1 }, sample])).status).toBe(200);
});

test('a body of another type is not read', async () => {
  expect((await opened().post('x', 'text/plain')).status).toBe(415);
});

test('a body that is no JSON', async () => {
  const series = opened();
  const { status, said } = await series.post('{"name": ');
  expect([status, said]).toMatchObject([400, { success: false, errors: [{ index: 0, field: 'body' }] }]);
  expect(series.counted()).toEqual(['cloudmon_collector_samples_refused_total invalid: 1']);
});

test('a collector that ends takes nothing', async () => {
  const series = opened();
  series.drain();
  expect((await series.post(sample)).status).toBe(503);
});

test('who brings more than the rate has to wait', async () => {
  const series = opened({ rate: 2 });
  const statuses = [];
  for (let index = 0; index < 3; index++) statuses.push((await series.post(sample)).status);
  expect(statuses).toEqual([200, 200, 429]);
});
