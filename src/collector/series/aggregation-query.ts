/** What `/metrics/aggregated` may be asked. */
import { decodeDuration } from '../../values/duration.ts';
import { Wrong } from '../../values/facts.ts';
import { isLabelName, isMetricName } from './name.ts';

export type AggregationQuery = {
  readonly windowMs: number;
  /** Empty: all. */
  readonly metrics: readonly string[];
  /** All points of a metric with the same value of this label are one group. */
  readonly by: string | undefined;
  /** All must hold; an empty value is that of a series without the label. */
  readonly labels: readonly { readonly name: string; readonly value: string }[];
};

const windowLimits = { min: '1s', max: '24h' };
const windowMs = 300_000;

/** A text says why it cannot be answered. */
export function parseAggregationQuery(query: string): AggregationQuery | string {
  const found = {
    windowMs,
    metrics: new Set<string>(),
    by: '',
    labels: [] as { name: string; value: string }[],
  };
  const seen = new Set<string>();
  for (const [key, value] of new URLSearchParams(query)) {
    if (seen.has(key) && (key === 'window' || key === 'by')) return `${key}: stands there twice; say it once`;
    seen.add(key);
    const trouble = take(found, key, value);
    if (trouble !== undefined) return trouble;
  }
  return { ...found, metrics: [...found.metrics], by: found.by || undefined };
}

type Found = {
  windowMs: number;
  metrics: Set<string>;
  by: string;
  labels: { name: string; value: string }[];
};

function take(found: Found, key: string, value: string): string | undefined {
  if (key === 'window') {
    const ms = decodeDuration(value, windowLimits);
    if (ms instanceof Wrong) return `window: ${ms.message}. ${ms.remedy}`;
    found.windowMs = ms;
  } else if (key === 'metric') {
    if (!isMetricName(value)) return `metric: is no name of a metric. ${metricRemedy}`;
    found.metrics.add(value);
  } else if (key === 'by') {
    if (!isLabelName(value)) return `by: is no name of a label. ${labelRemedy}`;
    found.by = value;
  } else if (key === 'label') {
    const colon = value.indexOf(':');
    if (colon < 0) return 'label: names no value. Write label=name:value';
    const name = value.slice(0, colon);
    if (!isLabelName(name)) return `label: is no name of a label before the colon. ${labelRemedy}`;
    found.labels.push({ name, value: value.slice(colon + 1) });
  } else {
    return 'a key in the query is unknown. There are window, metric, by and label';
  }
  return undefined;
}

const metricRemedy = 'Use letters, digits, _ and :, and begin with no digit';
const labelRemedy = 'Use letters, digits and _, begin with no digit and not with __';
