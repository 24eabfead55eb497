/** What the clocks on the walls of a time zone show, and when. */

export type Zone = {
  /** What they show at a moment: milliseconds, as if it were UTC. */
  readonly wall: (momentMs: number) => number;
  /** When they show it, one after the other: twice where they are set back. Later where they leave it out. */
  readonly moments: (wallMs: number) => readonly number[];
};

const dayMs = 86_400_000;

const utc: Zone = { wall: (momentMs) => momentMs, moments: (wallMs) => [wallMs] };

/** Gives each zone by its name, made once. */
export function openZones(): (name: string) => Zone {
  const zones = new Map<string, Zone>([['UTC', utc]]);
  return (name) => {
    const zone = zones.get(name) ?? openZone(name);
    zones.set(name, zone);
    return zone;
  };
}

function openZone(timeZone: string): Zone {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const offsetAt = (momentMs: number) =>
    offsetMs(format.formatToParts(momentMs).find(({ type }) => type === 'timeZoneName')?.value ?? '');

  /** The offsets before and after the day that was asked about last. */
  let dayStartMs = Number.NaN;
  let before = 0;
  let after = 0;

  return {
    wall: (momentMs) => momentMs + offsetAt(momentMs),
    moments: (wallMs) => {
      const startMs = Math.floor(wallMs / dayMs) * dayMs;
      if (startMs !== dayStartMs) {
        dayStartMs = startMs;
        before = offsetAt(startMs - dayMs);
        after = offsetAt(startMs + 2 * dayMs);
      }
      if (before === after) return [wallMs - before];
      const shown = [wallMs - before, wallMs - after].filter(
        (momentMs) => momentMs + offsetAt(momentMs) === wallMs,
      );
      return shown.length > 0 ? shown : [wallMs - before];
    },
  };
}

/** Of `GMT`, `GMT+02:00` or, before there was standard time, `GMT+00:53:28`. */
function offsetMs(name: string): number {
  const [, sign, hours, minutes, seconds = '0'] = /([+-])(\d+):(\d+)(?::(\d+))?/.exec(name) ?? [];
  if (sign === undefined) return 0;
  const ms = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000;
  return sign === '-' ? -ms : ms;
}
