/** The same samples and the same flags give the same health, whoever keeps the samples. */
import { expect, onTestFinished, test } from 'vitest';
import type { Datasource } from '../../src/collector/datasources/datasource.ts';
import { embeddedDatasource } from '../../src/collector/datasources/embedded.ts';
import { openGraphite } from '../../src/collector/datasources/graphite.ts';
import { openPrometheusDatasource } from '../../src/collector/datasources/prometheus.ts';
import type { FlagRule, HealthRules, ServiceRules } from '../../src/collector/health/rules.ts';
import type { Status } from '../../src/model/status.ts';
import { drawing } from '../chance.ts';
import { rulesOf, stage } from '../collector/health/stage.ts';
import { FakeClock } from '../fake-clock.ts';
import { type Point, slotSeconds, startGraphite } from './graphite.ts';
import { startPrometheusWith } from './prometheus-blocks.ts';
import { openMetrics, prometheusText, storeOf, type ToldSample } from './told-samples.ts';
import { startVictoriaMetricsWith } from './victoria-metrics.ts';

const stepMs = 15_000;
const servicesCount = 30;
/** VictoriaMetrics makes the last 30 s up from what was before. */
const endMs = Math.floor((Date.now() - 120_000) / stepMs) * stepMs;
const startMs = endMs - 600_000;
const draw = drawing(11);

/** Any of the lists, all of its flags: as it is written, and as it is meant. */
type Meant = { readonly anyOf: readonly (readonly string[])[]; readonly weight: Status };

function expressionOf({ anyOf, weight }: Meant): ServiceRules['expressions'][number] {
  return { text: anyOf.map((all) => `(${all.join(' && ')})`).join(' || '), weight };
}

function meantOf(names: readonly string[]): readonly Meant[] {
  const some = () => names.filter((_, at) => at === 0 || draw(2) === 0);
  return [1, 3, 2, 1].map((weight) => ({
    anyOf: [some().slice(draw(2)), some()].filter((all) => all.length > 0),
    weight: weight as Status,
  }));
}

function serviceOf(key: string, flags: readonly FlagRule[], meant: readonly Meant[]): ServiceRules {
  const environments = [{ name: 'production', flags }];
  const metrics = flags.map(({ metric }) => metric);
  return { key, category: 'compute', metrics, environments, expressions: meant.map(expressionOf) };
}

async function health(
  rules: HealthRules,
  datasource: Datasource,
  untilMs: number,
): Promise<readonly unknown[]> {
  const clock = new FakeClock(untilMs);
  const { ask } = stage(rules, { datasource: () => datasource, stepMs, clock });
  const window = { from: String(startMs / 1_000), to: String(endMs / 1_000), environment: 'production' };
  return Promise.all(rules.services.map(({ key }) => ask({ ...window, service: key })));
}

const settingsOf = (url: string) => ({ url, timeoutMs: 60_000, headers: {}, tls: {} });

/** Queries that mean the same to all of them; a rate differs where a counter begins, and a bare name in a gap. */
const queries = [
  (service: string) => `latency{service="${service}"}`,
  (service: string) => `max(latency{service="${service}"}) > bool 100`,
  (service: string) => `avg_over_time(latency{service="${service}",instance="a"}[1m])`,
  (service: string) => `sum(last_over_time(gaps{service="${service}"}[1m]))`,
  (service: string) => `count_over_time(gaps{service="${service}"}[2m])`,
  (service: string) => `100 * min(latency{service="${service}"}) / max(latency{service="${service}"})`,
];

function promServices(): readonly ServiceRules[] {
  return Array.from({ length: servicesCount }, (_, number) => {
    const key = `s${number}`;
    const flags = ['a', 'b', 'c'].map((letter, at): FlagRule => {
      const query = queries[(number + at * 2) % queries.length]?.(key) ?? '';
      const name = `${key}.${letter}`;
      return { name, metric: name, query, op: draw(2) === 0 ? 'gt' : 'lt', threshold: 20 + draw(120) };
    });
    return serviceOf(key, flags, meantOf(flags.map(({ name }) => name)));
  });
}

function promSamples(): readonly ToldSample[] {
  const samples: ToldSample[] = [];
  for (let number = 0; number < servicesCount; number++) {
    for (const instance of ['a', 'b']) {
      for (let timeMs = startMs - 305_000; timeMs <= endMs; timeMs += stepMs) {
        const labels = { service: `s${number}`, instance };
        samples.push({ name: 'latency', labels, value: draw(200), timeMs });
        if (draw(3) > 0) samples.push({ name: 'gaps', labels, value: draw(100), timeMs });
      }
    }
  }
  return samples;
}

test('from Prometheus, VictoriaMetrics and our own series it is the same (seed 11)', async () => {
  const samples = promSamples();
  const rules = rulesOf(promServices());
  const clock = new FakeClock(endMs + 1);
  const { url } = await startPrometheusWith(openMetrics(samples));
  const prometheus = openPrometheusDatasource(settingsOf(url), stepMs, clock);
  const victoria = openPrometheusDatasource(
    settingsOf((await startVictoriaMetricsWith(prometheusText(samples))).url),
    stepMs,
    clock,
  );
  onTestFinished(() => {
    prometheus.stop();
    victoria.stop();
  });
  const own = embeddedDatasource({ store: storeOf(samples, stepMs, clock), stepMs, clock });
  const expected = await health(rules, prometheus, endMs + 1);
  expect(weightsOf(expected)).toEqual(new Set([0, 1, 2, 3]));
  expect(await health(rules, own, endMs + 1)).toEqual(expected);
  expect(await health(rules, victoria, endMs + 1)).toEqual(expected);
});

