/** A month as the clocks of a time zone count it: one with a change of the clocks has an hour more, or less. */
import type { Span } from '../maintenance/recurrence.ts';
import type { Zone } from '../maintenance/zone.ts';

type Day = Span & {
  /** `2026-10-05`. */
  readonly date: string;
};

export type Month = Span & {
  /** `2026-10`. */
  readonly name: string;
  readonly days: readonly Day[];
};

/** @param name `2026-10` */
export function monthNamed(name: string, zone: Zone): Month {
  const [year = 0, month = 0] = name.split('-').map(Number);
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const beginnings = Array.from({ length: count + 1 }, (_, day) => beginningOf(year, month, day + 1, zone));
  const days = Array.from({ length: count }, (_, index) => ({
    date: `${name}-${String(index + 1).padStart(2, '0')}`,
    fromMs: beginnings[index] ?? 0,
    toMs: beginnings[index + 1] ?? 0,
  }));
  return { name, fromMs: beginnings[0] ?? 0, toMs: beginnings[count] ?? 0, days };
}

export function monthAt(timeMs: number, zone: Zone): string {
  return new Date(zone.wall(timeMs)).toISOString().slice(0, 7);
}

/** A midnight that comes twice is the first one; one that is left out is the moment of the change. */
function beginningOf(year: number, month: number, day: number, zone: Zone): number {
  return zone.moments(Date.UTC(year, month - 1, day))[0] ?? 0;
}
