/** How available everything was, as a table for people. */
import { rfc3339 } from '../model/clock.ts';
import { durationText } from '../values/duration.ts';
import { type Availability, availabilityRule, type Report, shareUp } from './availability.ts';
import { printable } from './trail.ts';

export function uptimeTable(report: Report): string {
  const rows = [
    ['SERVICE', 'ENVIRONMENT', 'AVAILABILITY', 'UP', 'DEGRADED', 'OUTAGE', 'MAINTENANCE', 'NO DATA'],
    ...report.targets.map(rowOf),
  ];
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, at))
      .join('  ')
      .trimEnd(),
  );
  return `${[periodText(report), '', ...lines, '', ...footOf(report)].join('\n')}\n`;
}

/** `2026-10 in Europe/Berlin: 745h, from 2026-09-30T22:00:00Z to 2026-10-31T23:00:00Z`. */
export function periodText({ month, timeZone, fromMs, toMs, isUnderWay }: Report): string {
  const hours = hoursText(toMs - fromMs);
  const until = `${rfc3339(toMs)}${isUnderWay ? ' (under way)' : ''}`;
  return `${month} in ${timeZone}: ${hours}, from ${rfc3339(fromMs)} to ${until}`;
}

/** Three digits, cut: 100 only where there was no outage at all. */
export function percentText(share: number | undefined): string {
  if (share === undefined) return '-';
  return `${(Math.floor(share * 100_000) / 1000).toFixed(3)} %`;
}

/** Days are counted in hours: one has 23 or 25 of them. */
export function hoursText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const hours = Math.floor(seconds / 3600);
  const rest = durationText((seconds % 3600) * 1000);
  if (hours === 0) return rest;
  return rest === '0s' ? `${hours}h` : `${hours}h${rest}`;
}

function rowOf({ service, environment, tally }: Availability): readonly string[] {
  const { healthy, degraded, outage, critical, maintenance, noData } = tally;
  return [
    printable(service),
    printable(environment),
    percentText(shareUp(tally)),
    ...[healthy + degraded, degraded, outage + critical, maintenance, noData].map(hoursText),
  ];
}

/** Names to the left, numbers to the right. */
function pad(cell: string, width: number, at: number): string {
  return at < 2 ? cell.padEnd(width) : cell.padStart(width);
}

function footOf({ damagedCount }: Report): readonly string[] {
  const damage = damagedCount === 0 ? [] : [`Lines of the history that are damaged: ${damagedCount}.`];
  return [
    availabilityRule,
    'Degraded is part of up; up, outage, maintenance and no data add up to the time above.',
    ...damage,
  ];
}
