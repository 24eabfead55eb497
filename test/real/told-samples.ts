/** The same samples for every program that keeps samples: for Prometheus, VictoriaMetrics and our own series. */

import { keyed } from '../../src/collector/series/labels.ts';
import type { Metric } from '../../src/collector/series/metric.ts';
import { SeriesStore } from '../../src/collector/series/store.ts';
import type { Clock } from '../../src/model/clock.ts';

export type ToldSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  readonly timeMs: number;
};

/** OpenMetrics, whose times are seconds; the samples of a name stand together. */
export function openMetrics(samples: readonly ToldSample[]): string {
  const names = [...new Set(samples.map(({ name }) => name))];
  const lines = names.flatMap((name) =>
    samples
      .filter((sample) => sample.name === name)
      .map((sample) => `${line(sample)} ${sample.timeMs / 1_000}\n`),
  );
  return `${lines.join('')}# EOF\n`;
}

/** Prometheus's text, whose times are milliseconds. */
export function prometheusText(samples: readonly ToldSample[]): string {
  return samples.map((sample) => `${line(sample)} ${sample.timeMs}\n`).join('');
}

function line({ name, labels, value }: ToldSample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}=${JSON.stringify(text)}`);
  const said = Number.isFinite(value)
    ? String(value)
    : Number.isNaN(value)
      ? 'NaN'
      : value > 0
        ? '+Inf'
        : '-Inf';
  return `${name}{${pairs.join(',')}} ${said}`;
}

export function storeOf(
  samples: readonly ToldSample[],
  collectIntervalMs: number,
  clock: Clock,
): SeriesStore {
  const settings = {
    pointsPerSeriesMax: 5_760,
    seriesMax: 10_000,
    pointsMax: 2_000_000,
    collectIntervalMs,
    historyMs: 1_800_000,
  };
  const store = new SeriesStore(settings, clock, [], () => undefined);
  const metrics = new Map(samples.map(({ name }) => [name, metricOf(name)]));
  for (const { name, labels, value, timeMs } of samples) {
    const said = store.record(metrics.get(name) ?? metricOf(name), keyed(labels), value, timeMs);
    if (said !== 'recorded') throw new Error(`${name} was not recorded: ${said}`);
  }
  return store;
}

function metricOf(name: string): Metric {
  return { name, family: name, type: 'untyped', unit: '', help: '' };
}
