/** One point of a convertor's answer, in whichever form it came. */
import type { Evidence, Triggered } from '../model/reading.ts';
import { flagName } from '../values/flag-name.ts';
import { garbled } from './json.ts';

export type Point = {
  readonly timeMs: number;
  /** As sent: it is judged only when it decides. Never null: a point without a value is left out. */
  readonly value: unknown;
  /** Flags that the point states; undefined for the forms that cannot state any. */
  readonly flags: ReadonlySet<string> | undefined;
  readonly evidence: Evidence;
};

export type Fields = Readonly<Record<string, unknown>>;

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const noEvidence: Evidence = { triggered: [] };

/** A pair, `[time, value]` or `[value, time]`: the number of 1e8 or more is the time. */
export function pairPoint(pair: readonly unknown[], order: 'time first' | 'value first'): Point | undefined {
  const [a, b] = pair;
  const timeIsFirst = isTimestamp(a) === isTimestamp(b) ? order === 'time first' : isTimestamp(a);
  const [time, value] = timeIsFirst ? [a, b] : [b, a];
  if (value === null || value === undefined) return undefined;
  return { timeMs: timeMsOf(time), value, flags: undefined, evidence: noEvidence };
}

/**
 * An object: `timestamp`, `ts` or `time` beside `weight`, `status`, `value` or `impact`, first found wins.
 *
 * @param receivedMs the time of a point that names none; undefined: such a point is garbage
 */
export function objectPoint(fields: Fields, receivedMs?: number): Point | undefined {
  const value = firstOf(fields, ['weight', 'status', 'value', 'impact']);
  if (value === null || value === undefined) return undefined;
  const time = firstOf(fields, ['timestamp', 'ts', 'time']);
  const timeMs = time === undefined && receivedMs !== undefined ? receivedMs : timeMsOf(time);
  return { timeMs, value, flags: flagsOf(fields['metric_states']), evidence: evidenceOf(fields) };
}

function firstOf(fields: Fields, names: readonly string[]): unknown {
  const name = names.find((candidate) => fields[candidate] !== undefined);
  return name && fields[name];
}

function isTimestamp(value: unknown): boolean {
  return typeof value === 'number' && value >= 1e8;
}

const rfc3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/;

function timeMsOf(time: unknown): number {
  const timeMs = readTime(time);
  if (timeMs === undefined) throw garbled('a point has no usable time');
  return timeMs;
}

/** Seconds, milliseconds above 1e11, or RFC 3339; undefined for anything else. */
export function readTime(time: unknown): number | undefined {
  if (typeof time === 'number' && time >= 0 && time < 8.64e15) return time > 1e11 ? time : time * 1000;
  if (typeof time !== 'string' || !rfc3339.test(time)) return undefined;
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? undefined : ms;
}

function flagsOf(states: unknown): ReadonlySet<string> {
  const flags = new Set<string>();
  if (!isFields(states)) return flags;
  for (const [name, state] of Object.entries(states)) {
    if (typeof state === 'boolean') flags.add(flagName(name));
  }
  return flags;
}

function evidenceOf(fields: Fields): Evidence {
  const details = fields['triggered_metric_details'];
  const matched = fields['matched_expression'];
  return {
    ...(typeof matched === 'string' && { matchedExpression: matched.slice(0, 500) }),
    triggered: (Array.isArray(details) ? details : []).slice(0, 20).filter(isFields).map(triggeredOf),
  };
}

function triggeredOf(fields: Fields): Triggered {
  const { name, query, op, threshold } = fields;
  return {
    name: typeof name === 'string' ? name.slice(0, 200) : '?',
    ...(typeof query === 'string' && { query: query.slice(0, 500) }),
    ...(typeof op === 'string' && { op: op.slice(0, 8) }),
    ...(typeof threshold === 'number' && { threshold }),
  };
}
