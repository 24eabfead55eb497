/** The table that `run --once` ends with. */
import type { OnceResult } from '../app/once.ts';
import type { Reading } from '../model/reading.ts';
import { statusWord } from '../model/status.ts';
import { textTable } from './table.ts';

export function summaryTable({ readings, deliveries }: OnceResult): string {
  const rows = readings.map((reading) => {
    const { key, service, environment } = reading.target;
    const told = deliveries
      .filter(({ action }) => action.reading.target.key === key)
      .map(({ action, outcome, failure }) => {
        const why = failure ? ` (${failure.reason})` : '';
        return `${action.incident.dashboard}: ${outcome}${why}`;
      });
    return [service, environment, healthOf(reading), told.join(', ') || '-'];
  });
  return textTable([['SERVICE', 'ENVIRONMENT', 'HEALTH', 'DASHBOARDS'], ...rows]);
}

/** Whether a poll or a delivery failed: no data that was answered well is no failure. */
export function hasFailure({ readings, deliveries }: OnceResult): boolean {
  const answered = ['empty', 'stale', 'incomplete'];
  return (
    readings.some((reading) => reading.status === undefined && !answered.includes(reading.reason)) ||
    deliveries.some(({ outcome }) => outcome === 'failed' || outcome === 'rejected')
  );
}

function healthOf(reading: Reading): string {
  if (reading.status === undefined) return `no data (${reading.reason})`;
  return `${reading.status} ${statusWord(reading.status)}`;
}
