/** The four health levels of the field, 0 to 3, and the words that people read for them. */

export type Status = 0 | 1 | 2 | 3;

/** A status worth telling. */
export type AlarmStatus = 1 | 2 | 3;

const words = ['healthy', 'degraded', 'outage', 'critical'] as const;

export function statusWord(status: Status): (typeof words)[number] {
  return words[status];
}

/** An integer 0..3 and nothing else: `1.0` is 1; `"1"`, `true`, 1.5, -1 and 300 are not statuses. */
export function isStatus(value: unknown): value is Status {
  return value === 0 || value === 1 || value === 2 || value === 3;
}
