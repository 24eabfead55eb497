/** What the store takes, refuses and forgets. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyed } from '../../../src/collector/series/labels.ts';
import type { Metric } from '../../../src/collector/series/metric.ts';
import type { Recorded } from '../../../src/collector/series/recorded.ts';
import { SeriesStore, type StoreSettings } from '../../../src/collector/series/store.ts';
import type { FamilyType } from '../../../src/exposition/family.ts';
import { FakeClock } from '../../fake-clock.ts';
import { heldBytes, mebibyte } from '../../memory.ts';

const settings: StoreSettings = {
  pointsPerSeriesMax: 10,
  seriesMax: 5,
  pointsMax: 1_000,
  collectIntervalMs: 1_000,
  historyMs: 1_800_000,
};

function open(own: Partial<StoreSettings> = {}, fixed: readonly Metric[] = []) {
  const clock = new FakeClock();
  const caps: string[] = [];
  const store = new SeriesStore({ ...settings, ...own }, clock, fixed, (cap) => void caps.push(cap));
  const nowMs = clock.now();
  return {
    store,
    clock,
    caps,
    /** @param agoMs how long before the start of the test */
    record: (name: string, labels: Labels = {}, value = 1, agoMs = 0, type: FamilyType = 'gauge'): Recorded =>
      store.record(metricOf(name, type), keyed(labels), value, nowMs - agoMs),
    valuesOf: (name: string) =>
      Array.from(store.select(name), (series) =>
        series.range(0, Number.POSITIVE_INFINITY).flatMap(({ values }) => Array.from(values)),
      ),
  };
}

type Labels = Readonly<Record<string, string>>;

function metricOf(name: string, type: FamilyType, family = name): Metric {
  return { name, family, type, unit: '', help: '' };
}

test('a series is found by its name and labels, in whatever order they come', () => {
  const { record, store, valuesOf } = open();
  record('a', { x: '1', y: '2' }, 1, 1_000);
  record('a', { y: '2', x: '1', z: '' }, 2);
  record('a', { x: '1' }, 3);
  record('b', { x: '1', y: '2' }, 4);
  expect([valuesOf('a'), valuesOf('b'), valuesOf('c')]).toEqual([[[1, 2], [3]], [[4]], []]);
  expect([store.seriesCount, store.pointsCount]).toEqual([3, 4]);
  expect(
    Array.from(
      store.select('a', ({ y }) => y === '2'),
      ({ latest }) => latest?.value,
    ),
  ).toEqual([2]);
});

test('NaN and infinities are values', () => {
  const { record, valuesOf } = open();
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const [index, value] of values.entries()) record('a', {}, value, 3 - index);
  expect(valuesOf('a')).toEqual([values]);
});

test('a new series above max_series is refused, and those that there are go on', () => {
  const { record, store, caps } = open({ seriesMax: 2 });
  expect(['1', '2', '3', '1'].map((x) => record('a', { x }))).toEqual([
    'recorded',
    'recorded',
    'series_full',
    'recorded',
  ]);
  expect(record('b')).toBe('series_full');
  expect([store.seriesCount, caps]).toEqual([2, ['max_series', 'max_series']]);
  // What was never stored is not registered either.
  expect(store.metric('b')).toBeUndefined();
});

test('nothing more is asked of a sample that there is no room for', () => {
  const { record, store, clock } = open({ seriesMax: 1 });
  record('a');
  const unread = {
    key: '1:x1:1',
    get labels(): Labels {
      throw new Error('read');
    },
  };
  expect(store.record(metricOf('a', 'gauge'), unread, 1, clock.now())).toBe('series_full');
});

test('the oldest point goes where a series is full', () => {
  const { record, valuesOf } = open({ pointsPerSeriesMax: 3 });
  for (let index = 0; index < 5; index++) record('a', {}, index, 5 - index);
  expect(valuesOf('a')).toEqual([[2, 3, 4]]);
});

test('above max_points a series pushes out its own oldest point', () => {
  const { record, store, caps, valuesOf } = open({ pointsMax: 8, seriesMax: 3 });
  for (let index = 0; index < 6; index++) record('a', {}, index, 9 - index);
  for (let index = 0; index < 6; index++) record('b', {}, index, 9 - index);
  expect(valuesOf('a')).toEqual([[0, 1, 2, 3, 4, 5]]);
  expect(valuesOf('b')).toEqual([[4, 5]]);
  expect(store.pointsCount).toBe(8);
  expect(new Set(caps)).toEqual(new Set(['max_points']));
  expect(record('c')).toBe('points_full');
});

