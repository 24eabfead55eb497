/** The newest samples, as an exporter would show them. */
import { expect, test } from 'vitest';
import type { Family, FamilyType, Sample } from '../../../src/exposition/family.ts';
import { openExposition } from '../../../src/exposition/text.ts';
import { opened } from './opened.ts';

function family(name: string, type: FamilyType, help: string, samples: readonly Sample[]): Family {
  return { name, type, help, samples };
}

function sample(name: string, value: number, labels: Readonly<Record<string, string>> = {}): Sample {
  return { name, labels, value };
}

function textOf(families: readonly Family[]): string {
  return String(openExposition().text(families).body);
}

test('what a source delivered is shown as it was', async () => {
  const series = opened();
  const families = [
    family('requests_total', 'counter', 'Requests.', [
      sample('requests_total', 5, { code: '200' }),
      sample('requests_total', 1, { code: '500' }),
    ]),
    family('temperature', 'gauge', 'Degrees.', [sample('temperature', Number.NaN)]),
    family('odd', 'untyped', 'Odd.', [sample('odd', Number.NEGATIVE_INFINITY)]),
  ];
  expect(await series.takeFamilies(families, {}, series.clock.now())).toEqual({ stored: 4, refused: 0 });
  expect(series.printable()).toEqual(families);
});

test('a histogram and a summary stand together by their labels, in the order of their bounds', async () => {
  const series = opened();
  const bucket = (le: string, value: number, path: string) => sample('x_bucket', value, { le, path });
  const quantile = (value: number, text: string) => sample('y', value, { quantile: text });
  await series.takeFamilies(
    [
      family('x', 'histogram', 'X.', [
        bucket('+Inf', 3, '/b'),
        bucket('10', 2, '/b'),
        bucket('0.5', 1, '/b'),
        sample('x_count', 3, { path: '/b' }),
        sample('x_sum', 9, { path: '/b' }),
        bucket('+Inf', 1, '/a'),
        sample('x_sum', 1, { path: '/a' }),
        sample('x_count', 1, { path: '/a' }),
      ]),
      family('y', 'summary', 'Y.', [
        sample('y_count', 3),
        sample('y_sum', 9),
        quantile(8, '0.99'),
        quantile(2, '0.5'),
      ]),
    ],
    { job: 'j' },
    series.clock.now(),
  );
  expect(textOf(series.printable())).toBe(`# HELP x X.
# TYPE x histogram
x_bucket{job="j",le="0.5",path="/b"} 1
x_bucket{job="j",le="10",path="/b"} 2
x_bucket{job="j",le="+Inf",path="/b"} 3
x_sum{job="j",path="/b"} 9
x_count{job="j",path="/b"} 3
x_bucket{job="j",le="+Inf",path="/a"} 1
x_sum{job="j",path="/a"} 1
x_count{job="j",path="/a"} 1
# HELP y Y.
# TYPE y summary
y{job="j",quantile="0.5"} 2
y{job="j",quantile="0.99"} 8
y_sum{job="j"} 9
y_count{job="j"} 3
`);
});

test('the labels of a source are laid over those of its samples', async () => {
  const series = opened();
  const labels = { instance: 'own', job: '', exported_zone: 'x', zone: 'y' };
  const taken = [family('a', 'gauge', 'A.', [sample('a', 1, labels)])];
  await series.takeFamilies(taken, { instance: 'web', job: 'j', zone: 'z' }, series.clock.now());
  const [only] = series.store.select('a');
  expect(only?.labels).toEqual({
    exported_exported_zone: 'y',
    exported_instance: 'own',
    exported_zone: 'x',
    instance: 'web',
    job: 'j',
    zone: 'z',
  });
});

test('two sources may deliver the same family', async () => {
  const series = opened();
  const up = [family('up', 'gauge', 'Up.', [sample('up', 1)])];
  for (const source of ['a', 'b']) await series.takeFamilies(up, { source }, series.clock.now());
  expect(textOf(series.printable())).toBe(
    '# HELP up Up.\n# TYPE up gauge\nup{source="a"} 1\nup{source="b"} 1\n',
  );
});

test('a series without a sample for five minutes is not shown', async () => {
  const series = opened();
  const names = () => series.printable().map(({ name }) => name);
  series.fill('a', {}, [1]);
  await series.clock.advance(300_000);
  series.fill('b', {}, [1]);
  expect(names()).toEqual(['a', 'b']);
  await series.clock.advance(1);
  expect(names()).toEqual(['b']);
});

test('where samples are rare, one without a sample for three intervals', async () => {
  const series = opened({ collectIntervalMs: 3_600_000 });
  series.fill('a', {}, [1]);
  await series.clock.advance(3 * 3_600_000);
  expect(series.printable()).toHaveLength(1);
  await series.clock.advance(1);
  expect(series.printable()).toEqual([]);
});

