/**
 * The lines of a history: one JSON object each, with its time and its type.
 *
 * docs/history.md shows one of each type.
 */
import type { Triggered } from '../model/reading.ts';
import { isStatus, type Status } from '../model/status.ts';

type About = { readonly service: string; readonly environment: string };

/** `again`: nothing is new; it is said so that a file stands alone. */
export type Observed = About & {
  readonly type: 'observed';
  /** Absent: no data. */
  readonly status?: Status | undefined;
  /** Of the reading itself. */
  readonly observed?: string | undefined;
  /** Why there is no data, or, beside a status, what a long silence that counts as it was. */
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  readonly category?: string | undefined;
  readonly matched_expression?: string | undefined;
  readonly triggered?: readonly Triggered[] | undefined;
  readonly again?: true;
};

export type Maintained = About & {
  readonly type: 'maintenance';
  readonly from: string;
  readonly until: string;
  /** What it is for. */
  readonly maintenance?: string | undefined;
  readonly again?: true;
};

export type Delivered = About & {
  readonly type: 'delivered';
  readonly dashboard: string;
  readonly action: string;
  /** 0 where it is closed. */
  readonly status: Status;
  readonly incident: string;
  readonly outcome: string;
  readonly attempts: number;
  readonly http_status?: number | undefined;
  readonly reference?: string | undefined;
  readonly note?: string | undefined;
  readonly reason?: string | undefined;
  readonly detail?: string | undefined;
  /** Deliveries before this one that ended as the one that was written last. */
  readonly unwritten?: number | undefined;
};

export type Recorded = About & {
  readonly type: 'recorded';
  readonly dashboard: string;
  readonly action: string;
  readonly status: Status;
  readonly incident: string;
  readonly request: string;
};

/**
 * `ready`: the first cycle is over, so whoever is under maintenance has been said.
 * `lost`: so many lines could not be written before this one.
 */
export type HistoryRecord =
  | { readonly type: 'start' | 'stop' | 'alive' | 'ready' }
  | { readonly type: 'configured'; readonly targets: number }
  | { readonly type: 'lost'; readonly lines: number }
  | (About & { readonly type: 'gone' | 'maintenance_over' })
  | Observed
  | Maintained
  | Delivered
  | Recorded;

export type Entry = {
  readonly timeMs: number;
  readonly record: HistoryRecord;
  /** As it stands in the file. */
  readonly text: string;
};

const about = ['service', 'environment'];
const told = [...about, 'dashboard', 'action', 'status', 'incident'];

const required: Readonly<Record<HistoryRecord['type'], readonly string[]>> = {
  start: [],
  stop: [],
  alive: [],
  ready: [],
  configured: ['targets'],
  lost: ['lines'],
  gone: about,
  maintenance_over: about,
  observed: about,
  maintenance: [...about, 'from', 'until'],
  delivered: [...told, 'outcome', 'attempts'],
  recorded: [...told, 'request'],
};

const texts = ['service', 'environment', 'dashboard', 'action', 'incident', 'outcome', 'request', 'reason'];
const moreTexts = ['detail', 'note', 'reference', 'category', 'matched_expression', 'maintenance'];

const checks = new Map<string, (value: unknown) => boolean>([
  ...[...texts, ...moreTexts].map((name) => [name, isText] as const),
  ...['targets', 'lines', 'attempts', 'http_status', 'unwritten'].map((name) => [name, isCount] as const),
  ...['time', 'observed', 'from', 'until'].map((name) => [name, isTime] as const),
  ['status', isStatus],
  ['triggered', isTriggered],
]);

/** Undefined where the line is damaged. */
export function parseEntry(text: string): Entry | undefined {
  const fields = parsed(text);
  if (!fields || !isTime(fields['time'])) return undefined;
  const needed = typeof fields['type'] === 'string' ? requiredOf(fields['type']) : undefined;
  if (!needed?.every((name) => fields[name] !== undefined)) return undefined;
  for (const [name, value] of Object.entries(fields)) {
    if (checks.get(name)?.(value) === false) return undefined;
  }
  // Its type is known, and so is the type of each field that it has and needs.
  return { timeMs: Date.parse(fields['time']), record: fields as HistoryRecord, text };
}

function requiredOf(type: string): readonly string[] | undefined {
  return Object.hasOwn(required, type) ? required[type as HistoryRecord['type']] : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): boolean {
  return typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}

function isTime(value: unknown): value is string {
  const isForm = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/.test(value);
  return isForm && !Number.isNaN(Date.parse(value));
}

function isTriggered(value: unknown): boolean {
  return Array.isArray(value) && value.every((flag) => isObject(flag) && isText(flag['name']));
}
