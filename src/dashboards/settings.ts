/** The keys that every kind of dashboard has. A kind adds its own in its folder. */
import * as z from 'zod/mini';
import { type ConnectionSettings, connectionKeys, connectionSettings } from '../http/settings.ts';
import type { Policy, Threshold } from '../model/policy.ts';
import type { AlarmStatus } from '../model/status.ts';
import { decodeDuration, duration } from '../values/duration.ts';
import { section, value, Wrong } from '../values/facts.ts';
import { globs } from '../values/glob.ts';
import { whole } from '../values/number.ts';
import { word } from '../values/text.ts';

export type DashboardSettings = ConnectionSettings &
  Policy & {
    readonly kind: string;
    readonly url: string;
    /** One request. */
    readonly timeoutMs: number;
  };

/**
 * The keys of every kind. The address is left to the kind.
 *
 * @param send the kind's own default
 * @param perMinute requests in a minute that the kind allows; absent: no limit is known
 */
export function dashboardKeys(send: DashboardSettings['send'], perMinute?: number) {
  return {
    timeout: z.prefault(duration({ min: '100ms', max: '1h' }, 'For one attempt.'), 10),
    retries: z.prefault(whole(0, 10, 'Further attempts after 1 s, 2 s, 4 s and so on, up to 25 % later.'), 3),
    mode: z.prefault(
      word(['send', 'record', 'paused'], 'record decides and sends nothing; paused does neither.'),
      'send',
    ),
    send: z.prefault(
      word(['every_poll', 'on_change'], 'Whether an unchanged incident is told at every poll.'),
      send,
    ),
    repeat_interval: z.prefault(
      duration(
        { min: '1s', max: '7d', zero: true },
        'With on_change: when an unchanged incident is told again; 0 is never.',
      ),
      0,
    ),
    open_after: z.prefault(threshold('What it takes to open an incident: readings, or a duration.'), 1),
    close_after: z.prefault(threshold('What it takes to close an incident: readings, or a duration.'), 1),
    match: z.prefault(match, {}),
    rate:
      perMinute === undefined ? z.exactOptional(rate) : z.prefault(rate, { requests: perMinute, per: 60 }),
    adopt: z.prefault(word(['ours', 'system', 'none'], 'Which incidents found there count as ours.'), 'ours'),
    ...connectionKeys,
  };
}

/** The same keys, decoded; the name is the key under which the dashboard stands. */
export function dashboardSettings(keys: DashboardKeys): Omit<DashboardSettings, 'name' | 'kind' | 'url'> {
  return {
    ...connectionSettings(keys),
    timeoutMs: keys.timeout,
    retries: keys.retries,
    mode: keys.mode,
    send: keys.send,
    repeatIntervalMs: keys.repeat_interval,
    openAfter: keys.open_after,
    closeAfter: keys.close_after,
    match: {
      services: keys.match.services,
      environments: keys.match.environments,
      minStatus: keys.match.min_status as AlarmStatus,
    },
    adopt: keys.adopt,
    ...(keys.rate && { rate: { requests: keys.rate.requests, perMs: keys.rate.per } }),
  };
}

type DashboardKeys = z.output<z.ZodMiniObject<ReturnType<typeof dashboardKeys>>>;

const readingsMax = 1_000;

function threshold(description: string): z.ZodMiniType<Threshold, unknown> {
  const json = {
    anyOf: [
      { type: 'integer', minimum: 1, maximum: readingsMax },
      { type: 'string', pattern: '^\\d+$|^(?:\\d+(?:\\.\\d+)?(?:ms|s|m|h|d))+$' },
    ],
  };
  return value({ description, takes: 'amount', json }, (written) => {
    const readings = typeof written === 'string' && /^\d{1,9}$/.test(written) ? Number(written) : written;
    const remedy = 'Write a number of readings (3) or a duration with a unit (2m)';
    const range = `from 1 to ${readingsMax} readings, or a duration from 1s to 7d`;
    if (typeof readings === 'number') {
      const counts = Number.isInteger(readings) && readings >= 1 && readings <= readingsMax;
      return counts ? { readings } : new Wrong(`must be ${range}`, remedy);
    }
    const durationMs = decodeDuration(readings, { min: '1s', max: '7d' });
    return durationMs instanceof Wrong ? new Wrong(`must be ${range}`, remedy) : { durationMs };
  });
}

const match = section(
  'Which targets are told to this dashboard.',
  z.strictObject({
    services: globs(),
    environments: globs(),
    min_status: z.prefault(
      whole(1, 3, 'The lowest status that is told.', 'Write 1 (degraded), 2 (outage) or 3 (critical)'),
      1,
    ),
  }),
);

const rate = section(
  'At most so many requests in such a time.',
  z.strictObject({
    requests: whole(1, 100_000, 'How many.'),
    per: duration({ min: '1s', max: '1d' }, 'In which time.'),
  }),
  ['requests', 'per'],
);
