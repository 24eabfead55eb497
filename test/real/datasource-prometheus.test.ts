/** The Prometheus data source against a real Prometheus and a real VictoriaMetrics, and beside our own series. */
import { expect, onTestFinished, test } from 'vitest';
import type { Datasource } from '../../src/collector/datasources/datasource.ts';
import { embeddedDatasource } from '../../src/collector/datasources/embedded.ts';
import { openPrometheusDatasource } from '../../src/collector/datasources/prometheus.ts';
import { Failure } from '../../src/model/failure.ts';
import { drawing } from '../chance.ts';
import { FakeClock } from '../fake-clock.ts';
import { startPrometheusWith } from './prometheus-blocks.ts';
import { openMetrics, prometheusText, storeOf, type ToldSample } from './told-samples.ts';
import { startVictoriaMetricsWith } from './victoria-metrics.ts';

const stepMs = 15_000;
/** Long enough ago for VictoriaMetrics, which makes the last 30 s up from what was before. */
const endMs = Math.floor((Date.now() - 120_000) / stepMs) * stepMs;
const startMs = endMs - 600_000;
const question = (query: string) => ({ query, fromMs: startMs, toMs: endMs });

/** Between the steps, so that no window of a query begins or ends with one of them. */
function sampled(name: string, values: readonly (number | null)[], labels = {}): readonly ToldSample[] {
  return values.flatMap((value, at) =>
    value === null ? [] : [{ name, labels, value, timeMs: startMs + at * stepMs - 5_000 }],
  );
}

const draw = drawing(6);
const steps = 41;
const lead = 20;
const drawn = (below: number) => Array.from({ length: steps }, () => draw(below));

const samples: readonly ToldSample[] = [
  ...sampled('latency', drawn(200), { service: 'api', instance: 'a' }),
  ...sampled('latency', drawn(200), { service: 'api', instance: 'b' }),
  ...sampled('latency', drawn(200), { service: 'web "quoted" ☃', instance: 'a' }),
  ...sampled('late', [...Array.from({ length: 20 }, () => null), ...drawn(9).slice(20)]),
  ...sampled(
    'infinite',
    drawn(3).map((value) => [1, Infinity, -Infinity][value] ?? 0),
  ),
  // VictoriaMetrics makes another rate of the beginning of a counter: it begins before.
  ...Array.from({ length: steps + lead }, (_, at) => ({
    name: 'requests_total',
    labels: {},
    value: at * 30,
    timeMs: startMs + (at - lead) * stepMs - 5_000,
  })),
  ...Array.from({ length: 1_200 }, (_, at) => sampled('crowd', [at, at / 8], { number: `${at}` })).flat(),
];

function open(url: string, path = ''): Datasource {
  const settings = { url: `${url}${path}`, timeoutMs: 30_000, headers: {}, tls: {} };
  const datasource = openPrometheusDatasource(settings, stepMs, new FakeClock(endMs + 1));
  onTestFinished(() => datasource.stop());
  return datasource;
}

