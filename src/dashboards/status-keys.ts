/** Values per status, written with the status or its word: `1:` and `degraded:` are the same key. */
import * as z from 'zod/mini';
import { type AlarmStatus, statusWord } from '../model/status.ts';
import { facts, section } from '../values/facts.ts';

const statuses: readonly AlarmStatus[] = [1, 2, 3];

/**
 * The keys for one value per status, each of them optional.
 *
 * @param defaults as they would be written
 */
export function statusKeys<Value>(
  schema: () => z.ZodMiniType<Value, unknown>,
  defaults: Readonly<Record<AlarmStatus, unknown>>,
) {
  const key = (status: AlarmStatus) => {
    const optional = z.exactOptional(schema());
    facts.add(optional, { implied: { value: defaults[status], unless: statusWord(status) } });
    return optional;
  };
  return {
    1: key(1),
    2: key(2),
    3: key(3),
    degraded: z.exactOptional(schema()),
    outage: z.exactOptional(schema()),
    critical: z.exactOptional(schema()),
  };
}

/** The section that holds nothing but one value per status. */
export function statusSection<Value>(
  description: string,
  schema: () => z.ZodMiniType<Value, unknown>,
  defaults: Readonly<Record<AlarmStatus, unknown>>,
) {
  return z.prefault(section(description, z.strictObject(statusKeys(schema, defaults))), {});
}

type Written<Value> = {
  readonly [Key in AlarmStatus | 'degraded' | 'outage' | 'critical']?: Value;
};

/** The section that the values stand in, for the place of a complaint. */
type Issues = { readonly issues: { push(issue: Complaint): unknown } };
type Complaint = {
  readonly code: 'custom';
  readonly input: undefined;
  readonly path: string[];
  readonly message: string;
  readonly params: { readonly remedy: string };
};

/** One value for each status; what is not written is the default. */
export function perStatus<Value>(
  written: Written<Value>,
  defaults: Readonly<Record<AlarmStatus, Value>>,
  section: string,
  context: Issues,
): Readonly<Record<AlarmStatus, Value>> {
  const result = { ...defaults };
  for (const status of statuses) {
    const word = statusWord(status) as 'degraded' | 'outage' | 'critical';
    if (written[status] !== undefined && written[word] !== undefined) {
      const message = `means the same as ${status}`;
      const params = { remedy: 'Keep one of them' };
      context.issues.push({ code: 'custom', input: undefined, path: [section, word], message, params });
    }
    result[status] = written[word] ?? written[status] ?? defaults[status];
  }
  return result;
}
