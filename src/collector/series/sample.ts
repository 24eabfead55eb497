/** One pushed sample, checked field by field. */
import type { FamilyType, Labels } from '../../exposition/family.ts';
import { limits } from '../../model/limits.ts';
import { durationText } from '../../values/duration.ts';
import { nearest } from '../../values/spelling.ts';
import type { Complaints } from '../intake/complaints.ts';
import type { Fields } from '../intake/reading.ts';
import type { Timestamps } from '../intake/timestamp.ts';
import { labelValueTrouble } from './labels.ts';
import { familyOf, type Metric } from './metric.ts';
import { isLabelName, isMetricName } from './name.ts';

export type PushedSample = {
  readonly metric: Metric;
  readonly labels: Labels;
  readonly value: number;
  readonly timeMs: number;
};

export type SampleRules = {
  readonly nowMs: number;
  readonly retentionMs: number;
  readonly times: Timestamps;
};

/** Undefined: it was complained of. */
export function decodeSample(
  fields: Fields,
  index: number,
  complaints: Complaints,
  rules: SampleRules,
): PushedSample | undefined {
  const before = complaints.count;
  const draft: Draft = { type: 'untyped', unit: '', help: '', labels: {}, timeMs: rules.nowMs };
  for (const field of required) {
    if (!Object.hasOwn(fields, field)) complaints.add(index, field, 'is missing');
  }
  for (const [key, value] of Object.entries(fields)) {
    // Nobody reads more than the first complaints, so the words of others cost nothing.
    const isIdle = complaints.isFull && !decoders.has(key);
    const trouble = isIdle ? '' : decodeField(key, value, draft, rules);
    if (trouble !== undefined) complaints.add(index, key.slice(0, keyCharactersShown), trouble);
  }
  const { name, value, type, unit, help, labels, timeMs } = draft;
  if (complaints.count > before || name === undefined || value === undefined) return undefined;
  const family = familyOf(name, type);
  if (family !== undefined) return { metric: { name, family, type, unit, help }, labels, value, timeMs };
  complaints.add(index, 'name', 'of a histogram ends with _bucket, _sum or _count');
  return undefined;
}

const required = ['name', 'value'] as const;
const keyCharactersShown = 64;

type Draft = {
  name?: string;
  value?: number;
  type: FamilyType;
  unit: string;
  help: string;
  labels: Labels;
  timeMs: number;
};

/** What is wrong with the value; else it is in the draft. */
type Decode = (value: unknown, draft: Draft, rules: SampleRules) => string | undefined;

const decoders: ReadonlyMap<string, Decode> = new Map<string, Decode>([
  ['name', decodeName],
  ['labels', decodeLabels],
  ['value', decodeValue],
  ['timestamp', decodeTimestamp],
  ['type', decodeType],
  ['unit', decodeWords('unit', limits.unitCharactersMax)],
  ['help', decodeWords('help', limits.helpCharactersMax)],
]);

function decodeField(key: string, value: unknown, draft: Draft, rules: SampleRules): string | undefined {
  const decode = decoders.get(key);
  if (decode) return value === null ? 'is null' : decode(value, draft, rules);
  const meant = nearest(key, decoders.keys());
  return meant ? `no such field: did you mean ${meant}?` : 'no such field';
}

function decodeName(value: unknown, draft: Draft): string | undefined {
  if (typeof value !== 'string') return 'must be text';
  if (!isMetricName(value)) {
    return 'must be 1 to 200 letters, digits, _ and :, and begin with no digit';
  }
  draft.name = value;
  return undefined;
}

function decodeLabels(value: unknown, draft: Draft): string | undefined {
  if (typeof value !== 'object' || Array.isArray(value)) return 'must be an object of texts';
  const labels: { [name: string]: string } = {};
  let count = 0;
  for (const [name, text] of Object.entries(value as object)) {
    const trouble = labelTrouble(name, text);
    if (trouble !== undefined) return trouble;
    // An empty value is no label.
    if (text === '') continue;
    labels[name] = text;
    if (++count > limits.labelsMax) return `has more than ${limits.labelsMax} labels`;
  }
  draft.labels = labels;
  return undefined;
}

function labelTrouble(name: string, value: unknown): string | undefined {
  if (!isLabelName(name)) {
    return 'has a name that is not 1 to 200 letters, digits and _, or begins with a digit or with __';
  }
  if (typeof value !== 'string') return `${name} must be text`;
  const trouble = labelValueTrouble(value);
  return trouble === undefined ? undefined : `${name} ${trouble}`;
}

/** JSON has no numbers for these. */
const numberWords: ReadonlyMap<unknown, number> = new Map([
  ['NaN', Number.NaN],
  ['+Inf', Number.POSITIVE_INFINITY],
  ['-Inf', Number.NEGATIVE_INFINITY],
]);

function decodeValue(value: unknown, draft: Draft): string | undefined {
  const number = typeof value === 'number' ? value : numberWords.get(value);
  // JSON reads 1e999 as infinity, and nobody meant that.
  if (number === undefined || (typeof value === 'number' && !Number.isFinite(value))) {
    return 'must be a number, or NaN, +Inf or -Inf as text';
  }
  draft.value = number;
  return undefined;
}

function decodeTimestamp(
  value: unknown,
  draft: Draft,
  { nowMs, retentionMs, times }: SampleRules,
): string | undefined {
  const example = 'such as 2026-02-04T17:00:00Z';
  if (typeof value !== 'string') return `must be text in RFC 3339, ${example}`;
  const timeMs = times.readText(value);
  if (Number.isNaN(timeMs)) return `is not RFC 3339, ${example}`;
  if (timeMs > nowMs + limits.futureMs) return `is more than ${durationText(limits.futureMs)} ahead`;
  draft.timeMs = timeMs;
  return timeMs < nowMs - retentionMs ? `is older than ${durationText(retentionMs)}` : undefined;
}

const types: ReadonlySet<unknown> = new Set<FamilyType>([
  'counter',
  'gauge',
  'histogram',
  'summary',
  'untyped',
]);

function decodeType(value: unknown, draft: Draft): string | undefined {
  if (!types.has(value)) return `must be one of ${[...types].join(', ')}`;
  draft.type = value as FamilyType;
  return undefined;
}

function decodeWords(field: 'unit' | 'help', charactersMax: number): Decode {
  return (value, draft) => {
    if (typeof value !== 'string') return 'must be text';
    if (value.length > charactersMax) return `is longer than ${charactersMax} characters`;
    if (/\p{Surrogate}|\0/u.test(value)) return 'holds half a character, or the character 0';
    draft[field] = value;
    return undefined;
  };
}