type Told = { readonly metrics: readonly { readonly timestamp: number; readonly weight: number }[] };

function weightsOf(answers: readonly unknown[]): ReadonlySet<number> {
  return new Set((answers as readonly Told[]).flatMap(({ metrics }) => metrics.map(({ weight }) => weight)));
}

/** What was written for one flag, by the second of its slot. */
type Written = ReadonlyMap<number, number>;
const slots = 60;

function isUp({ op, threshold }: FlagRule, value: number | undefined): boolean {
  if (value === undefined) return false;
  const [is, than] = new Float32Array([value, threshold]) as unknown as readonly [number, number];
  return op === 'lt' ? is < than : op === 'gt' ? is > than : is === than;
}

/** CloudMon's rules, spelt out: each point by itself, the first of the heaviest expressions that hold. */
function naively(
  flags: readonly FlagRule[],
  written: ReadonlyMap<string, Written>,
  meant: readonly Meant[],
  onMissing: HealthRules['onMissing'],
): readonly unknown[] {
  const seconds = [...new Set(flags.flatMap(({ query }) => [...(written.get(query)?.keys() ?? [])]))];
  return seconds
    .sort((a, b) => a - b)
    .flatMap((timestamp) => {
      const values = flags.map(({ query }) => written.get(query)?.get(timestamp));
      if (onMissing === 'no_data' && values.includes(undefined)) return [];
      const up = flags.filter((flag, at) => isUp(flag, values[at])).map(({ name }) => name);
      let weight = 0;
      for (const { anyOf, weight: own } of meant) {
        const holds = anyOf.some((all) => all.every((name) => up.includes(name)));
        if (own > weight && holds) weight = own;
      }
      return [{ timestamp, weight, up }];
    });
}

test('from Graphite it is what CloudMon’s rules make of its points (seed 11)', async () => {
  const graphite = await startGraphite();
  onTestFinished(graphite.stop);
  const written = new Map<string, Written>();
  const services = Array.from({ length: servicesCount }, (_, number) => {
    const flags = ['a', 'b', 'c'].map((letter): FlagRule => {
      const name = `g${number}.${letter}`;
      const values = new Map<number, number>();
      for (let at = 0; at <= slots; at++) {
        const second = Math.ceil(startMs / 1_000 / slotSeconds) * slotSeconds + at * slotSeconds;
        if (draw(4) > 0 && second * 1_000 <= endMs)
          values.set(second, draw(40) === 0 ? Infinity : draw(20) / 10);
      }
      const query = `stats.production.${name}`;
      written.set(query, values);
      return {
        name,
        metric: name,
        query,
        op: (['lt', 'gt', 'eq'] as const)[draw(3)] ?? 'eq',
        threshold: draw(20) / 10,
      };
    });
    return { key: `g${number}`, flags, meant: meantOf(flags.map(({ name }) => name)) };
  });
  const points = [...written].flatMap(([name, values]) =>
    [...values].map(
      ([second, value]): Point => ({ name, second, value: value === Infinity ? 'inf' : value }),
    ),
  );
  await graphite.write(points);
  const clock = new FakeClock(endMs + 1);
  for (const onMissing of ['no_data', 'false'] as const) {
    const rules = rulesOf(
      services.map(({ key, flags, meant }) => serviceOf(key, flags, meant)),
      { onMissing },
    );
    const datasource = openGraphite(settingsOf(graphite.url), clock);
    onTestFinished(() => datasource.stop());
    const answers = (await health(rules, datasource, endMs + 1)) as readonly (Told & {
      readonly status: number | null;
    })[];
    expect(weightsOf(answers)).toEqual(new Set([0, 1, 2, 3]));
    for (const [index, { flags, meant }] of services.entries()) {
      const expected = naively(flags, written, meant, onMissing);
      expect(expected.length).toBeGreaterThan(3);
      const said = answers[index]?.metrics.map(({ timestamp, weight, ...rest }) => {
        const { metric_states: states } = rest as {
          readonly metric_states?: Readonly<Record<string, boolean>>;
        };
        return { timestamp, weight, up: Object.keys(states ?? {}).filter((name) => states?.[name]) };
      });
      expect(said).toEqual(expected);
    }
  }
});

test('a source that answers nothing of use gives no health', async () => {
  const flag: FlagRule = { name: 's.a', metric: 's.a', query: 'up', op: 'gt', threshold: 1 };
  const rules = rulesOf([serviceOf('s', [flag], [{ anyOf: [['s.a']], weight: 2 }])]);
  const { url } = await startPrometheusWith(
    openMetrics([{ name: 'up', labels: {}, value: 2, timeMs: startMs }]),
  );
  const clock = new FakeClock(endMs + 1);
  // A Graphite that is asked at the address of a Prometheus, and a Prometheus at a wrong path.
  const wrong = [
    openGraphite(settingsOf(url), clock),
    openPrometheusDatasource(settingsOf(`${url}/x`), stepMs, clock),
  ];
  for (const datasource of wrong) {
    onTestFinished(() => datasource.stop());
    expect(await health(rules, datasource, endMs + 1)).toEqual([
      { message: 'The data source failed: rejected' },
    ]);
  }
  const right = openPrometheusDatasource(settingsOf(url), stepMs, clock);
  onTestFinished(() => right.stop());
  expect(await health(rules, right, endMs + 1)).toMatchObject([{ status: 2 }]);
});