test('who comes when there are max_points has room for some points all the same', () => {
  const { record, store, valuesOf } = open({ pointsMax: 40, seriesMax: 2, pointsPerSeriesMax: 100 });
  for (let index = 0; index < 90; index++) record('a', {}, index, 90 - index);
  for (let index = 0; index < 90; index++) record('b', {}, index, 90 - index);
  // A quarter is kept for two: five for each.
  expect(valuesOf('a').map((values) => values.length)).toEqual([35]);
  expect(valuesOf('b')).toEqual([[85, 86, 87, 88, 89]]);
  expect(store.pointsCount).toBe(40);
});

test('no limit is ever passed, whatever comes', async () => {
  const step = fc.record({
    name: fc.constantFrom('a', 'b', 'c'),
    x: fc.constantFrom('', '1', '2', '3'),
    agoMs: fc.integer({ min: -60, max: 12_000 }),
    passesMs: fc.constantFrom(0, 0, 0, 500, 11_000),
  });
  const limit = (max: number) => fc.integer({ min: 1, max });
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 80 }),
      limit(6),
      limit(60),
      async (steps, seriesMax, pointsMax) => {
        const { store, clock } = open({ seriesMax, pointsMax });
        for (const { name, x, agoMs, passesMs } of steps) {
          await clock.advance(passesMs);
          if (passesMs > 0) store.forget();
          store.record(metricOf(name, 'gauge'), keyed({ x }), 1, clock.now() - agoMs);
          const all = [...store.metrics()].flatMap((metric) => [...store.select(metric.name)]);
          expect(store.seriesCount).toBe(all.length);
          expect(store.pointsCount).toBe(all.reduce((sum, { count }) => sum + count, 0));
          expect(store.seriesCount).toBeLessThanOrEqual(seriesMax);
          expect(store.pointsCount).toBeLessThanOrEqual(pointsMax);
          expect(all.every(({ count }) => count > 0 && count <= 10)).toBe(true);
        }
      },
    ),
    { numRuns: 30 },
  );
});

test('older points are taken back to as long as a whole ring takes, and not before', () => {
  const { record, store, valuesOf } = open();
  expect(store.retentionMs).toBe(10_000);
  expect([10_001, 10_000, 5_000, 0].map((agoMs) => record('a', {}, agoMs, agoMs))).toEqual([
    'too_old',
    'recorded',
    'recorded',
    'recorded',
  ]);
  expect(record('a', {}, 1, 10_001)).toBe('too_old');
  expect(valuesOf('a')).toEqual([[10_000, 5_000, 0]]);
});

test('of a full ring they are taken back to its oldest point', () => {
  const { record } = open({ pointsPerSeriesMax: 3 });
  for (const agoMs of [300, 200, 100]) record('a', {}, 1, agoMs);
  expect(record('a', {}, 1, 301)).toBe('too_old');
  expect(record('a', {}, 1, 250)).toBe('recorded');
  expect(record('a', {}, 1, 300)).toBe('too_old');
});

test('a series without a new point for as long as a whole ring takes is forgotten', async () => {
  const { record, store, clock, valuesOf } = open({ seriesMax: 2 }, [metricOf('fixed', 'gauge')]);
  record('a', { x: '1' });
  record('fixed');
  await clock.advance(10_000);
  store.forget();
  expect([store.seriesCount, record('b', {}, 1, -10_000)]).toEqual([2, 'series_full']);
  await clock.advance(1);
  store.forget();
  expect([store.seriesCount, store.pointsCount, valuesOf('a')]).toEqual([0, 0, []]);
  // Also what it is, but for what is known from the start.
  expect(Array.from(store.metrics(), ({ name }) => name)).toEqual(['fixed']);
  expect(record('b', {}, 1, -10_001)).toBe('recorded');
});

function checkRefused(name: string, labels: Labels, expected: Recorded, type: FamilyType = 'gauge'): void {
  const { store, clock } = open();
  const family = type === 'histogram' ? name.replace(/_bucket$/, '') : name;
  expect(store.record(metricOf(name, type, family), keyed(labels), 1, clock.now())).toBe(expected);
  expect(store.seriesCount).toBe(expected === 'recorded' ? 1 : 0);
  expect([...store.metrics()]).toHaveLength(store.seriesCount);
}

