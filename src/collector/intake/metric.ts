/** One pushed metric, checked field by field. */
import { limits } from '../../model/limits.ts';
import { durationText } from '../../values/duration.ts';
import { nearest } from '../../values/spelling.ts';
import type { Complaints } from './complaints.ts';
import { type TextField, textsMax, textTrouble } from './metric-text.ts';
import type { Fields } from './reading.ts';
import type { Timestamps } from './timestamp.ts';

export const latencyMsMax = 1e12;

export type Metric = { readonly [Field in Exclude<TextField, 'service'>]?: string } & {
  readonly service: string;
  /** When it came, where it does not say. */
  readonly timeMs: number;
  readonly status_code?: number;
  readonly latency_ms?: number;
};

/** When a metric may have been. */
export type Span = {
  readonly nowMs: number;
  readonly oldestMs: number;
  readonly latestMs: number;
  readonly historyMs: number;
};

export function spanAt(nowMs: number, historyMs: number): Span {
  return { nowMs, oldestMs: nowMs - historyMs, latestMs: nowMs + limits.futureMs, historyMs };
}

export type MetricRules = { readonly span: Span; readonly times: Timestamps };

/** Undefined: it was complained of. */
export function decodeMetric(
  fields: Fields,
  index: number,
  complaints: Complaints,
  rules: MetricRules,
): Metric | undefined {
  const before = complaints.count;
  const metric: Draft = { service: '', timeMs: rules.span.nowMs };
  if (!Object.hasOwn(fields, 'service')) complaints.add(index, 'service', 'is missing');
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const decode = decoders.get(key);
    if (!decode) {
      // Nobody reads more than the first of them.
      complaints.add(index, key.slice(0, keyCharactersShown), complaints.isFull ? '' : whatIsMeant(key));
      continue;
    }
    const trouble = value === null ? nullTrouble(key) : decode(value, metric, rules);
    if (trouble !== undefined) complaints.add(index, key, trouble);
  }
  return complaints.count === before ? metric : undefined;
}

type Draft = { -readonly [Field in keyof Metric]: Metric[Field] };

/** What is wrong with the value; else it is in the metric. */
type Decode = (value: unknown, metric: Draft, rules: MetricRules) => string | undefined;

const textFields = Object.keys(textsMax) as TextField[];

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ...textFields.map((field): [string, Decode] => [field, decodeText(field)]),
  ['status_code', decodeStatusCode],
  ['latency_ms', decodeLatency],
  ['timestamp', decodeTimestamp],
  // Seed 000 lets a metric have it, and nothing there reads it: it is not kept.
  [
    'custom',
    (value) => (typeof value === 'object' && !Array.isArray(value) ? undefined : 'must be an object'),
  ],
]);

const keyCharactersShown = 64;

function whatIsMeant(key: string): string {
  const fields = [...decoders.keys()];
  const meant = nearest(key, fields) ?? fields.find((field) => key.length > 1 && field.includes(key));
  return meant ? `no such field: did you mean ${meant}?` : 'no such field';
}

function nullTrouble(field: string): string {
  return field === 'service' ? 'is null' : 'is null: leave it out';
}

function decodeText(field: TextField): Decode {
  return (value, metric) => {
    if (typeof value !== 'string') return 'must be text';
    metric[field] = value;
    return textTrouble(value, textsMax[field]);
  };
}

function decodeStatusCode(value: unknown, metric: Draft): string | undefined {
  const isCode = typeof value === 'number' && Number.isInteger(value) && value >= 100 && value <= 599;
  if (!isCode) return 'must be a whole number from 100 to 599';
  metric.status_code = value;
  return undefined;
}

function decodeLatency(value: unknown, metric: Draft): string | undefined {
  if (typeof value !== 'number' || !(value >= 0 && value <= latencyMsMax)) {
    return `must be a number from 0 to ${latencyMsMax}`;
  }
  metric.latency_ms = value;
  return undefined;
}

function decodeTimestamp(value: unknown, metric: Draft, { span, times }: MetricRules): string | undefined {
  const example = 'such as 2026-02-04T17:00:00Z';
  if (typeof value !== 'string') return `must be text in RFC 3339, ${example}`;
  const timeMs = times.readText(value);
  if (Number.isNaN(timeMs)) return `is not RFC 3339, ${example}`;
  if (timeMs > span.latestMs) return `is more than ${durationText(limits.futureMs)} ahead`;
  if (timeMs < span.oldestMs) return `is older than ${durationText(span.historyMs)}`;
  metric.timeMs = timeMs;
  return undefined;
}