/** `step`=`value` of each point, a text for each track, in a fixed order; or why there is none. */
async function ask(datasource: Datasource, query: string): Promise<readonly string[] | string> {
  try {
    const tracks = await datasource.ask(question(query));
    const said = tracks.map(({ timesMs, values }) =>
      timesMs
        .map((timeMs, at) => `${(timeMs - startMs) / stepMs}=${round(values[at] ?? Number.NaN)}`)
        .join(' '),
    );
    return said.sort();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

/** The programs add up in different orders. */
function round(value: number): number {
  return Number.isFinite(value) ? Number(value.toPrecision(12)) : value;
}

const alike = [
  'latency',
  'latency{service="api"}',
  'latency{service="web \\"quoted\\" ☃"}',
  'latency{instance=~"a|c"} > 100',
  'latency > bool 100',
  'sum(latency)',
  'avg by (service) (latency)',
  'max without (instance) (latency)',
  'min(latency) * 2 - 1',
  'quantile(0.5, latency)',
  'count(latency > 100)',
  'avg_over_time(latency[1m])',
  'max_over_time(latency[2m])',
  'min_over_time(latency{service="api"}[1m])',
  'sum_over_time(latency[1m])',
  'count_over_time(latency[5m])',
  'last_over_time(late[5m])',
  'sum(last_over_time(late[5m])) > bool 4',
  'late',
  'infinite',
  'rate(requests_total[2m]) > bool 1.5',
  'sum(rate(requests_total[2m])) < bool 2.5',
  'unknown',
  'unknown > 1',
  'scalar(latency{service="api",instance="a"}) > bool 50',
  'vector(1)',
  '1 + 1',
  'abs(latency - 100)',
  'clamp_max(latency, 50)',
];

test('what was written comes out, the same from Prometheus, VictoriaMetrics and our own series', async () => {
  const prometheus = open((await startPrometheusWith(openMetrics(samples))).url);
  const victoria = open((await startVictoriaMetricsWith(prometheusText(samples))).url);
  const clock = new FakeClock(endMs + 1);
  const own = embeddedDatasource({ store: storeOf(samples, stepMs, clock), stepMs, clock });
  expect(await ask(prometheus, 'requests_total')).toEqual([
    Array.from({ length: steps }, (_, at) => `${at}=${(at + lead) * 30}`).join(' '),
  ]);
  for (const query of alike) {
    const said = await ask(prometheus, query);
    expect(typeof said, `${query}: ${said}`).toBe('object');
    expect(await ask(own, query), `${query}, our own`).toEqual(said);
    expect(await ask(victoria, query), `${query}, VictoriaMetrics`).toEqual(said);
  }
  for (const datasource of [prometheus, victoria]) {
    const queries = Array.from({ length: 1_200 }, (_, at) => `last_over_time(crowd{number="${at}"}[15s])`);
    const said = await Promise.all(queries.map((query) => ask(datasource, query)));
    expect(said).toEqual(queries.map((_, at) => [`0=${at} 1=${at / 8}`]));
    const long = `latency{instance=~"${'no|'.repeat(2_000)}a",service="api"}`;
    expect(await ask(datasource, long)).toEqual(await ask(prometheus, 'latency{instance="a",service="api"}'));
  }
});

test('what is no query is refused, in the words of who was asked', async () => {
  const { url } = await startPrometheusWith(openMetrics(sampled('up', [1])));
  expect(await ask(open(url), 'sum(')).toBe(
    'datasource.rejected: answered 400: 1:5: parse error: unclosed left parenthesis',
  );
  expect(await ask(open(url), 'up + on() group_left up{x="y"} + "a"')).toMatch(
    /^datasource\.rejected: answered 400/,
  );
  expect(await ask(open(url, '/nowhere'), 'up')).toMatch(/^datasource\.rejected: answered 404/);
  const victoria = await startVictoriaMetricsWith(prometheusText(sampled('up', [1])));
  expect(await ask(open(victoria.url), 'sum(')).toMatch(/^datasource\.rejected: answered 4\d\d: .*sum/);
  expect(await ask(open(victoria.url, '/nowhere'), 'up')).toMatch(/^datasource\.rejected: answered 400/);
});

test('NaN is no value', async () => {
  const text = openMetrics(sampled('odd', [1, Number.NaN, Infinity, 0]));
  const { url } = await startPrometheusWith(text);
  expect(await ask(open(url), 'last_over_time(odd[15s])')).toEqual(['0=1 2=Infinity 3=0']);
  expect(await ask(open(url), 'odd / 0')).toMatchObject([expect.stringMatching(/^0=Infinity 2=Infinity/)]);
});

test('a query that cannot be worked out is refused', async () => {
  const { url } = await startPrometheusWith(openMetrics([...sampled('a', [1]), ...sampled('b', [2])]));
  expect(await ask(open(url), 'abs({__name__=~"a|b"})')).toBe(
    'datasource.rejected: answered 422: vector cannot contain metrics with the same labelset',
  );
});