test('an empty name is refused', () => checkRefused('', {}, 'name'));
test('a name with a dash is refused', () => checkRefused('a-b', {}, 'name'));
test('a name with a line end is refused', () => checkRefused('a\n', {}, 'name'));
test('a name of 201 characters is refused', () => checkRefused('a'.repeat(201), {}, 'name'));
test('a name with a colon is taken', () => checkRefused('a:b', {}, 'recorded'));
test('a label that cannot be printed is refused', () => checkRefused('a', { 'a\n': 'x' }, 'labels'));
test('a bucket without its bound is refused', () => checkRefused('a_bucket', {}, 'labels', 'histogram'));
test('a bound that is no number is refused', () =>
  checkRefused('a_bucket', { le: 'x' }, 'labels', 'histogram'));
test('a bucket of no bound is taken', () =>
  checkRefused('a_bucket', { le: '+Inf' }, 'recorded', 'histogram'));
test('a quantile that is no number is refused', () =>
  checkRefused('a', { quantile: '0x1' }, 'labels', 'summary'));
test('a summary without a quantile is taken', () => checkRefused('a', {}, 'recorded', 'summary'));
test('a histogram has no sample of its own name', () => checkRefused('a', {}, 'name', 'histogram'));

test('another type is refused, as long as the metric is current', async () => {
  const { record, store, clock } = open({ collectIntervalMs: 100_000 });
  expect(record('a', {}, 1, 0, 'counter')).toBe('recorded');
  expect(record('a', {}, 1, 0, 'gauge')).toBe('type');
  // Untyped contradicts nothing.
  expect(record('a', {}, 1, 0, 'untyped')).toBe('recorded');
  await clock.advance(300_001);
  expect(record('a', {}, 1, -300_001, 'gauge')).toBe('recorded');
  expect(store.metric('a')?.type).toBe('gauge');
});

test('what nobody has said may be said later', () => {
  const { record, store, clock } = open();
  record('a', {}, 1, 0, 'untyped');
  const said = { name: 'a', family: 'a', type: 'counter', unit: 'bytes', help: 'Said later.' } as const;
  expect(store.record(said, keyed({}), 1, clock.now())).toBe('recorded');
  store.record({ ...said, help: 'Said again.', unit: 'x' }, keyed({}), 1, clock.now());
  expect(store.metric('a')).toEqual(said);
});

test('all that metrics say of themselves takes 1 MiB at most', async () => {
  const { store, clock } = open({ seriesMax: 2_000, pointsMax: 10_000 });
  const help = 'x'.repeat(1_000);
  const record = (name: string) =>
    store.record({ ...metricOf(name, 'gauge'), help }, keyed({}), 1, clock.now());
  const length = () => [...store.metrics()].reduce((sum, metric) => sum + metric.help.length, 0);
  for (let index = 0; index < 1_100; index++) expect(record(`a${index}`)).toBe('recorded');
  expect([length(), store.metric('a1048')?.help.length, store.metric('a1099')?.help]).toEqual([
    1_048_576,
    576,
    '',
  ]);
  // What is forgotten gives its room back.
  await clock.advance(10_001);
  store.forget();
  for (let index = 0; index < 1_100; index++) record(`b${index}`);
  expect(length()).toBe(1_048_576);
});

test('nobody changes what is known from the start', async () => {
  const { record, store, clock } = open({}, [metricOf('a', 'gauge')]);
  expect([record('a'), record('a', {}, 1, 0, 'counter')]).toEqual(['recorded', 'type']);
  await clock.advance(400_000);
  expect(record('a', {}, 1, 0, 'counter')).toBe('type');
  expect(store.metric('a')?.type).toBe('gauge');
});

test('one family has one type', () => {
  const { record, store, clock } = open();
  const bucket = metricOf('a_bucket', 'histogram', 'a');
  expect(store.record(bucket, keyed({ le: '1' }), 1, clock.now())).toBe('recorded');
  expect(record('a')).toBe('type');
  expect(store.record(metricOf('a_sum', 'histogram', 'a'), keyed({}), 1, clock.now())).toBe('recorded');
  expect(record('b')).toBe('recorded');
  expect(store.record(metricOf('b_bucket', 'histogram', 'b'), keyed({ le: '1' }), 1, clock.now())).toBe(
    'type',
  );
  expect(Array.from(store.families(), (metrics) => metrics.map(({ name }) => name))).toEqual([
    ['a_bucket', 'a_sum'],
    ['b'],
  ]);
});

