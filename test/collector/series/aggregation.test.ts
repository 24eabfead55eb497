/** `/metrics/aggregated`, word for word. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keyed } from '../../../src/collector/series/labels.ts';
import { rankOf } from '../../../src/collector/series/select-rank.ts';
import { type Opened, opened } from './opened.ts';

async function check(series: Opened, query: string, expected: string): Promise<void> {
  const page = await series.get('/metrics/aggregated', query);
  expect(page.text).toBe(expected);
  expect([page.status, page.type]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8']);
}

/** Without HELP and TYPE. */
async function lines(series: Opened, query = ''): Promise<readonly string[]> {
  const { text } = await series.get('/metrics/aggregated', query);
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function spread(first: number, last: number, between: readonly (readonly [at: number, value: number])[]) {
  const values = Array.from({ length: 101 }, () => first);
  let held = first;
  for (let index = 0; index < values.length; index++) {
    held = between.find(([at]) => at === index)?.[1] ?? held;
    values[index] = held;
  }
  values[100] = last;
  return values;
}

test('the sample of the document, from points that come to its numbers', async () => {
  const series = opened();
  // Ranks 50, 95 and 99 of 101 values.
  series.fill(
    'node_cpu_usage',
    { node_id: 'node-1' },
    spread(30.2, 68.9, [
      [50, 44.1],
      [95, 65.2],
      [99, 68.1],
    ]),
  );
  const found = await lines(series, 'window=1h&metric=node_cpu_usage');
  expect(found).toEqual(
    expect.arrayContaining([
      'node_cpu_usage{node_id="node-1",stat="min"} 30.2',
      'node_cpu_usage{node_id="node-1",stat="max"} 68.9',
      'node_cpu_usage{node_id="node-1",stat="p50"} 44.1',
      'node_cpu_usage{node_id="node-1",stat="p95"} 65.2',
      'node_cpu_usage{node_id="node-1",stat="p99"} 68.1',
    ]),
  );
});

test('the averages of the document', async () => {
  const series = opened();
  series.fill('node_cpu_usage', { node_id: 'node-1' }, [30.2, 60.8, 45.5]);
  series.fill('deployment_latency', { deployment_id: 'deployment-1' }, [45.1, 45.3]);
  await check(
    series,
    '',
    `# HELP node_cpu_usage CPU time in use, of all cores together.
# TYPE node_cpu_usage gauge
node_cpu_usage{node_id="node-1",stat="avg"} 45.5
node_cpu_usage{node_id="node-1",stat="min"} 30.2
node_cpu_usage{node_id="node-1",stat="max"} 60.8
node_cpu_usage{node_id="node-1",stat="sum"} 136.5
node_cpu_usage{node_id="node-1",stat="p50"} 45.5
node_cpu_usage{node_id="node-1",stat="p95"} 60.8
node_cpu_usage{node_id="node-1",stat="p99"} 60.8
# HELP deployment_latency Mean latency in the last interval.
# TYPE deployment_latency gauge
deployment_latency{deployment_id="deployment-1",stat="avg"} 45.2
deployment_latency{deployment_id="deployment-1",stat="min"} 45.1
deployment_latency{deployment_id="deployment-1",stat="max"} 45.3
deployment_latency{deployment_id="deployment-1",stat="sum"} 90.4
deployment_latency{deployment_id="deployment-1",stat="p50"} 45.3
deployment_latency{deployment_id="deployment-1",stat="p95"} 45.3
deployment_latency{deployment_id="deployment-1",stat="p99"} 45.3
`,
  );
});

test('every number is what a naive sort and an exact sum say', async () => {
  const value = fc.oneof(
    fc.double({ min: -1e6, max: 1e6, noNaN: true }),
    fc.constantFrom(0, -0, 5, 5, 5, Number.NaN),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(value, { maxLength: 300 }), async (some) => {
      // At least one that is a number.
      const values = [...some, 1];
      const series = opened();
      series.fill('x', {}, values);
      const sorted = values.filter((each) => !Number.isNaN(each)).map((each) => each + 0);
      sorted.sort((one, other) => one - other);
      const found = Object.fromEntries(
        (await lines(series, 'window=24h')).map((line) => [
          /"(\w+)"/.exec(line)?.[1],
          Number(line.split(' ')[1]),
        ]),
      );
      const exact = exactSum(sorted);
      const rank = (percent: number) => sorted[rankOf(percent, sorted.length)];
      expect(found).toEqual({
        avg: expect.closeTo(exact / sorted.length, 9),
        min: sorted[0],
        max: sorted.at(-1),
        sum: expect.any(Number),
        p50: rank(50),
        p95: rank(95),
        p99: rank(99),
      });
      // As if there were twice the digits: by a tie that less would break, at most one unit in the last place.
      const size = sorted.reduce((sum, each) => sum + Math.abs(each), 0);
      expect(Math.abs((found['sum'] ?? 0) - exact)).toBeLessThanOrEqual(
        2 ** -52 * Math.abs(exact) + 1e-26 * size,
      );
    }),
    { numRuns: 60, examples: [[[-5e-324, 63.27501330429262]]] },
  );
});

