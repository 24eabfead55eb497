/** The `maintenance` section: when dashboards are told nothing about some services. */
import * as z from 'zod/mini';
import { duration } from '../values/duration.ts';
import { facts, section, value, Wrong } from '../values/facts.ts';
import { type Globs, globs } from '../values/glob.ts';
import { moment } from '../values/moment.ts';
import { text } from '../values/text.ts';

/** Plain data: two of them are the same where their JSON is. */
export type Maintenance = Globs & { readonly reason?: string } & (Once | Recurring);

type Once = { readonly fromMs: number; readonly toMs: number };

export type Recurring = {
  /** Five fields, in the time of the zone. */
  readonly cron: string;
  readonly durationMs: number;
  /** An IANA name. */
  readonly timeZone: string;
};

const cronFieldsCount = 5;
const cronCharactersMax = 200;

const timeZoneKey = z.exactOptional(timeZone('Of cron: an IANA name such as Europe/Berlin. Default: UTC.'));
facts.add(timeZoneKey, { implied: { value: 'UTC', beside: 'cron' } });

type EntryKeys = z.output<typeof entryKeys>;

const entryKeys = section(
  'Once, with from and to; or again and again, with cron and duration.',
  z.strictObject({
    services: globs(),
    environments: globs(),
    from: z.exactOptional(moment('When it begins, such as 2026-12-01T22:00:00+01:00.')),
    to: z.exactOptional(moment('When it is over.')),
    cron: z.exactOptional(
      cron('When it begins: minute, hour, day of month, month, day of week, such as 0 2 * * 0.'),
    ),
    duration: z.exactOptional(duration({ min: '1m', max: '7d' }, 'Of cron: how long it lasts.')),
    time_zone: timeZoneKey,
    reason: z.exactOptional(text(200, 'Told in the log and by /v1/maintenances.')),
  }),
);

export const maintenanceEntry = z.pipe(
  entryKeys,
  z.transform((keys, context): Maintenance => {
    for (const { path, message, remedy } of keysErrors(keys)) {
      context.issues.push({ code: 'custom', input: undefined, path: [...path], message, params: { remedy } });
    }
    const { services, environments, reason } = keys;
    const about = { services, environments, ...(reason !== undefined && { reason }) };
    const { from: fromMs = 0, to: toMs = 0, duration: durationMs = 0, time_zone = 'UTC' } = keys;
    return keys.cron === undefined
      ? { ...about, fromMs, toMs }
      : { ...about, cron: keys.cron, durationMs, timeZone: time_zone };
  }),
);

export const maintenanceSchema = section(
  'When dashboards are told nothing about some services.',
  z.array(maintenanceEntry),
);

type Complaint = { readonly path: readonly string[]; readonly message: string; readonly remedy: string };

function keysErrors(keys: EntryKeys): readonly Complaint[] {
  return [...aboutNothing(keys), ...timeErrors(keys)];
}

function aboutNothing(keys: EntryKeys): readonly Complaint[] {
  const empty = (['services', 'environments'] as const).filter((name) => keys[name].length === 0);
  return empty.map((name) => ({ path: [name], message: 'is empty', remedy: 'Write "*" for all' }));
}

function timeErrors(keys: EntryKeys): readonly Complaint[] {
  const { from, to, cron } = keys;
  if (cron !== undefined) {
    return [...beside(keys, ['from', 'to'], 'cannot stand beside cron'), ...missing(keys, ['duration'])];
  }
  if (from === undefined && to === undefined) {
    if (keys.duration !== undefined || keys.time_zone !== undefined) return missing(keys, ['cron']);
    const remedy = 'Write from and to, or cron and duration';
    return [{ path: [], message: 'does not say when it is', remedy }];
  }
  const order =
    from !== undefined && to !== undefined && to <= from
      ? [{ path: ['to'], message: 'is not after from', remedy: 'Write when it is over' }]
      : [];
  return [
    ...missing(keys, ['from', 'to']),
    ...beside(keys, ['duration', 'time_zone'], 'is for cron'),
    ...order,
  ];
}

function beside(keys: EntryKeys, names: readonly (keyof EntryKeys)[], message: string): readonly Complaint[] {
  const present = names.filter((name) => keys[name] !== undefined);
  return present.map((name) => ({ path: [name], message, remedy: 'Take it out' }));
}

function missing(keys: EntryKeys, names: readonly (keyof EntryKeys)[]): readonly Complaint[] {
  const absent = names.filter((name) => keys[name] === undefined);
  return absent.map((name) => ({ path: [name], message: 'is missing', remedy: 'Add it' }));
}

/** Of one entry; its own paths. */
export function maintenanceWarnings(entry: Maintenance, nowMs: number): readonly Complaint[] {
  if ('cron' in entry || entry.toMs > nowMs) return [];
  return [{ path: ['to'], message: 'is in the past', remedy: 'Take the entry out' }];
}

/** Of one entry; its own paths. Whatever reads cron expressions is loaded where there is one. */
export async function maintenanceErrors(entry: Maintenance): Promise<readonly Complaint[]> {
  if (!('cron' in entry)) return [];
  const { wrongInRecurrence } = await import('./recurrence.ts');
  const wrong = wrongInRecurrence(entry);
  return wrong ? [{ path: ['cron'], ...wrong }] : [];
}

/** Which texts are an expression is known to `recurrence.ts` alone. */
function cron(description: string): z.ZodMiniType<string, unknown> {
  const json = { type: 'string', minLength: 9, maxLength: cronCharactersMax };
  return value({ description, takes: 'text', json }, (written) => {
    if (typeof written !== 'string') return new Wrong('must be text');
    const fields = written.trim().split(/\s+/);
    if (fields.length === cronFieldsCount && written.length <= cronCharactersMax) return fields.join(' ');
    const remedy = 'Write minute, hour, day of month, month and day of week, such as 0 2 * * 0';
    return new Wrong(`must be ${cronFieldsCount} fields with a space between them`, remedy);
  });
}

function timeZone(description: string): z.ZodMiniType<string, unknown> {
  return value({ description, takes: 'text', json: { type: 'string', minLength: 1 } }, (written) => {
    const isKnown = typeof written === 'string' && (written === 'UTC' || isZone(written));
    return isKnown ? written : new Wrong('is no known time zone', 'Write an IANA name such as Europe/Berlin');
  });
}

/** Offsets are zones only to newer releases of node. */
function isZone(name: string): boolean {
  if (!/^[A-Za-z][\w+-]*(?:\/[\w+-]+)*$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
