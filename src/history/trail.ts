/** The audit trail: a line of the history as people read it. */
import { type Status, statusWord } from '../model/status.ts';
import type { Delivered, Entry, HistoryRecord, Maintained, Observed, Recorded } from './record.ts';

/** `2026-10-05T12:01:00Z  api (production)  observed 2 outage: matched api.down`. */
export function trailLine({ timeMs, record }: Entry): string {
  const time = `${new Date(timeMs).toISOString().slice(0, 19)}Z`;
  const who = 'service' in record ? `${record.service} (${record.environment})` : 'cloudmon-reporter';
  return printable(`${time}  ${who}  ${wordsOf(record)}`);
}

/** Whether it tells anything: heartbeats do not, and what is said again does not. */
export function isNews(record: HistoryRecord): boolean {
  if (record.type === 'alive' || record.type === 'ready') return false;
  return !('again' in record && record.again);
}

/** Names and answers come from elsewhere: nothing in them steers a terminal. */
export function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu,
    (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function wordsOf(record: HistoryRecord): string {
  switch (record.type) {
    case 'start':
      return 'started';
    case 'stop':
      return 'stopped';
    case 'alive':
      return 'is running';
    case 'ready':
      return 'has looked at all targets';
    case 'configured':
      return `configured: ${countOf(record.targets, 'target')}`;
    case 'lost':
      return `could write again: ${countOf(record.lines, 'line')} before this one lost`;
    case 'gone':
      return 'gone from the configuration';
    case 'maintenance':
      return maintainedWords(record);
    case 'maintenance_over':
      return 'maintenance is over';
    case 'observed':
      return observedWords(record);
    case 'recorded':
      return recordedWords(record);
    case 'delivered':
      return deliveredWords(record);
  }
}

function observedWords(record: Observed): string {
  const { status, reason, detail, category, matched_expression: expression, triggered = [] } = record;
  const why = reason === undefined ? undefined : `${reason}${detail ? `, ${detail}` : ''}`;
  if (status === undefined) return `observed no data: ${why ?? 'unknown reason'}`;
  const flags = triggered.map(({ name, op, threshold }) =>
    op === undefined || threshold === undefined ? name : `${name} ${op} ${threshold}`,
  );
  const facts = [
    ...(why === undefined ? [] : [`no data counts as this: ${why}`]),
    ...(category === undefined ? [] : [`category ${category}`]),
    ...(expression === undefined ? [] : [`matched ${expression}`]),
    ...(flags.length === 0 ? [] : [`flags ${flags.join(', ')}`]),
  ];
  return `observed ${statusWords(status)}${facts.length === 0 ? '' : `: ${facts.join('; ')}`}`;
}

function maintainedWords({ until, maintenance }: Maintained): string {
  const what = maintenance === undefined ? '' : `: ${maintenance}`;
  return `under maintenance until ${until.slice(0, 19)}Z${what}`;
}

function recordedWords({ dashboard, action, status, incident, request }: Recorded): string {
  return `only recorded for ${dashboard}: ${decisionWords(action, status)}; incident ${incident}; ${request}`;
}

const beginnings = new Map([
  ['sent', 'told'],
  ['known', 'told'],
  ['suppressed', 'told'],
  ['superseded', 'did not tell'],
]);

function deliveredWords(record: Delivered): string {
  const { dashboard, action, status, incident, outcome, attempts, unwritten } = record;
  const { http_status: httpStatus, reference, note, reason, detail } = record;
  const why = reason === undefined ? '' : ` (${reason}${detail ? `, ${detail}` : ''})`;
  const facts = [
    `${outcome}${why}`,
    ...(httpStatus === undefined ? [] : [`HTTP ${httpStatus}`]),
    ...(reference === undefined ? [] : [`as ${reference}`]),
    ...(note === undefined ? [] : [note]),
    ...(attempts === 1 ? [] : [`${attempts} attempts`]),
    `incident ${incident}`,
    ...(unwritten === undefined ? [] : [`${unwritten} before it like the one above`]),
  ];
  const begin = beginnings.get(outcome) ?? 'could not tell';
  return `${begin} ${dashboard}: ${decisionWords(action, status)}: ${facts.join('; ')}`;
}

function decisionWords(action: string, status: Status): string {
  return action === 'close' ? 'close' : `${action} ${statusWords(status)}`;
}

function statusWords(status: Status): string {
  return `${status} ${statusWord(status)}`;
}

function countOf(count: number, one: string): string {
  return `${count} ${one}${count === 1 ? '' : 's'}`;
}