/** By whole numbers of 2 ** -1074. */
function exactSum(values: readonly number[]): number {
  const view = new DataView(new ArrayBuffer(8));
  let sum = 0n;
  for (const value of values) {
    view.setFloat64(0, value);
    const bits = view.getBigUint64(0);
    const exponent = (bits >> 52n) & 0x7ffn;
    const fraction = (bits & 0xfffffffffffffn) | (exponent > 0n ? 1n << 52n : 0n);
    const whole = fraction << (exponent > 0n ? exponent - 1n : 0n);
    sum += bits >> 63n ? -whole : whole;
  }
  // Rounded once: the top 64 bits hold more than a number does.
  const size = sum < 0n ? -sum : sum;
  const shift = Math.max(0, size.toString(2).length - 64);
  const [half, rest] = [Math.trunc((shift - 1_074) / 2), shift - 1_074 - Math.trunc((shift - 1_074) / 2)];
  return (sum < 0n ? -1 : 1) * Number(size >> BigInt(shift)) * 2 ** half * 2 ** rest;
}

test('tenths come to no noise', async () => {
  const series = opened();
  series.fill('x', {}, [0.1, 0.2, 0.3]);
  series.fill('y', {}, [1e16, 1, -1e16]);
  expect(await lines(series)).toEqual(
    expect.arrayContaining(['x{stat="avg"} 0.2', 'x{stat="sum"} 0.6', 'y{stat="sum"} 1']),
  );
});

test('infinities are values, and NaN is none', async () => {
  const series = opened();
  series.fill('x', {}, [Number.POSITIVE_INFINITY, 1, Number.NaN]);
  series.fill('y', {}, [Number.NaN]);
  expect(await lines(series)).toEqual([
    'x{stat="avg"} +Inf',
    'x{stat="min"} 1',
    'x{stat="max"} +Inf',
    'x{stat="sum"} +Inf',
    'x{stat="p50"} +Inf',
    'x{stat="p95"} +Inf',
    'x{stat="p99"} +Inf',
  ]);
});

test('-0 is printed as 0', async () => {
  const series = opened();
  series.fill('x', {}, [-0]);
  expect(await lines(series)).toContain('x{stat="min"} 0');
});

test('numbers beyond the largest one are infinite', async () => {
  const series = opened();
  series.fill('x', {}, [Number.MAX_VALUE, Number.MAX_VALUE]);
  expect(await lines(series)).toEqual(
    expect.arrayContaining([
      'x{stat="sum"} +Inf',
      'x{stat="avg"} +Inf',
      'x{stat="p50"} 1.7976931348623157e+308',
    ]),
  );
});

test('a window is five minutes where none is said, both ends included', async () => {
  const series = opened();
  series.fill(
    'x',
    {},
    Array.from({ length: 30 }, (_none, index) => index),
  );
  expect(await lines(series)).toContain('x{stat="min"} 9');
  expect(await lines(series, 'window=1m')).toContain('x{stat="min"} 25');
  expect(await lines(series, 'window=60')).toContain('x{stat="min"} 25');
  expect(await lines(series, 'window=24h')).toContain('x{stat="min"} 0');
});

