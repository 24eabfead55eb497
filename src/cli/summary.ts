/** What `run --once` ends with: a table, and who was told nothing at all. */
import type { OnceResult } from '../app/once.ts';
import type { Reading } from '../model/reading.ts';
import { statusWord } from '../model/status.ts';
import { textTable } from './table.ts';

export function summary({ readings, deliveries, undecided }: OnceResult): string {
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
  const untold = Array.from(undecided, ([dashboard, failure]) => {
    const why = failure ? ` (${failure.reason})` : '';
    return `Dashboard ${dashboard} was told nothing: which kind it is could not be found out${why}\n`;
  });
  return textTable([['SERVICE', 'ENVIRONMENT', 'HEALTH', 'DASHBOARDS'], ...rows]) + untold.join('');
}

/** Whether a poll or a delivery failed, or could not be tried: no data that was answered well is no failure. */
export function hasFailure({ readings, deliveries, undecided }: OnceResult): boolean {
  const answered = ['empty', 'stale', 'incomplete'];
  return (
    undecided.size > 0 ||
    readings.some((reading) => reading.status === undefined && !answered.includes(reading.reason)) ||
    deliveries.some(({ outcome }) => outcome === 'failed' || outcome === 'rejected')
  );
}

function healthOf(reading: Reading): string {
  if (reading.status === undefined) return `no data (${reading.reason})`;
  return `${reading.status} ${statusWord(reading.status)}`;
}