test('a sample that was taken alone may turn out to be part of a family', () => {
  const { record, store, clock } = open();
  record('a_count', {}, 1, 0, 'untyped');
  expect(store.record(metricOf('a_count', 'summary', 'a'), keyed({}), 2, clock.now())).toBe('recorded');
  expect(store.record(metricOf('a_sum', 'summary', 'a'), keyed({}), 2, clock.now())).toBe('recorded');
  expect(Array.from(store.families(), (metrics) => metrics.map(({ name }) => name))).toEqual([
    ['a_count', 'a_sum'],
  ]);
});

test('what is foreseen comes true', () => {
  const { store, clock, record } = open({ seriesMax: 2 });
  const nowMs = clock.now();
  record('a', {}, 1, 0, 'counter');
  const foresee = (name: string, type: FamilyType, labels: Labels = {}, agoMs = 0) =>
    store.foresee(metricOf(name, type), keyed(labels), nowMs - agoMs);
  expect(foresee('a', 'counter')).toBe('recorded');
  expect(foresee('a', 'gauge')).toBe('type');
  expect(foresee('a', 'counter', {}, 10_001)).toBe('too_old');
  expect(foresee('a', 'counter', { x: '1' })).toBe('new');
  expect(foresee('b', 'gauge')).toBe('new');
  expect(foresee('b', 'gauge', {}, 10_001)).toBe('too_old');
  expect(foresee('b', 'gauge', { __x: '1' })).toBe('labels');
  expect(foresee('b-', 'gauge')).toBe('name');
  expect([store.seriesCount, store.metric('b')]).toEqual([1, undefined]);
});

function series(count: number) {
  return { series: count, characters: count };
}

test('labels take 320 characters of each series that there may be, and no more', async () => {
  const { store, record, clock, caps } = open({ seriesMax: 4 });
  // With its name and lengths it has 607 characters.
  const long = { x: 'x'.repeat(600) };
  expect(['a', 'b', 'c'].map((name) => record(name, long))).toEqual(['recorded', 'recorded', 'series_full']);
  expect(caps).toEqual(['max_series']);
  expect([record('c', { x: 'x'.repeat(60) }), record('d', { x: '1' })]).toEqual(['recorded', 'series_full']);
  await clock.advance(10_001);
  store.forget();
  expect(record('c', long, 1, -10_001)).toBe('recorded');
  expect(store.promise({ series: 1, characters: 674 })).toBeUndefined();
  const release = store.promise({ series: 1, characters: 673 });
  expect(record('d', { x: '1' }, 1, -10_001)).toBe('series_full');
  release?.({ series: 1, characters: 673 });
  expect(record('d', long, 1, -10_001)).toBe('recorded');
});

test('the longest labels that exporters are known for fit in every series', () => {
  const { record } = open({ seriesMax: 100 });
  const labels = (index: number) => ({
    namespace: 'monitoring-and-logging',
    pod: `kube-prometheus-stack-prometheus-node-exporter-${index}`,
    uid: '0f3c5a1e-9b7d-4c2a-8e6f-1d2b3c4d5e6f',
    container: 'prometheus-node-exporter',
    node: 'ip-10-0-113-254.eu-central-1.compute.internal',
    instance: '10.244.113.254:8080',
    job: 'kube-state-metrics',
  });
  const refused = Array.from({ length: 100 }, (_none, index) => record('a', labels(index))).filter(
    (recorded) => recorded !== 'recorded',
  );
  expect(refused).toEqual([]);
});

test('room that is promised is kept from others until it is given back', () => {
  const { store, record, caps } = open({ seriesMax: 3 });
  record('a');
  expect(store.promise(series(3))).toBeUndefined();
  expect(caps).toEqual(['max_series']);
  const release = store.promise(series(2));
  expect([record('b'), record('a')]).toEqual(['series_full', 'recorded']);
  release?.(series(1));
  expect([record('b'), record('c')]).toEqual(['recorded', 'series_full']);
  release?.(series(1));
  expect(record('c')).toBe('recorded');
  expect(store.promise(series(0))).toBeDefined();
});

test('a series does not hold on to the page that it came from', () => {
  const { store, clock } = open({ seriesMax: 1_000 });
  const before = heldBytes();
  const page = (index: number) => `${'x'.repeat(mebibyte)} name_of_metric_${index} value_of_label_${index}`;
  for (let index = 0; index < 40; index++) {
    const [, name = '', value = ''] = page(index).split(' ');
    store.record(metricOf(name, 'gauge'), keyed({ label: value }), 1, clock.now());
  }
  // 40 pages are 40 MiB.
  expect(heldBytes() - before).toBeLessThan(20 * mebibyte);
  expect(store.seriesCount).toBe(40);
});
