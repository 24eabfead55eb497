/** How available everything was, for programs: as JSON and as CSV. */
import { rfc3339 } from '../model/clock.ts';
import { type Availability, availabilityRule, type Report, shareUp, type Tally } from './availability.ts';

export function uptimeJson(report: Report): string {
  const { month, timeZone, fromMs, toMs, isUnderWay, targets, damagedCount } = report;
  const data = {
    month,
    time_zone: timeZone,
    from: rfc3339(fromMs),
    to: rfc3339(toMs),
    under_way: isUnderWay,
    seconds: seconds(toMs - fromMs),
    rule: availabilityRule,
    damaged_lines: damagedCount,
    targets: targets.map((target) => ({
      ...fieldsOf(target),
      days: target.days.map(({ date, tally }) => ({ date, ...figuresOf(tally) })),
    })),
  };
  return `${JSON.stringify(data, undefined, 2)}\n`;
}

/** One line for each target; RFC 4180, but that lines end as files do here. */
export function uptimeCsv({ targets, month, timeZone }: Report): string {
  const rows = targets.map((target) => ({ month, time_zone: timeZone, ...fieldsOf(target) }));
  const lines = rows.map((row) => Object.values(row).map(csvText).join(','));
  return `${[csvColumns.join(','), ...lines].join('\n')}\n`;
}

const csvColumns = [
  'month',
  'time_zone',
  'service',
  'environment',
  'availability_percent',
  'up_seconds',
  'degraded_seconds',
  'outage_seconds',
  'critical_seconds',
  'maintenance_seconds',
  'no_data_seconds',
];

function fieldsOf({ service, environment, tally }: Availability) {
  return { service, environment, ...figuresOf(tally) };
}

/** Degraded is part of up, critical of outage; up, outage, maintenance and no data add up. */
function figuresOf(tally: Tally) {
  const { healthy, degraded, outage, critical, maintenance, noData } = tally;
  const share = shareUp(tally);
  return {
    availability_percent: share === undefined ? null : Number((share * 100).toPrecision(14)),
    up_seconds: seconds(healthy + degraded),
    degraded_seconds: seconds(degraded),
    outage_seconds: seconds(outage + critical),
    critical_seconds: seconds(critical),
    maintenance_seconds: seconds(maintenance),
    no_data_seconds: seconds(noData),
  };
}

function seconds(ms: number): number {
  return ms / 1000;
}

function csvText(value: string | number | null): string {
  const text = value === null ? '' : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