test('a series without a point in the window is left out, and its family with it', async () => {
  const series = opened();
  series.fill('x', { a: 'old' }, [1]);
  series.fill('y', {}, [1]);
  await series.clock.advance(300_001);
  series.fill('x', { a: 'new' }, [2]);
  const { text } = await series.get('/metrics/aggregated');
  expect(text).toContain('x{a="new",stat="avg"} 2');
  expect(text).not.toMatch(/"old"|^# HELP y /m);
});

test('points ahead of now are not there yet', async () => {
  const series = opened();
  const metric = { name: 'x', family: 'x', type: 'gauge', unit: '', help: '' } as const;
  series.store.record(metric, keyed({}), 5, series.clock.now() + 1);
  expect(await lines(series)).toEqual([]);
});

test('a page about nothing is empty', () => check(opened(), '', ''));
test('a metric that is unknown is nothing', () => check(opened(), 'metric=nothing', ''));

test('only metrics that are named are shown, in the order of first sight', async () => {
  const series = opened();
  for (const name of ['a', 'b', 'c']) series.fill(name, {}, [1]);
  const found = await lines(series, 'metric=c&metric=a&metric=c');
  expect(found.filter((line) => line.includes('avg'))).toEqual(['a{stat="avg"} 1', 'c{stat="avg"} 1']);
});

test('every label that is asked for must hold', async () => {
  const series = opened();
  series.fill('x', { a: '1', b: '1' }, [11]);
  series.fill('x', { a: '1', b: '2' }, [12]);
  series.fill('x', { b: '2' }, [2]);
  const averages = async (query: string) =>
    (await lines(series, query)).filter((line) => line.includes('avg')).map((line) => line.split(' ')[1]);
  expect(await averages('label=a:1')).toEqual(['11', '12']);
  expect(await averages('label=a:1&label=b:2')).toEqual(['12']);
  expect(await averages('label=a:1&label=a:2')).toEqual([]);
  // A series without a label has it with nothing in it.
  expect(await averages('label=a:')).toEqual(['2']);
  expect(await averages('label=constructor:')).toEqual(['11', '12', '2']);
});

test('the value of a label may hold a colon, a plus and any sign', async () => {
  const series = opened();
  series.fill('x', { url: 'http://a:1/ ü+' }, [1]);
  expect(await lines(series, 'label=url:http://a:1/+%C3%BC%2B')).toHaveLength(7);
});

test('all points with the same value of a label are one group', async () => {
  const series = opened();
  series.fill('x', { zone: 'a', node: '1' }, [1, 2]);
  series.fill('x', { zone: 'a', node: '2' }, [3]);
  series.fill('x', { zone: 'b', node: '3' }, [10]);
  series.fill('x', { node: '4' }, [100]);
  const found = await lines(series, 'by=zone');
  expect(found.filter((line) => /avg|sum/.test(line))).toEqual([
    'x{zone="a",stat="avg"} 2',
    'x{zone="a",stat="sum"} 6',
    'x{zone="b",stat="avg"} 10',
    'x{zone="b",stat="sum"} 10',
    'x{zone="",stat="avg"} 100',
    'x{zone="",stat="sum"} 100',
  ]);
});

test('a label that every object knows is a label like others', async () => {
  const series = opened();
  series.fill('x', { constructor: 'me' }, [1]);
  series.fill('x', {}, [2]);
  expect((await lines(series, 'by=constructor')).filter((line) => line.includes('avg'))).toEqual([
    'x{constructor="me",stat="avg"} 1',
    'x{constructor="",stat="avg"} 2',
  ]);
});

test("a series' own label stat becomes exported_stat, and none is taken for another", async () => {
  const series = opened();
  series.fill('x', { stat: 'a', z: '1' }, [1]);
  series.fill('x', { exported_stat: 'a', z: '1' }, [2]);
  expect((await lines(series)).filter((line) => line.includes('avg'))).toEqual([
    'x{exported_stat="a",z="1",stat="avg"} 1',
    'x{exported_exported_stat="a",z="1",stat="avg"} 2',
  ]);
  expect(await lines(series, 'by=stat')).toContain('x{exported_stat="a",stat="avg"} 1');
});

test('values of labels are escaped', async () => {
  const series = opened();
  series.fill('x', { a: 'a"b\\c\nd' }, [1]);
  expect(await lines(series)).toContain('x{a="a\\"b\\\\c\\nd",stat="avg"} 1');
});

function rate(values: readonly number[]): Promise<readonly string[]> {
  const series = opened();
  series.fill('x_total', {}, values, 'counter');
  return lines(series).then((found) => found.filter((line) => line.includes('rate')));
}

test('a counter has its rate', async () =>
  expect(await rate([0, 15, 30])).toEqual(['x_total{stat="rate"} 1']));
test('a counter that was reset has risen by what it shows', async () =>
  expect(await rate([100, 15, 30])).toEqual(['x_total{stat="rate"} 1']));
test('NaN is no value of a counter', async () =>
  expect(await rate([0, Number.NaN, 30, Number.NaN])).toEqual(['x_total{stat="rate"} 1']));
test('a counter that stands still has a rate of 0', async () =>
  expect(await rate([7, 7])).toEqual(['x_total{stat="rate"} 0']));
test('a counter with one point has no rate', async () => expect(await rate([5])).toEqual([]));
test('a counter with one number has no rate', async () => expect(await rate([5, Number.NaN])).toEqual([]));

test('a gauge has no rate', async () => {
  const series = opened();
  series.fill('x', {}, [1, 2]);
  expect(await lines(series)).toHaveLength(7);
});

test('the rate of a group is that of its series together', async () => {
  const series = opened();
  series.fill('x_total', { a: '1', b: '1' }, [0, 15], 'counter');
  series.fill('x_total', { a: '1', b: '2' }, [100, 0, 30], 'counter');
  series.fill('x_total', { a: '2' }, [1], 'counter');
  const found = await lines(series, 'by=a');
  expect(found.filter((line) => line.includes('rate'))).toEqual(['x_total{a="1",stat="rate"} 2']);
});

test('what is said of a metric is said again, and of a name kept for others nothing is promised', async () => {
  const series = opened();
  const metric = { name: 'b_total', family: 'b_total', type: 'counter', unit: '', help: 'A\\b\nc.' } as const;
  series.fill('deployment_replica_count', {}, [1]);
  series.fill('a', {}, [1]);
  series.store.record(metric, keyed({}), 1, series.clock.now());
  series.fill('c', { le: '1' }, [1]);
  const { text } = await series.get('/metrics/aggregated');
  expect(text.split('\n').filter((line) => line.startsWith('#'))).toEqual([
    '# HELP deployment_replica_count Distinct instances that pushed metrics in the last interval; where none is named, addresses.',
    '# TYPE deployment_replica_count untyped',
    '# HELP a Whoever brought a did not say what it means.',
    '# TYPE a gauge',
    '# HELP b_total A\\\\b\\nc.',
    '# TYPE b_total untyped',
    '# HELP c Whoever brought c did not say what it means.',
    '# TYPE c untyped',
  ]);
});

async function checkRefused(query: string, message: string): Promise<void> {
  const page = await opened().get('/metrics/aggregated', query);
  expect(JSON.parse(page.text)).toEqual({ success: false, message });
  expect(page.status).toBe(400);
}

const windowRange = 'window: must be from 1s to 24h. Write seconds (30) or a text such as 30s, 5m or 2h30m';
const windowForm =
  'window: must be a duration, from 1s to 24h. Write seconds (30) or a text such as 30s, 5m or 2h30m';

test('a window of nothing', () => checkRefused('window=', windowForm));
test('a window of words', () => checkRefused('window=long', windowForm));
test('a window that is too short', () => checkRefused('window=999ms', windowRange));
test('a window that is too long', () => checkRefused('window=24h1s', windowRange));
test('a window below 0', () => checkRefused('window=-5', windowRange));
test('two windows', () => checkRefused('window=5m&window=5m', 'window: stands there twice; say it once'));
test('two groupings', () => checkRefused('by=a&by=b', 'by: stands there twice; say it once'));
test('a metric of no name', () =>
  checkRefused(
    'metric=',
    'metric: is no name of a metric. Use letters, digits, _ and :, and begin with no digit',
  ));
test('a grouping by no label', () =>
  checkRefused(
    'by=__name__',
    'by: is no name of a label. Use letters, digits and _, begin with no digit and not with __',
  ));
test('a label without a value', () =>
  checkRefused('label=a', 'label: names no value. Write label=name:value'));
test('a label without a name', () =>
  checkRefused(
    'label=:a',
    'label: is no name of a label before the colon. Use letters, digits and _, begin with no digit and not with __',
  ));
test('a key that is unknown', () =>
  checkRefused('metrics=a', 'a key in the query is unknown. There are window, metric, by and label'));

test('the same page is shown to who asks at once, and counted once', async () => {
  const series = opened();
  series.fill('x', {}, [1]);
  const pages = await Promise.all([
    series.get('/metrics/aggregated', 'window=5m'),
    series.get('/metrics/aggregated', 'window=300'),
    series.get('/metrics/aggregated', 'window=1h'),
  ]);
  expect(pages[0]?.body).toBe(pages[1]?.body);
  expect(pages[2]?.body).not.toBe(pages[0]?.body);
  expect(series.counted()).toContain('cloudmon_collector_aggregation_duration_seconds_count: 2');
});

test('others have their turn while much is printed', async () => {
  const series = opened();
  for (let index = 0; index < 2_000; index++) series.fill('x', { index: String(index) }, [index, index + 1]);
  // Each look at the time takes a millisecond.
  let [ticks, turns] = [0, 0];
  const soon = (task: () => void) => {
    turns++;
    setImmediate(task);
  };
  Object.assign(series.clock, { monotonic: () => ticks++, soon });
  expect(await lines(series)).toHaveLength(14_000);
  expect(turns).toBeGreaterThan(100);
});