test('what cannot be printed is not stored, and the rest is', async () => {
  const series = opened();
  const families = [
    family('a b', 'gauge', '', [sample('a b', 1)]),
    family('a', 'gauge', '', [sample('a', 1, { 'b-c': 'x' }), sample('a', 2)]),
    family('h', 'histogram', '', [sample('h', 1), sample('h_bucket', 1), sample('h_sum', 1)]),
  ];
  expect(await series.takeFamilies(families, {}, series.clock.now())).toEqual({ stored: 2, refused: 4 });
  expect(series.counted()).toEqual([
    'cloudmon_collector_series: 2',
    'cloudmon_collector_series_points: 2',
    'cloudmon_collector_samples_recorded_total: 2',
    'cloudmon_collector_samples_refused_total name: 2',
    'cloudmon_collector_samples_refused_total labels: 2',
  ]);
});

test('every family is shown once, with one type, whatever was delivered', async () => {
  const series = opened();
  const families = [
    family('a', 'histogram', 'A.', [sample('a_bucket', 1, { le: '1' })]),
    family('a_count', 'gauge', 'B.', [sample('a_count', 1)]),
    family('a', 'gauge', 'C.', [sample('a', 1)]),
    family('c', 'counter', 'D.', [sample('c_total', 1), sample('c_created', 1)]),
  ];
  await series.takeFamilies(families, {}, series.clock.now());
  const shown = series.printable();
  expect(new Set(shown.map(({ name }) => name)).size).toBe(shown.length);
  expect(shown.map(({ name, type }) => `${name} ${type}`)).toEqual([
    'a histogram',
    'a_count untyped',
    'c_total counter',
    'c_created untyped',
  ]);
});

test('a histogram is whole, also where somebody has called a metric like a part of it', async () => {
  const series = opened();
  const stranger = [family('a_count', 'gauge', '', [sample('a_count', 7)])];
  const whole = [
    family('a', 'histogram', 'A.', [
      sample('a_bucket', 1, { le: '+Inf' }),
      sample('a_sum', 2),
      sample('a_count', 1),
    ]),
  ];
  const nowMs = series.clock.now();
  await series.takeFamilies(stranger, {}, nowMs - 1);
  expect(await series.takeFamilies(whole, {}, nowMs)).toEqual({ stored: 3, refused: 0 });
  expect(await series.takeFamilies(stranger, {}, nowMs)).toEqual({ stored: 0, refused: 1 });
  expect(series.printable().map(({ samples, ...rest }) => [rest.name, rest.type, samples.length])).toEqual([
    ['a', 'histogram', 3],
  ]);
});

test('a family that is not what its name says is shown untyped', () => {
  const series = opened();
  const types: readonly (readonly [string, FamilyType])[] = [
    ['replica_count', 'gauge'],
    ['work_total', 'gauge'],
    ['work', 'counter'],
    ['jobs_total', 'counter'],
    ['jobs', 'gauge'],
  ];
  for (const [name, type] of types) series.fill(name, {}, [1], type);
  expect(series.printable().map(({ name, type }) => `${name} ${type}`)).toEqual([
    'replica_count untyped',
    'work_total untyped',
    'work untyped',
    'jobs_total counter',
    'jobs gauge',
  ]);
});

test('a counter that counts nothing that can be counted is shown untyped, and so is one with a bound', () => {
  const series = opened();
  series.fill('a_total', {}, [Number.NaN], 'counter');
  series.fill('b_total', {}, [-1], 'counter');
  series.fill('c_total', { le: '1' }, [1], 'counter');
  series.fill('d', { quantile: '1' }, [1]);
  series.fill('e_total', {}, [0], 'counter');
  expect(series.printable().map(({ type }) => type)).toEqual([
    'untyped',
    'untyped',
    'untyped',
    'untyped',
    'counter',
  ]);
});

test('a metric that the document knows is what the document says, whatever a source takes it for', async () => {
  const series = opened();
  const name = 'betanet_packets_processed';
  const taken = [family(name, 'gauge', 'The field packets.', [sample(name, 5)])];
  expect(await series.takeFamilies(taken, {}, series.clock.now())).toEqual({ stored: 1, refused: 0 });
  expect(series.store.metric(name)).toMatchObject({ type: 'counter', unit: 'packets' });
});

test('a metric of which nobody said what it means has a sentence all the same', () => {
  const series = opened();
  series.fill('a', {}, [1]);
  expect(series.printable()).toMatchObject([{ help: 'Whoever brought a did not say what it means.' }]);
});

test('what comes, goes and is learnt is shown at once', async () => {
  const series = opened({ seriesMax: 2 });
  const shown = () => textOf(series.printable());
  series.fill('a', {}, [1], 'untyped');
  const before = series.printable();
  expect(series.printable()).toEqual(before);
  series.fill('a', {}, [2], 'gauge');
  expect(shown()).toContain('# TYPE a gauge\na 2\n');
  await series.post({ name: 'a', value: 3, help: 'Learnt.' });
  expect(shown()).toContain('# HELP a Learnt.\n# TYPE a gauge\na 3\n');
  series.fill('b', {}, [1]);
  await series.clock.advance(1_800_001);
  series.fill('b', {}, [2]);
  series.forget();
  series.fill('c', {}, [1]);
  expect(series.printable().map(({ name, samples }) => [name, samples[0]?.value])).toEqual([
    ['b', 2],
    ['c', 1],
  ]);
});
